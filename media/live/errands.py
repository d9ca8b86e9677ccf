"""What is done for recordings and speeches after the commit: durable jobs, run until they succeed."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.ids import uuid7
from hub.record import Database, Jobs, load_sql
from media.live.messages.commands import (
    FileClip,
    FileRecording,
    RefuseClip,
    SweepRecordings,
    Taken,
)
from media.live.places import clip_target, recording_folder, takes_in
from media.live.playlists import span_of
from media.live.ports import Studio
from media.live.projection import next_sweep
from media.live.speeches import Footage, Lengths, choices
from media.live.words import CLEAR, CUT, FILE, SWEEP, SpeechState
from media.wires_studio import (
    Cut,
    CutDone,
    LiveEnded,
    Piece,
    Recorded,
    RecordingFinished,
    Recover,
    StopLive,
    StopRecording,
)

Q = load_sql(__package__)
UNKNOWN = "not-found"
LONG = 50.0
"""Seconds: a whole day's file is hashed, or copied; less than a job's lease."""


class Errands:
    """`data`: the hub's data folder, under which everything stands."""

    def __init__(self, db: Database, desk: Desk, studio: Studio, data: Path, clock: Clock) -> None:
        self._db, self._desk, self._studio, self._data, self._clock = db, desk, studio, data, clock

    @property
    def by_kind(self) -> Mapping[str, Any]:
        return {FILE: self.file, CUT: self.cut, CLEAR: self.clear, SWEEP: self.sweep}

    # --- a recording is over ---

    async def file(self, told: str) -> None:
        row = await self._row("recording_scene", UUID(told), [])
        if row is None or row["state"] != "closing":
            return
        folder = self._data / recording_folder(row["id"])
        if row["live"]:
            await self._unless_unknown(StopLive(live=str(row["live"])), LiveEnded)
        await self._unless_unknown(StopRecording(recording=told), RecordingFinished)
        files = await self._speakers(told, folder) + await asyncio.to_thread(self._programme, folder) if row["archive"] else []
        await self._desk.ask(FileRecording(id=self._id(), recording=row["id"], files=tuple(files)), SYSTEM)

    async def _speakers(self, recording: str, folder: Path) -> list[Taken]:
        """All that stands in the folder, also from before the studio was killed."""
        if not await asyncio.to_thread(folder.is_dir):
            return []
        finished = await self._studio.ask(Recover(recording=recording, folder=str(folder)), RecordingFinished, LONG)
        return [taken(file, folder.relative_to(self._data) / file.file) for file in finished.files if file.size and file.sha256]

    def _programme(self, folder: Path) -> list[Taken]:
        found = []
        for video, playlist in takes_in(folder):
            since, until = span_of(playlist, datetime.fromtimestamp(video.stat().st_mtime, UTC))
            found.append(Taken(path=str(video.relative_to(self._data)), role="programme", sha256=_sha256(video),
                               size=video.stat().st_size, since=since, until=until, video="avc1", audio="mp4a"))
        return found

    async def _unless_unknown(self, what: Any, shape: type[Any]) -> None:
        """A studio that was started anew knows nothing of it."""
        try:
            await self._studio.ask(what, shape, LONG)
        except Refused as refusal:
            if refusal.code != UNKNOWN:
                raise

    # --- a speech is cut ---

    async def cut(self, told: str) -> None:
        row = await self._row("speech_to_cut", UUID(told))
        if row is None:
            return
        if row["state"] == SpeechState.DROPPED:
            await asyncio.to_thread(self._forget, row, None)
        if row["state"] != SpeechState.CUTTING:
            return
        async with self._db.read() as conn:
            found = await conn.fetch(Q["recorded_in"], row["recording"], row["since"], row["until"])
        footage = [msgspec.convert(dict(one), Footage) for one in found]
        refused = "没有录到这段时间 nothing was recorded then"
        for wanted in choices(footage, (row["source"], row["person"]), row["since"], row["until"]):
            try:
                done = await self._studio.ask(self._order(row, wanted), CutDone, LONG)
            except Refused as refusal:
                refused = f"{refusal.zh} {refusal.en}"
                continue
            await self._file_clip(row, done)
            return
        await self._refuse(row, refused)

    def _order(self, row: Any, wanted: Lengths) -> Cut:
        pieces = tuple(Piece(str(self._data / one.path), _millis(one.since), _millis(one.until)) for one in wanted)
        about = {"person": row["person"], "name": row["person_name"], "meeting": row["meeting"], "room": row["room"],
                 "agenda": row["agenda"], "agenda_title": row["agenda_title"], "speech": str(row["id"]),
                 "edition": str(row["edition"])}
        target = self._data / clip_target(row["person"], row["room"], row["id"], row["edition"])
        return Cut(cut=f"{row['id']}-{row['edition']}", pieces=pieces, target=str(target), about=about)

    async def _file_clip(self, row: Any, done: CutDone) -> None:
        first, clips = Path(done.clips[0].path), done.clips
        await self._desk.ask(FileClip(
            id=self._id(), speech=row["id"], edition=row["edition"], path=str(first.relative_to(self._data)), sha256=clips[0].sha256,
            size=sum(clip.size for clip in clips), seconds=sum(clip.until - clip.since for clip in clips) / 1000,
            since=_moment(clips[0].since), until=_moment(clips[-1].until), parts=len(clips)), SYSTEM)
        await asyncio.to_thread(self._forget, row, first)

    def _forget(self, row: Any, instead: Path | None) -> None:
        """The edition before."""
        if not row["path"] or self._data / row["path"] == instead:
            return
        old = (self._data / row["path"]).with_suffix("")
        for left in old.parent.glob(f"{old.name}*"):
            left.unlink(missing_ok=True)

    async def _refuse(self, row: Any, why: str) -> None:
        await self._desk.ask(RefuseClip(id=self._id(), speech=row["id"], edition=row["edition"], why=why[:200]), SYSTEM)

    # --- what is no longer kept ---

    async def clear(self, told: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._data / recording_folder(UUID(told)), ignore_errors=True)

    async def sweep(self, _told: Any) -> None:
        more = True
        while more:
            more = (await self._desk.ask(SweepRecordings(id=self._id()), SYSTEM))["more"]
        async with self._db.transaction() as conn:
            await Jobs.put(conn, SWEEP, "", next_sweep(self._clock.now()))

    async def _row(self, query: str, *arguments: Any) -> Any:
        async with self._db.read() as conn:
            return await conn.fetchrow(Q[query], *arguments)

    def _id(self) -> UUID:
        return uuid7(self._clock.now())


def taken(file: Recorded, path: Path) -> Taken:
    role: Any = file.part
    return Taken(path=str(path), peer=file.peer, name=file.name, role=role, sha256=file.sha256, size=file.size, since=_moment(file.since),
                 until=_moment(file.until), video=file.video, audio=file.audio, width=file.width, height=file.height, lost=file.lost,
                 problem=file.problem)


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _moment(millis: int) -> datetime:
    return datetime.fromtimestamp(millis / 1000, UTC)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
