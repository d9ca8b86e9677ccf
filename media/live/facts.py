"""What the rules of this room are decided on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.actor import CITY, SYSTEM, Actor
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql
from media.live.messages.commands import (
    CorrectSpeech,
    MarkSpeech,
    PlanLive,
    RecordRoom,
    SaveAgenda,
    SweepRecordings,
    TakeFloorTurn,
    Terms,
    TurnAgenda,
)
from media.live.model import (
    SWEPT_AT_ONCE,
    Around,
    Due,
    LiveScene,
    RecordingScene,
    RoomScene,
)
from media.live.speeches import Agenda, Correction, Hall, SpeechScene
from media.live.words import ROOM_KIND, own_room
from media.ports import Admits

Q = load_sql(__package__)



class Facts:
    def __init__(self, clock: Clock, enters: Admits) -> None:
        self._clock, self._enters = clock, enters

    # --- live meetings ---

    async def planning(self, conn: Connection, command: PlanLive, actor: Actor) -> Around:
        return await self._around(conn, command.terms, command.room or own_room(command.id), actor, command.id)

    async def live(self, conn: Connection, command: Any, actor: Actor) -> LiveScene | None:
        row = await conn.fetchrow(Q["live_scene"], command.live, list(actor.scopes))
        if row is None:
            return None
        terms = msgspec.convert({name: row[name] for name in Terms.__struct_fields__}, Terms)
        around = await self._around(conn, getattr(command, "terms", terms), row["room"], actor, row["id"])
        return msgspec.convert(dict(row) | {"terms": terms, "around": around}, LiveScene)

    async def _around(self, conn: Connection, terms: Terms, room: str, actor: Actor, live: UUID) -> Around:
        return Around(
            owner=owner_of(actor),
            poster_shown=terms.poster is None or bool(await conn.fetchval(Q["is_picture"], terms.poster)),
            org_known=bool(await conn.fetchval(Q["knows_org"], terms.org)),
            room_open=room == own_room(live) or await self._may(conn, room, actor),
            busy=bool(await conn.fetchval(Q["live_in_room"], room, live)))

    # --- recordings ---

    async def recording_room(self, conn: Connection, command: RecordRoom, actor: Actor) -> RoomScene:
        owner, _, open_ = await self._room(conn, command.room, actor)
        return RoomScene(owner=owner, open=open_, recording=await conn.fetchval(Q["recording_of_room"], command.room))

    async def recording(self, conn: Connection, command: Any, actor: Actor) -> RecordingScene | None:
        row = await conn.fetchrow(Q["recording_scene"], command.recording, list(actor.scopes))
        return msgspec.convert(dict(row), RecordingScene) if row else None

    async def due(self, conn: Connection, _command: SweepRecordings, _actor: Actor) -> Due:
        rows = await conn.fetch(Q["due_recordings"], self._clock.now(), SWEPT_AT_ONCE)
        return Due(recordings=tuple((row["id"], row["version"]) for row in rows))

    # --- speeches ---

    async def hall(self, conn: Connection, command: MarkSpeech | TakeFloorTurn, actor: Actor) -> Hall:
        owner, title, open_ = await self._room(conn, command.room, actor)
        ref = command.ref if isinstance(command, TakeFloorTurn) else command.person
        return Hall(
            owner=owner, title=title, open=open_, items=await _items(conn, command.room),
            item=await conn.fetchval(Q["item_at"], command.room, command.since) or "",
            person_name=await conn.fetchval(Q["speaker"], ref, list(actor.scopes)),
            recorded=await conn.fetchval(Q["is_recorded"], command.room, command.since, command.until))

    async def speech(self, conn: Connection, command: Any, actor: Actor) -> SpeechScene | None:
        row = await conn.fetchrow(Q["speech_scene"], command.speech, list(actor.scopes))
        return msgspec.convert(dict(row), SpeechScene) if row else None

    async def correction(self, conn: Connection, command: CorrectSpeech, actor: Actor) -> Correction:
        scene = await self.speech(conn, command, actor)
        if scene is None:
            return Correction(scene=None, person_name=None, items={})
        name: str | None = scene.person_name
        if command.person not in (None, scene.person):
            name = await conn.fetchval(Q["speaker"], command.person, list(actor.scopes))
        return Correction(scene=scene, person_name=name, items=await _items(conn, scene.room))

    async def agenda(self, conn: Connection, command: SaveAgenda | TurnAgenda, actor: Actor) -> Agenda:
        owner, _, open_ = await self._room(conn, command.room, actor)
        row = await conn.fetchrow(Q["agenda_scene"], command.room)
        if row is None:
            return Agenda(owner=owner, open=open_)
        return msgspec.convert({"owner": owner, "open": open_, "title": row["title"], "items": row["items"],
                                "version": row["version"]}, Agenda)

    # --- rooms ---

    async def _room(self, conn: Connection, room: str, actor: Actor) -> tuple[str, str, bool]:
        """(owner, title, whether it is his): what happened in it before belongs to who ran that."""
        row = await conn.fetchrow(Q["room_owner"], room, list(actor.scopes))
        if row is not None:
            return row["owner"], row["title"], bool(row["mine"])
        return owner_of(actor), room, not room.startswith(f"{ROOM_KIND}:") and await self._may(conn, room, actor)

    async def _may(self, conn: Connection, room: str, actor: Actor) -> bool:
        """Who runs the city records in every room, also in one that is to be opened later; others where they are let in."""
        return CITY in actor.scopes or actor.id == SYSTEM.id or await self._enters(conn, room, actor) is not None


def owner_of(actor: Actor) -> str:
    """Whoever runs more than one place runs it for the first."""
    return next((scope for scope in actor.scopes if not scope.startswith("person:")), CITY)


async def _items(conn: Connection, room: str) -> dict[str, str]:
    return {item["key"]: item["title"] for item in await conn.fetchval(Q["items_of"], room) or ()}
