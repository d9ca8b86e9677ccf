"""Ends a round in which nobody has been for as long as it allows. A durable job looks: what it has seen stands in its payload."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, NotFound
from hub.kernel.ids import uuid7
from hub.record import Database, Jobs
from media.engine import Engine
from media.meetings.messages.commands import EndMeeting
from media.meetings.projection import LOOK
from media.meetings.state import Meeting
from media.meetings.store import load
from media.meetings.words import room_of

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
Anybody = Callable[[Meeting], bool | None]
"""Whether somebody is connected to the round; None: nobody knows just now."""


class Seen(msgspec.Struct, frozen=True):
    """`empty`: since when nobody was seen in it."""

    meeting: UUID
    empty: datetime | None = None


class Forgotten:
    def __init__(self, db: Database, ask: Callable[[Any, Actor], Awaitable[Any]], anybody: Anybody, clock: Clock) -> None:
        self._db, self._ask, self._anybody, self._clock = db, ask, anybody, clock

    async def look(self, told: object) -> None:
        """Errand."""
        seen, at = msgspec.convert(told, Seen), self._clock.now()
        async with self._db.read() as conn:
            meeting = await load(conn, seen.meeting)
        if meeting is None or meeting.ended_at:
            return
        anybody = self._anybody(meeting)
        empty = None if anybody else seen.empty or (at if anybody is False else None)
        if anybody is False and empty and at >= empty + timedelta(minutes=meeting.options.empty_minutes):
            await self._end(meeting, at)
            return
        async with self._db.transaction() as conn:
            await Jobs.put(conn, LOOK, str(meeting.id), at + EVERY, msgspec.to_builtins(Seen(meeting.id, empty)))

    async def _end(self, meeting: Meeting, at: datetime) -> None:
        try:
            await self._ask(EndMeeting(id=uuid7(at), meeting=meeting.id), SYSTEM)
        except (Conflict, NotFound) as late:
            log.debug("round has moved on", why=late.code)


def connected(engine: Engine) -> Anybody:
    def anybody(meeting: Meeting) -> bool | None:
        if engine.away:
            return None
        return any(engine.present(room_of(meeting.id, place)) for place in range(len(meeting.rooms) + 1))

    return anybody
