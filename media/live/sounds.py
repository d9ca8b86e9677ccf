"""What plays into a meeting's room: the rule, the rows, and what states it to the plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import structlog

from hub.desk import Desk
from hub.kernel.actor import CITY, SYSTEM, Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound, Refused, TryAgain
from hub.kernel.ids import uuid7
from hub.kernel.messages import Recorded
from hub.record import Bell, Connection, Database, load_sql
from hub.record.bell import heard
from hub.spoke import Change, Decision, Page, Touched, Write
from media.engine import Engine
from media.live.attending import Stands
from media.live.messages.commands import PlayInRoom, SeeRoomPlayed, StopPlayInRoom
from media.live.messages.events import RoomPlays
from media.live.messages.params import AgendaParams
from media.live.messages.rows import RoomPlayRow
from media.live.model import require_hub
from media.live.ports import Studio
from media.ports import Admits
from media.wires import Boot, PlayEnded, Told
from media.wires_studio import Prepare, Prepared

log = structlog.get_logger()
Q = load_sql(__package__)

PLAYS = "room_plays"
LOOKS = 2.0
"""Seconds after which it looks anyway."""
PREPARED_WITHIN = 60.0
NAMES = UUID(int=0x1CE)


class Sounding(msgspec.Struct, frozen=True, kw_only=True):
    """`open`: the room, to the asker. `file_stands`: it was made for playing."""

    open: bool
    file_stands: bool = False
    playing: UUID | None = None
    version: int = 0


# --- the rule: pure ---------------------------------------------------------------------------------


def play(facts: Sounding, command: PlayInRoom, actor: Actor, at: datetime) -> Decision:
    if not facts.open:
        raise no_room()
    if not facts.file_stands:
        raise NotFound("找不到这个音频文件，请重新上传或选择。", "There is no such sound file; upload or choose again.", field="file")
    return _wrote(facts, RoomPlays(room=command.room, file=command.file, loop=command.loop, by_name=actor.name))


def stop(facts: Sounding, command: StopPlayInRoom, actor: Actor, at: datetime) -> Decision:
    if not facts.open:
        raise no_room()
    return _wrote(facts, RoomPlays(room=command.room)) if facts.playing else Decision()


def see_played(facts: Sounding, command: SeeRoomPlayed, actor: Actor, at: datetime) -> Decision:
    require_hub(actor)
    return _wrote(facts, RoomPlays(room=command.room)) if facts.playing == command.file else Decision()


def _wrote(facts: Sounding, event: RoomPlays) -> Decision:
    return Decision(writes=(Write(f"play-{event.room}", facts.version, (event,)),))


def no_room() -> NotFound:
    return NotFound("这个会场没有打开，或您不在其中，请重新选择。", "This room is not open, or not to you; choose again.", field="room")


# --- rows -------------------------------------------------------------------------------------------


class SoundFacts:
    def __init__(self, enters: Admits) -> None:
        self._enters = enters

    async def sounding(self, conn: Connection, command: Any, actor: Actor) -> Sounding:
        row = await conn.fetchrow(Q["room_play"], command.room)
        mine = await self._may(conn, command.room, actor)
        stands = isinstance(command, PlayInRoom) and bool(await conn.fetchval(Q["sound_stands"], command.file))
        return Sounding(open=mine, file_stands=stands, playing=row["file"] if row else None, version=row["version"] if row else 0)

    async def _may(self, conn: Connection, room: str, actor: Actor) -> bool:
        """Who runs the city in every room, others where they are let in."""
        return CITY in actor.scopes or await self._enters(conn, room, actor) is not None

    async def shown(self, conn: Connection, params: AgendaParams, actor: Actor) -> Page:
        if not await self._may(conn, params.room, actor):
            raise no_room()
        row = await conn.fetchrow(Q["room_play"], params.room)
        return Page([shown(row)] if row and row["file"] else [], 1)


def shown(row: Any) -> RoomPlayRow:
    return RoomPlayRow(id=row["room"], name=row["name"] or "", loop=row["looping"], by_name=row["by_name"], since=row["since"])


async def plays_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    rows = {room: await conn.fetchrow(Q["room_play"], room) for room in keys}
    return [Change(key=room, row=shown(row) if row and row["file"] else None, rooms=(f"{PLAYS}/{room}",)) for room, row in rows.items()]


async def plays(conn: Connection, event: RoomPlays, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_room_play"], event.room, event.file, event.loop, event.by_name, fact.at, fact.version)
    return [(PLAYS, event.room)]


# --- the plane --------------------------------------------------------------------------------------


class Sounds:
    """States to the plane what should play; the leading process does. `files`: where uploads stand; `made`: where ready Opus
    frames are kept; `stands`: whether a room is open. Each playing has a name, so that stating it twice plays it once."""

    def __init__(
        self, db: Database, engine: Engine, studio: Studio, desk: Desk, *, files: Path, made: Path, stands: Stands, clock: Clock,
    ) -> None:
        self._db, self._engine, self._studio, self._desk, self._stands, self._clock = db, engine, studio, desk, stands, clock
        self._files, self._made, self.wake = files, made, Bell()
        self._begun: dict[str, Any] = {}
        self._ended: list[str] = []

    async def run(self) -> None:
        self._begun.clear()
        self._engine.hear(self._told)
        try:
            while True:
                ringing = self.wake.listen()
                try:
                    await self._agree()
                except TryAgain as away:
                    log.info("sounds wait", why=away.en)
                await heard(ringing, LOOKS)
        finally:
            self._engine.stop_hearing(self._told)

    def _told(self, told: Told) -> None:
        if isinstance(told, Boot):
            self._begun.clear()
        elif isinstance(told, PlayEnded) and told.why != "stopped":
            self._ended.append(told.playing)
        else:
            return
        self.wake.ring()

    async def _agree(self) -> None:
        ended, self._ended = self._ended, []
        for name in [one for one in ended if one in self._begun]:
            await self._say_ended(self._begun.pop(name))
        async with self._db.read() as conn:
            wanted = {name_of(row["room"], row["version"]): row for row in await conn.fetch(Q["sounding"])}
            nowhere = [row for name, row in wanted.items() if name not in self._begun and not await self._stands(conn, row["room"])]
        for row in nowhere:
            await self._say_ended(row)
        for name in [one for one in self._begun if one not in wanted]:
            del self._begun[name]
            await _unless_gone(self._engine.stop_play, name)
        for name, row in wanted.items():
            if name not in self._begun and row not in nowhere:
                await self._begin(name, row)

    async def _begin(self, name: str, row: Any) -> None:
        self._begun[name] = row
        try:
            wish = Prepare(path=str(self._files / row["original"]), target=str(self._made))
            made = await self._studio.ask(wish, Prepared, PREPARED_WITHIN)
            await self._engine.play(row["room"], made.sha256, Path(made.path), loop=row["looping"], name=name)
        except TryAgain:
            del self._begun[name]
            raise
        except Refused as refusal:
            log.warning("not played", room=row["room"], why=refusal.en)
            await self._say_ended(self._begun.pop(name))

    async def _say_ended(self, row: Any) -> None:
        await self._desk.ask(SeeRoomPlayed(id=uuid7(self._clock.now()), room=row["room"], file=row["file"]), SYSTEM)


def name_of(room: str, version: int) -> str:
    return f"room-{uuid5(NAMES, f'{room} {version}').hex}"


async def _unless_gone(stops: Callable[[str], Any], name: str) -> None:
    try:
        await stops(name)
    except Refused as gone:
        log.debug("was not playing any more", why=gone.en)
