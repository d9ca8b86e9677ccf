"""A room on its way to the disk: one row of files for each peer, one for each shared screen."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec
import structlog

from media.studio import finish
from media.studio.files import GrowingFile, TooSlow, Writer
from media.studio.samples import Look, Sample
from media.studio.sources import Source
from media.studio.takes import Take, Wall
from media.wires_studio import FileFinished, FileOpened, Recorded, RecordingFailed, StartRecording

log = structlog.get_logger("media.studio")

_PATIENCE = 1_500_000
"""Microseconds of sound that wait for the first picture of the same peer."""
_KEY_EVERY = 8_000_000
"""A key frame at least so often: where nobody spoke in turn, one can cut all the same."""

Tell = Callable[[object], None]


class Recording:
    def __init__(self, wish: StartRecording, writer: Writer, tell: Tell, group: asyncio.TaskGroup) -> None:
        self.wish = wish
        self.files: dict[str, Recorded] = {}
        self._writer = writer
        self._tell = tell
        self._group = group
        self._rows: dict[tuple[str, str], Row] = {}
        self._closing: set[asyncio.Task[None]] = set()
        folder = Path(wish.folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._before = max((int(one.name[:4]) for one in folder.glob("[0-9][0-9][0-9][0-9]-*")), default=0)
        """Files of a studio that was killed stand there already, and stay as they are."""

    def add(self, source: Source) -> None:
        wish = self.wish
        if source.room != wish.room or (wish.peers and not {source.peer, source.ref} & set(wish.peers)):
            return
        screen = source.said.part == "screen"
        if screen and not wish.screens:
            return
        key = source.peer, "screen" if screen else "camera"
        if key not in self._rows:
            self._rows[key] = Row(self, source, key[1])
        self._rows[key].add(source)

    def drop(self, source: Source) -> None:
        for row in self._rows.values():
            row.drop(source)

    def want_keys(self, ref: str) -> None:
        for row in self._rows.values():
            if row.ref == ref:
                row.want_key()

    async def stop(self) -> tuple[Recorded, ...]:
        for row in self._rows.values():
            row.stop()
        if self._closing:
            await asyncio.wait(self._closing)
        return tuple(self.files.values())

    def opened(self, row: Row, look: Look | None, sound: bool, since: int, failed: Callable[[OSError], None]) -> Take:
        number = self._before + len(self.files) + 1
        part = row.part if look else "mic"
        told = Recorded(
            recording=self.wish.recording, file=f"{number:04d}-{part}.mp4", room=self.wish.room, peer=row.peer,
            ref=row.ref, name=row.name, part=part, video=look.words if look else "", audio="opus" if sound else "",
            width=look.width if look else 0, height=look.height if look else 0, since=since,
        )
        self.files[told.file] = told
        path = Path(self.wish.folder, told.file)
        take = Take(GrowingFile(self._writer, path, failed), look, sound, since)
        self._later(self._noted(path, told))
        self._tell(FileOpened(file=told))
        return take

    def closed(self, take: Take, lost: int, problem: OSError | None = None) -> None:
        self._later(self._finished(take, lost, problem))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._group.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _noted(self, path: Path, told: Recorded) -> None:
        try:
            await asyncio.to_thread(note, path, told)
        except OSError as error:
            log.warning("no note beside a recording", file=str(path), error=str(error))

    async def _finished(self, take: Take, lost: int, problem: OSError | None) -> None:
        await take.file.close()
        path = take.file.path
        told = msgspec.structs.replace(
            self.files[path.name], lost=lost, frames=take.frames, problem=code_of(problem) if problem else "",
        )
        try:
            told = await asyncio.to_thread(completed, path, told)
        except (OSError, ValueError) as error:
            log.warning("a recording could not be finished", file=str(path), error=str(error))
            told = msgspec.structs.replace(told, problem=told.problem or "unreadable")
        self.files[path.name] = told
        if problem is None:
            self._tell(FileFinished(file=told))
            return
        zh, en = sentences_of(problem, told)
        self._tell(RecordingFailed(recording=told.recording, file=told, code=told.problem, zh=zh, en=en))


class Row:
    """One peer's files, one after the other: a new one when the picture comes, goes or changes its look."""

    def __init__(self, of: Recording, first: Source, part: str) -> None:
        self.peer, self.ref, self.name, self.part = first.peer, first.ref, first.said.name, part
        self._of = of
        self._picture: Source | None = None
        self._sound: Source | None = None
        self._take: Take | None = None
        self._early: list[Sample] = []
        self._keyed = 0
        self._lost_before = 0
        self._failed = False

    def add(self, source: Source) -> None:
        if source.video and self._picture is None:
            self._picture = source
            source.sinks.append(self._show)
            source.ask_key()
        elif not source.video and self._sound is None and self.part != "screen":
            self._sound = source
            source.sinks.append(self._hear)

    def drop(self, source: Source) -> None:
        if source is self._picture:
            source.sinks.remove(self._show)
            self._close()
            self._picture = None
        elif source is self._sound:
            source.sinks.remove(self._hear)
            self._sound_over()
            self._sound = None

    def stop(self) -> None:
        if self._picture is not None:
            self.drop(self._picture)
        if self._sound is not None:
            self.drop(self._sound)

    def want_key(self) -> None:
        if self._picture is not None:
            self._picture.ask_key()

    def _show(self, sample: Sample) -> None:
        source, take = self._picture, self._take
        if source is None or self._failed:
            return
        if sample.key:
            self._keyed = sample.arrival
            if take is None or take.look != sample.look:
                take = self._roll(sample.look, round(source.wall(sample.ts)))
        elif sample.arrival - self._keyed > _KEY_EVERY:
            source.ask_key()
        if take is not None:
            take.show(sample, source.wall, self._sound.wall if self._sound else None)

    def _hear(self, sample: Sample) -> None:
        source, take = self._sound, self._take
        if source is None or self._failed:
            return
        if take is not None:
            take.hear(sample, self._picture.wall if self._picture else None, source.wall)
            return
        self._early.append(sample)
        if self._picture is None or sample.arrival - self._early[0].arrival > _PATIENCE:
            self._roll(None, round(source.wall(self._early[0].ts)))

    def _roll(self, look: Look | None, since: int) -> Take:
        self._close()
        early, self._early = self._early, []
        if early and self._sound is not None:
            since = min(since, round(self._sound.wall(early[0].ts)))
        take = self._take = self._of.opened(self, look, self.part != "screen", since, self._broke)
        if self._sound is not None:
            for sample in early:
                take.hear(sample, None, self._sound.wall)
        return take

    def _sound_over(self) -> None:
        if self._take is None and self._early and self._sound is not None:
            self._roll(None, round(self._sound.wall(self._early[0].ts)))
        if self._take is not None and self._take.look is None:
            self._close()

    def _close(self, problem: OSError | None = None) -> None:
        take, self._take = self._take, None
        if take is None:
            return
        take.end(*self._walls())
        lost = sum(source.lost for source in (self._picture, self._sound) if source is not None)
        self._of.closed(take, lost - self._lost_before, problem)
        self._lost_before = lost

    def _walls(self) -> tuple[Wall | None, Wall | None]:
        return self._picture.wall if self._picture else None, self._sound.wall if self._sound else None

    def _broke(self, error: OSError) -> None:
        """Ends this row; the others go on. A slow disk may take the next file, a full one will not."""
        self._failed = True
        self._close(error)


def note(path: Path, told: Recorded) -> None:
    """Blocks."""
    beside = path.with_suffix(".json")
    fresh = beside.with_suffix(".new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(told)))
    fresh.replace(beside)


def completed(path: Path, told: Recorded) -> Recorded:
    """Blocks. Raises as `finish.finish` does."""
    done = finish.finish(path) if path.exists() else None
    if done is not None:
        told = msgspec.structs.replace(
            told, since=done.since, until=done.until, size=done.size, sha256=done.sha256, frames=done.frames,
        )
    note(path, told)
    return told


def code_of(error: OSError) -> str:
    if isinstance(error, TooSlow):
        return "disk-slow"
    return "disk-full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "disk-failed"


def sentences_of(error: OSError, told: Recorded) -> tuple[str, str]:
    who = told.name or told.ref
    return {
        "disk-full": (f"磁盘已满，“{who}”的录制到此为止，已录部分可以播放；请清理磁盘后重新开始录制。",
                      f"The disk is full: the recording of {who} ends here and plays so far. Make room and start anew."),
        "disk-slow": (f"磁盘写入太慢，“{who}”的录制到此为止，已录部分可以播放；请检查磁盘后重新开始录制。",
                      f"The disk is too slow: the recording of {who} ends here and plays so far. See to it and start anew."),
    }.get(code_of(error), (
        f"磁盘出错（{error.strerror}），“{who}”的录制到此为止；请检查磁盘后重新开始录制。",
        f"The disk failed ({error.strerror}): the recording of {who} ends here. See to it and start anew."))
