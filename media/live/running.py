"""What should run in plane and studio, stated again whenever one of them began anew. The leading process does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import structlog

from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.record import Bell, Database, load_sql
from hub.record.bell import heard
from hub.spoke import Touched
from media import wires_studio as studio_says
from media.live.places import recording_folder, take_folder
from media.live.ports import Studio
from media.live.projection import LIVES, RECORDINGS
from media.live.words import seat_of_key, seat_of_viewers
from media.shapes import PeerState
from media.wires import Boot, Done, TapLost, Told
from media.wires_studio import (
    LiveFailed,
    LiveStarted,
    RecordingFailed,
    ShowInLive,
    StartLive,
    StartRecording,
    StudioBoot,
)

log = structlog.get_logger()
Q = load_sql(__package__)

LOOKS = 2.0
"""Seconds after which it looks anyway."""


class Taps(Protocol):
    """The part of the plane's Engine that is needed here."""

    async def tap(self, room: str, socket: Path, *, source: str = "", video: bool = True, tap: str = "") -> str: ...

    async def untap(self, tap: str) -> None: ...

    async def leave(self, peer: str, by: str = "", why: str = "") -> None: ...

    def present(self, room: str) -> Sequence[PeerState]: ...

    def hear(self, hears: Callable[[Told], None]) -> None: ...


class Running:
    """`socket`: the studio's, for taps. `touch`: rows that look different now. `saw`: who watches without a playlist."""

    def __init__(
        self, db: Database, engine: Taps, studio: Studio, *, socket: Path, data: Path, clock: Clock,
        touch: Callable[[Iterable[Touched]], None], saw: Callable[[UUID, str], None],
    ) -> None:
        self._db, self._engine, self._studio, self._socket, self._data = db, engine, studio, socket, data
        self._clock, self._touch, self._saw, self.wake = clock, touch, saw, Bell()
        self._tapped: set[str] = set()
        self._begun: set[str] = set()
        self._shown: dict[str, str] = {}
        self._ready: dict[UUID, None] = {}
        self._troubles: dict[UUID, str] = {}
        engine.hear(self._plane_told)
        studio.hear(self._studio_told)

    async def run(self) -> None:
        """While this process leads: what another did before it may have undone."""
        self._tapped.clear()
        self._begun.clear()
        while True:
            ringing = self.wake.listen()
            try:
                await self._agree()
                await self._tell_ready()
                await self._tell_troubles()
                await self._attend_seats()
            except TryAgain as away:
                log.info("live waits", why=away.en)
            await heard(ringing, LOOKS)

    async def _agree(self) -> None:
        async with self._db.read() as conn:
            wanted = await conn.fetch(Q["wanted"])
        await self._taps({row["room"] for row in wanted})
        self._begun &= {str(row[which]) for row in wanted for which in ("recording", "live") if row[which]}
        for row in wanted:
            try:
                await self._begin(row)
            except Refused as refusal:
                log.warning("not recorded", recording=str(row["recording"]), why=refusal.en)

    async def _taps(self, rooms: set[str]) -> None:
        for room in self._tapped - rooms:
            self._tapped.discard(room)
            await self._engine.untap(_tap_of(room))
        for room in rooms - self._tapped:
            try:
                await self._engine.tap(room, self._socket, tap=_tap_of(room))
                self._tapped.add(room)
            except Refused as refusal:
                log.info("room is not there yet", room=room, why=refusal.en)

    async def _begin(self, row: Any) -> None:
        recording, live = str(row["recording"]), row["live"]
        if row["speakers"] and recording not in self._begun:
            folder = self._data / recording_folder(row["recording"])
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            await self._studio.ask(StartRecording(recording=recording, room=row["room"], folder=str(folder)), Done)
            self._begun.add(recording)
        if live and str(live) not in self._begun:
            take = await asyncio.to_thread(self._take, row["recording"])
            await self._studio.ask(StartLive(
                live=str(live), room=row["room"], folder=str(take), show=row["picture"], dvr_seconds=row["dvr"] * 60), Done)
            self._begun.add(str(live))
            self._shown[str(live)] = row["picture"]
        if live and self._shown.get(str(live)) != row["picture"]:
            await self._studio.ask(ShowInLive(live=str(live), show=row["picture"]), Done)
            self._shown[str(live)] = row["picture"]

    def _take(self, recording: UUID) -> Path:
        """The next folder that nothing stands in."""
        number = 1
        while any((self._data / take_folder(recording, number)).glob("*")):
            number += 1
        folder = self._data / take_folder(recording, number)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def _tell_ready(self) -> None:
        told, self._ready = list(self._ready), {}
        for live in told:
            async with self._db.transaction() as conn:
                await conn.execute(Q["set_ready"], live, self._clock.now())
        self._touch((LIVES, str(live)) for live in told)

    async def _tell_troubles(self) -> None:
        """What the operator must know while it runs: the log is read by nobody then."""
        told, self._troubles = self._troubles, {}
        for what, why in told.items():
            async with self._db.transaction() as conn:
                found = await conn.fetch(Q["set_trouble"], what, why)
            self._touch((RECORDINGS, str(row["id"])) for row in found)
            self._touch((LIVES, str(row["live"])) for row in found if row["live"])

    async def _attend_seats(self) -> None:
        """Who publishes by a key that was revoked, or watches since before the meeting was closed to somebody, is let go:
        whoever still may comes again. The others are counted."""
        async with self._db.read() as conn:
            rooms = await conn.fetch(Q["seats"])
        for row in rooms:
            keys, viewers = {seat_of_key(key) for key in row["keys"]}, seat_of_viewers(row["epoch"])
            for peer in self._engine.present(row["room"]):
                kind = peer.ref.partition(":")[0]
                if (kind == "encoder" and peer.ref not in keys) or (kind == "viewer" and peer.ref != viewers):
                    await self._engine.leave(peer.peer, why="closed")
                elif kind == "viewer" and peer.up:
                    self._saw(row["id"], peer.peer)

    def _plane_told(self, told: Told) -> None:
        if isinstance(told, Boot):
            self._tapped.clear()
        elif isinstance(told, TapLost):
            self._tapped.discard(told.tap.removeprefix(_tap_of("")))
        else:
            return
        self.wake.ring()

    def _studio_told(self, told: studio_says.Told) -> None:
        if isinstance(told, StudioBoot):
            self._begun.clear()
        elif isinstance(told, LiveStarted):
            self._ready[UUID(told.live)] = None
        elif isinstance(told, RecordingFailed | LiveFailed):
            what = told.recording if isinstance(told, RecordingFailed) else told.live
            log.error("recording is cut short", what=what, why=told.en)
            self._troubles[UUID(what)] = told.zh
        else:
            return
        self.wake.ring()


def _tap_of(room: str) -> str:
    return f"live {room}"
