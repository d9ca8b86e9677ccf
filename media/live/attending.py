"""Recordings begin and end with their rooms: a call that asks for it is recorded once it is open; when a meeting or
a call is over, what records it or shows it live ends too. The leading process attends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from hub.desk import Desk
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused, TryAgain
from hub.kernel.ids import derived, uuid7
from hub.kernel.messages import Command
from hub.record import Connection, Database, load_sql
from media.live.messages.commands import RecordRoom, StopLive, StopRecording
from media.live.words import ROOM_KIND
from media.names import kind_of_room

log = structlog.get_logger()
Q = load_sql(__package__)

LOOKS = 3.0
NEVER_OPEN = timedelta(minutes=15)
"""So long a room that nobody has opened yet is waited for."""

Stands = Callable[[Connection, str], Awaitable[bool]]
"""(conn, room): it is open, says the spoke that owns it."""


class Attending:
    def __init__(self, db: Database, desk: Desk, clock: Clock, stands: Stands) -> None:
        self._db, self._desk, self._clock, self._stands = db, desk, clock, stands
        self._seen: set[str] = set()

    async def run(self) -> None:
        while True:
            try:
                await self.once()
            except TryAgain as away:
                log.info("rooms are not attended just now", why=away.en)
            await asyncio.sleep(LOOKS)

    async def once(self) -> None:
        async with self._db.read() as conn:
            begin = await conn.fetch(Q["to_record"])
            over = [row for row in await conn.fetch(Q["wanted"]) if await self._over(conn, row)]
        for row in begin:
            await self._ask(RecordRoom(id=derived("recording of", row["room"]), room=row["room"], title=row["title"]), row["owner"])
        for row in over:
            await self._ask(self._end_of(row))

    async def _over(self, conn: Connection, row: Any) -> bool:
        room: str = row["room"]
        if kind_of_room(room) == ROOM_KIND:
            return False
        if await self._stands(conn, room):
            self._seen.add(room)
            return False
        return room in self._seen or bool(row["started_at"] < self._clock.now() - NEVER_OPEN)

    def _end_of(self, row: Any) -> Command:
        self._seen.discard(row["room"])
        at = self._clock.now()
        if row["live"]:
            return StopLive(id=uuid7(at), live=row["live"])
        return StopRecording(id=uuid7(at), recording=UUID(str(row["recording"])))

    async def _ask(self, command: Command, owner: str = "") -> None:
        """For the organisation that runs the room, so that its operators find the recording."""
        actor = Actor(id=SYSTEM.id, name=SYSTEM.name, roles=(Role.ADMINISTRATOR,), scopes=(owner,)) if owner else SYSTEM
        try:
            await self._desk.ask(command, actor)
        except Refused as refusal:
            log.warning("a room is not attended", command=type(command).__name__, why=refusal.en)
