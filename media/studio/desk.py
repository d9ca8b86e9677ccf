"""Where what is asked of the studio meets what the plane sends it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from hub.kernel.clock import Clock
from media.studio import cuts, posters, prepare
from media.studio.control import Line
from media.studio.files import Writer
from media.studio.lives import Lives
from media.studio.phones import Phones
from media.studio.recording import Recording, completed
from media.studio.sources import Source
from media.wires import Done
from media.wires_studio import (
    Cut,
    CutDone,
    Fetch,
    LegSaid,
    Poster,
    PosterDone,
    Prepare,
    Prepared,
    Recorded,
    RecordingFinished,
    Recover,
    ShowInLive,
    StartLeg,
    StartLive,
    StartRecording,
    StopLeg,
    StopLive,
    StopRecording,
    StudioBoot,
    StudioState,
    StudioStats,
)

_AT_ONCE = 1
"""Cuts, posters and preparations: what runs now comes first, and they leave it a core."""


_TAIL = 0.5
"""Seconds until what the plane has sent before a stop is read."""


class Desk:
    def __init__(self, writer: Writer, clock: Clock, group: asyncio.TaskGroup) -> None:
        self.boot = secrets.token_hex(8)
        self._writer = writer
        self._group = group
        self._sources: list[Source] = []
        self._recordings: dict[str, Recording] = {}
        self._lines: set[Line] = set()
        self._slot = asyncio.Semaphore(_AT_ONCE)
        self._lives = Lives(writer, clock, group, self.tell)
        self._phones = Phones(clock, group, self.tell)
        self._packets = self._lost = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer, self.handle)
        line.tell(StudioBoot(boot=self.boot))
        self._lines.add(line)
        try:
            await line.run()
        finally:
            self._lines.discard(line)

    async def handle(self, request: Any) -> object | None:
        return await _HANDLED[type(request)](self, request)

    def tell(self, told: object) -> None:
        for line in tuple(self._lines):
            line.tell(told)

    async def stop(self) -> None:
        """Everything that runs is closed as if it had been stopped."""
        for recording in tuple(self._recordings):
            await self.stop_recording(StopRecording(recording=recording))
        await self._lives.stop_all()
        for leg in self._phones.running:
            self._phones.stop(leg)
        for line in tuple(self._lines):
            line.close()

    # --- what the plane sends

    def came(self, source: Source) -> None:
        self._sources.append(source)
        for recording in self._recordings.values():
            recording.add(source)
        self._lives.add(source)
        self._phones.add(source)

    def went(self, source: Source) -> None:
        self._sources.remove(source)
        self._packets += source.packets
        self._lost += source.lost
        for recording in self._recordings.values():
            recording.drop(source)
        self._lives.drop(source)
        self._phones.drop(source)

    def floor(self, room: str, ref: str) -> None:
        for recording in self._recordings.values():
            if recording.wish.room == room:
                recording.want_keys(ref)

    def hurry(self) -> bool:
        return bool(self._lives.running or self._phones.running)

    # --- what the hub asks

    async def start_recording(self, wish: StartRecording) -> Done:
        if wish.recording not in self._recordings:
            recording = Recording(wish, self._writer, self.tell, self._group)
            self._recordings[wish.recording] = recording
            for source in self._sources:
                recording.add(source)
        return Done()

    async def stop_recording(self, wish: StopRecording) -> RecordingFinished:
        if wish.recording in self._recordings:
            await asyncio.sleep(_TAIL)
        recording = self._recordings.pop(wish.recording, None)
        files = await recording.stop() if recording else ()
        finished = RecordingFinished(recording=wish.recording, files=files)
        if recording is not None:
            self.tell(finished)
        return finished

    async def recover(self, wish: Recover) -> RecordingFinished:
        running = self._recordings.get(wish.recording)
        if running is not None:
            return RecordingFinished(recording=wish.recording, files=tuple(running.files.values()))
        files = await asyncio.to_thread(recovered, Path(wish.folder))
        return RecordingFinished(recording=wish.recording, files=files)

    async def cut(self, wish: Cut) -> CutDone:
        return CutDone(cut=wish.cut, clips=await self._aside(lambda: cuts.cut(wish)))

    async def prepare(self, wish: Prepare) -> Prepared:
        path, sha256, ms = await self._aside(lambda: prepare.prepare(Path(wish.path), Path(wish.target)))
        return Prepared(path=str(path), sha256=sha256, ms=ms)

    async def poster(self, wish: Poster) -> PosterDone:
        def draw() -> tuple[bytes, int, int]:
            drawn = posters.of_file(Path(wish.path), wish.at, wish.width)
            Path(wish.target).write_bytes(drawn[0])
            return drawn
        _, width, height = await self._aside(draw)
        return PosterDone(path=wish.target, width=width, height=height)

    async def _aside(self, work: Callable[[], Any]) -> Any:
        async with self._slot:
            return await asyncio.to_thread(work)

    async def start_live(self, wish: StartLive) -> Done:
        self._lives.start(wish, self._sources)
        return Done()

    async def show_in_live(self, wish: ShowInLive) -> Done:
        self._lives.show(wish)
        return Done()

    async def stop_live(self, wish: StopLive) -> object:
        return await self._lives.stop(wish.live)

    async def fetch(self, wish: Fetch) -> object:
        return await self._lives.fetch(wish)

    async def start_leg(self, wish: StartLeg) -> Done:
        self._phones.start(wish, self._sources)
        return Done()

    async def leg_said(self, said: LegSaid) -> None:
        self._phones.said(said)

    async def stop_leg(self, wish: StopLeg) -> Done:
        self._phones.stop(wish.leg)
        return Done()

    async def state(self, _: StudioStats) -> StudioState:
        sources = self._sources
        return StudioState(
            boot=self.boot, sources=len(sources), recordings=tuple(self._recordings), lives=self._lives.running,
            legs=self._phones.running, packets=self._packets + sum(source.packets for source in sources),
            lost=self._lost + sum(source.lost for source in sources),
        )


def recovered(folder: Path) -> tuple[Recorded, ...]:
    """Blocks. Every recording of the folder, finished now where it was not."""
    files = []
    for beside in sorted(folder.glob("*.json")):
        try:
            told = msgspec.json.decode(beside.read_bytes(), type=Recorded)
        except msgspec.DecodeError:
            continue
        path = beside.with_suffix(".mp4")
        try:
            files.append(told if told.sha256 else completed(path, told))
        except ValueError:
            files.append(msgspec.structs.replace(told, problem="unreadable"))
    return tuple(files)


_HANDLED: dict[type, Callable[[Desk, Any], Awaitable[object | None]]] = {
    StartRecording: Desk.start_recording, StopRecording: Desk.stop_recording, Recover: Desk.recover,
    Cut: Desk.cut, Prepare: Desk.prepare, Poster: Desk.poster,
    StartLive: Desk.start_live, ShowInLive: Desk.show_in_live, StopLive: Desk.stop_live, Fetch: Desk.fetch,
    StartLeg: Desk.start_leg, LegSaid: Desk.leg_said, StopLeg: Desk.stop_leg, StudioStats: Desk.state,
}
