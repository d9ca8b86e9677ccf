"""What is done and not decided: rows without events, as receipts are. And typing, which is no row at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.conversations.facts import scene_of
from dispatch.conversations.messages.commands import (
    MarkMessages,
    MarksTaken,
    MuteForMe,
    SayTyping,
)
from dispatch.conversations.model import joined
from dispatch.conversations.projection import LIST, MEMBERS, MESSAGES
from dispatch.conversations.seats import seats_meant, seats_of
from dispatch.conversations.words import MARKS_TOLD
from hub.kernel.actor import Actor
from hub.kernel.errors import TryAgain
from hub.record import AWAY, Connection, Database, load_sql
from hub.spoke import Touched
from hub.wire.codec import encode

Q = load_sql("dispatch.conversations")

Touch = Callable[[Iterable[Touched]], None]
Signal = Callable[[str, bytes], Awaitable[None]]
"""(room, JSON): heard by who watches now, kept for nobody."""

SEATED = 10_000
"""Who has written lately, and may be seen to write while the database is away."""


class Marks:
    def __init__(self, db: Database, touch: Touch, signal: Signal) -> None:
        self._db, self._touch, self._signal = db, touch, signal
        self._seated: dict[tuple[UUID, tuple[str, ...]], str | None] = {}

    async def mark(self, command: MarkMessages, actor: Actor, at: datetime) -> MarksTaken:
        async with self._db.transaction() as conn:
            columns = await _marked(conn, command, actor)
            moved = await conn.fetch(Q["mark"], *columns)
            touched = [one for row in moved for one in await _told(conn, row)]
        self._touch(touched)
        return MarksTaken(len(moved))

    async def mute(self, command: MuteForMe, actor: Actor, at: datetime) -> None:
        async with self._db.read() as conn:
            seat = joined(await scene_of(conn, command.conversation, seats_meant(actor, command.seat))).seat
            await conn.execute(Q["mute_for_me"], command.conversation, seat, command.on)
        self._touch([(LIST, f"{command.conversation}/{seat}")])

    async def type(self, command: SayTyping, actor: Actor, at: datetime) -> None:
        place = command.conversation, seats_meant(actor, command.seat)
        try:
            async with self._db.read() as conn:
                seat = joined(await scene_of(conn, *place)).seat
        except TryAgain as away:
            if away.code != AWAY or place not in self._seated:
                raise
            seat = self._seated[place]
        self._seat(place, seat)
        await self._signal(f"{MESSAGES}/{command.conversation}", encode(
            {"type": "Typing", "conversation": command.conversation, "ref": seat, "name": actor.name}))

    def _seat(self, place: tuple[UUID, tuple[str, ...]], seat: str | None) -> None:
        self._seated.pop(place, None)
        self._seated[place] = seat
        if len(self._seated) > SEATED:
            del self._seated[next(iter(self._seated))]

    def forget(self, refs: Sequence[str]) -> None:
        """They have left a conversation."""
        self._seated = {place: seat for place, seat in self._seated.items() if seat not in refs}


async def _marked(conn: Connection, command: MarkMessages, actor: Actor) -> tuple[list[Any], ...]:
    """Columns for the query: each mark for the seat it names, or for the one that is a member."""
    held = seats_of(actor)
    rows = await conn.fetch(Q["seats_in"], [mark.conversation for mark in command.marks], list(held))
    member = {(row["conversation"], row["ref"]) for row in rows}
    chosen: dict[tuple[Any, str], tuple[int, int]] = {}
    for mark in command.marks:
        seats = (mark.seat,) if mark.seat else held
        seat = next((one for one in seats if (mark.conversation, one) in member), None)
        if seat is not None:
            before = chosen.get((mark.conversation, seat), (0, 0))
            chosen[mark.conversation, seat] = (max(before[0], mark.delivered), max(before[1], mark.read))
    # In one order, so that two who mark the same rows do not wait for each other in a ring.
    places = sorted(chosen, key=str)
    return ([which for which, _ in places], [chosen[one][0] for one in places], [chosen[one][1] for one in places],
            [ref for _, ref in places])


async def _told(conn: Connection, row: Any) -> list[Touched]:
    which = row["conversation"]
    touched: list[Touched] = [(LIST, f"{which}/{row['ref']}")]
    if row["size"] <= MARKS_TOLD:
        touched.append((MEMBERS, f"{which}/{row['ref']}"))
    if row["pair"]:
        others = await conn.fetch(Q["member_refs"], which)
        touched += [(LIST, f"{which}/{other['ref']}") for other in others if other["ref"] != row["ref"]]
    return touched
