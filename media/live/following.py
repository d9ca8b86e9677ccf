"""Who had the floor, or the word in a meeting, while his room was recorded: each turn that has ended becomes
a line of the edit list. The leading process follows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from hub.desk import Desk
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, Refused, TryAgain
from hub.kernel.ids import derived
from hub.record import Connection, Database, Journal, load_sql
from hub.record.bell import heard
from media.live.messages.commands import TakeFloorTurn
from media.names import kind_of_room, main_room

log = structlog.get_logger()
Q = load_sql(__package__)

LOOKS = 2.0
AFTERWARDS = timedelta(minutes=5)
"""So long after a recording's end turns that belong to it are still taken up."""

Turns = Callable[[Connection, str], Awaitable[Sequence[TakeFloorTurn]]]
"""(conn, room) → what has ended; a turn may come twice."""


async def words_had(conn: Connection, room: str) -> list[TakeFloorTurn]:
    """Of a video meeting, with the item it was about."""
    if kind_of_room(room) != "meeting":
        return []
    rows = await conn.fetch(Q["words_had"], room, UUID(main_room(room).partition(":")[2]))
    return [turn(room, row["ref"], row["since"], row["until"], str(row["item"] or ""), row["item_name"]) for row in rows]


def turn(room: str, ref: str, since: Any, until: Any, agenda: str | None = None, title: str = "") -> TakeFloorTurn:
    """The same turn is the same wish, however often it is told."""
    return TakeFloorTurn(id=derived("turn", room, ref, since.isoformat()), room=room, ref=ref, since=since, until=until,
                         agenda=agenda, agenda_title=title[:200])


class FloorTurns:
    """Of the stream `floor-<room>`. What was read stays read: `after` is the version behind each room."""

    def __init__(self, journal: Journal, desk: Desk) -> None:
        self._journal, self._desk = journal, desk
        self._after: dict[str, int] = {}

    async def __call__(self, _conn: Connection, room: str) -> list[TakeFloorTurn]:
        rows = await self._journal.read(f"floor-{room}", self._after.get(room, 0))
        taken = [self._desk.recorded(row).event for row in rows]
        if rows:
            self._after[room] = rows[-1].version
        return [turn(room, one.ref, one.since, one.until) for one in taken]


class Following:
    def __init__(self, db: Database, journal: Journal, desk: Desk, clock: Clock, turns: Sequence[Turns]) -> None:
        self._db, self._journal, self._desk, self._clock, self._turns = db, journal, desk, clock, turns

    async def run(self) -> None:
        while True:
            ringing = self._journal.grown.listen()
            try:
                await self.once()
            except TryAgain as away:
                log.info("floor is not followed just now", why=away.en)
            await heard(ringing, LOOKS)

    async def once(self) -> None:
        async with self._db.read() as conn:
            rooms = [row["room"] for row in await conn.fetch(Q["followed"], self._clock.now() - AFTERWARDS)]
            ended = [one for room in rooms for turns in self._turns for one in await turns(conn, room)]
        for one in ended:
            await self._take(one)

    async def _take(self, one: TakeFloorTurn) -> None:
        try:
            await self._desk.ask(one, SYSTEM)
        except Conflict:
            return
        except Refused as refusal:
            log.warning("a turn became no speech", room=one.room, ref=one.ref, why=refusal.en)
