"""A case that more people may see than before is held against the subscriptions, once for each such event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.access.work import Access
from hub.cases.deciding import case_and_stream
from hub.cases.seats import accounts, people_in
from hub.cases.subscribing import messages as m
from hub.cases.subscribing.matching import Subscription, first_of_each, matched, spoken, was_seen
from hub.desk import Desk
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, Lifecycle, is_open, own_ref, refs_of, sees_inside
from hub.record import Connection, Database, Errand, Jobs, load_sql

Q = load_sql("hub.cases.subscribing")
MATCH = "case.match"
INSIDE, OUTSIDE = "inside", "outside"


async def match_later(conn: Connection, event: UUID, case: UUID, before: frozenset[str], at: Any) -> None:
    """Where nobody has subscribed to anything nothing is to be done."""
    if await conn.fetchval(Q["anybody"]):
        await Jobs.put(conn, MATCH, str(event), at, [str(case), str(event), sorted(before)])


class Matching:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def found(self, conn: Connection, command: m.MatchSubscriptions, _actor: Actor) -> tuple[m.Match, ...]:
        known = await case_and_stream(conn, command.case)
        if known is None:
            return ()
        case, shapes = known
        told = spoken(shapes, case)
        rows = [Subscription(id=row["id"], holder=row["holder"], words=tuple(row["words"]), topics=tuple(row["topics"]), streams=tuple(row["streams"]))
                for row in await conn.fetch(Q["not_alerted"], command.case)]
        wanted = [one for one in rows if matched(one, told, inside=True)]
        if not wanted:
            return ()
        seats = {own_ref(actor): actor for actor in await accounts(conn, self._access.totp)}
        sight = {holder: _sight(shapes.life, case, holder, seats, command.before) for holder in {one.holder for one in wanted}}
        found = ((one, word) for one in wanted if (seen := sight[one.holder]) and (word := matched(one, told, inside=seen == INSIDE)))
        return tuple(m.Match(subscription=one.id, holder=one.holder, word=word) for one, word in first_of_each(found))


def _sight(life: Lifecycle, case: Case, holder: str, seats: Mapping[str, Actor], before: Sequence[str]) -> str:
    """How far the holder sees what he could not see before and did not bring in himself; empty: not at all."""
    if holder in (case.opened_by, *case.parties.get("lead", ())):
        return ""
    actor = _actor(holder, seats)
    if was_seen(before, (holder,) if actor is None else refs_of(actor)):
        return ""
    if sees_inside(life, case, actor) if actor else _at_desk(life, case, holder):
        return INSIDE
    return OUTSIDE if is_open(life, case) else ""


def _at_desk(life: Lifecycle, case: Case, holder: str) -> bool:
    """A desk of the city, or a unit that has a part in the case."""
    held = {life.state(case.state).owner, *(f"desk:{permission}" for permission in life.oversight)}
    return (holder in held and not life.state(case.state).private) or any(holder in refs for refs in case.parties.values())


def _actor(holder: str, seats: Mapping[str, Actor]) -> Actor | None:
    if holder.startswith("station:"):
        return Actor(id=holder, name="", roles=(Role.STATION,), scopes=(holder,))
    return seats.get(holder) or next(iter(people_in((holder,))), None)


class SubscriptionWorks:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    @property
    def by_kind(self) -> Mapping[str, Errand]:
        return {MATCH: self.match}

    async def match(self, told: list[Any]) -> None:
        plain = {"id": str(derived("match", told[1])), "case": told[0], "before": told[2]}
        await self._desk.ask(msgspec.convert(plain, m.MatchSubscriptions), SYSTEM)
