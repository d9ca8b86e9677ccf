"""Climbs the ladders: whoever is due gets the next rung, thousands at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from dispatch.audience import quiet_hours
from dispatch.counting import Deltas
from dispatch.ladders import LANE
from dispatch.messages.shapes import Ladder
from dispatch.plan import Hour, Person, Quiet, Step, next_rung
from dispatch.receipts import columns
from dispatch.states import outcome_of
from dispatch.words import RANK, BroadcastState, Channel, Outcome, Priority, State
from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.record import Bell, Connection, Database, load_sql
from hub.record.bell import heard
from hub.spoke import Touched

log = structlog.get_logger()

Q = load_sql("dispatch")

AT_ONCE = 2000
"""Planned in one transaction: short enough that an emergency and the receipts are not held up."""
PLANNERS = 2
"""While one waits for the database the other works out its rows."""
POLL = timedelta(seconds=1)


class Planner:
    """`wake` is rung when something may have become due; `queued` when attempts were queued."""

    def __init__(
        self, db: Database, clock: Clock, touch: Callable[[Iterable[Touched]], None], carriers: frozenset[Channel],
        wake: Bell, queued: Bell,
    ) -> None:
        self._db, self._clock, self._touch, self._carriers = db, clock, touch, carriers
        self._wake, self._queued = wake, queued
        self._behind = False

    def behind(self) -> bool:
        """A crowd is being planned: only emergencies should be handed over meanwhile."""
        return self._behind

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(PLANNERS):
                group.create_task(self._plan_all())

    async def _plan_all(self) -> None:
        while True:
            ringing = self._wake.listen()
            try:
                took = await self.plan_once()
            except TryAgain as away:
                log.warning("planning waits", error=away.en)
                took = 0
            if not took:
                await heard(ringing, POLL.total_seconds())

    async def plan_once(self) -> int:
        """Plans everybody who is due, up to a bound; returns how many."""
        at = self._clock.now()
        async with self._db.transaction() as conn:
            groups = await conn.fetch(Q["due_deliveries"], at, AT_ONCE)
            if not groups:
                return 0
            await conn.execute(Q["commit_lazily"])
            deltas = await self._plan(conn, groups, at)
        self._touch(deltas.touched)
        took = sum(len(group["ids"]) for group in groups)
        begins, self._behind = not self._behind, took == AT_ONCE
        if begins and self._behind:
            await self._take_measure()
        self._queued.ring()
        return took

    async def _take_measure(self) -> None:
        """A crowd makes small tables large at once; plans made for small ones would sort it for every claim."""
        async with self._db.read() as conn:
            await conn.execute(Q["measure"])

    async def _plan(self, conn: Connection, groups: Sequence[Any], at: datetime) -> Deltas:
        """What is to be done is worked out once for all in the same circumstances, and written for each by
        the database."""
        broadcasts = {row["id"]: row for row in await conn.fetch(Q["ladders_of"], list({row["broadcast"] for row in groups}))}
        ladders = {key: msgspec.convert(row["ladder"], Ladder) for key, row in broadcasts.items()}
        quiet = await quiet_hours(conn)
        hours = {key: self._hour(row, at, quiet) for key, row in broadcasts.items()}
        steps = [next_rung(ladders[row["broadcast"]], _anybody(row), hours[row["broadcast"]]) for row in groups]
        deltas = Deltas()
        await _insert(conn, groups, steps, hours, at, deltas)
        await _advance(conn, groups, steps, deltas)
        deltas.people([(row["broadcast"], one) for row in groups for one in row["ids"]])
        # Nobody else sees an inbox; who comes just now is told by Links.
        deltas.inboxes(one for row in groups if row["rung"] == 0 and row["online"] for one in row["ids"])
        await deltas.save(conn, Q["add_counts"])
        return deltas

    def _hour(self, row: Any, at: datetime, quiet: Quiet) -> Hour:
        expires_at = row["expires_at"] if row["state"] == BroadcastState.SENDING else at
        return Hour(at=at, expires_at=expires_at, priority=Priority(row["priority"]), quiet=quiet,
                    carriers=self._carriers)


def _anybody(group: Any) -> Person:
    """One who stands for his group: of an address it only matters whether there is one."""
    return Person(
        ref="station:" if group["is_station"] else "person:", phone="+" * group["has_phone"], openid="o" * group["has_openid"],
        opt_out=tuple(group["opt_out"]), bad=tuple(group["bad"]), online=group["online"], rank=group["rank"],
        rung=group["rung"],
    )


def _members(groups: Sequence[Any]) -> tuple[list[UUID], list[int]]:
    return ([one for row in groups for one in row["ids"]],
            [place for place, row in enumerate(groups) for _ in row["ids"]])


async def _insert(
    conn: Connection, groups: Sequence[Any], steps: Sequence[Step], hours: Mapping[UUID, Hour], at: datetime,
    deltas: Deltas,
) -> None:
    planned = [
        (place, one.channel, LANE[hours[row["broadcast"]].priority], one.rung, one.state, RANK[one.state], one.why,
         None if one.state is State.ACCEPTED else one.due)
        for place, (row, step) in enumerate(zip(groups, steps, strict=True)) for one in step.planned
    ]
    if planned:
        for born in await conn.fetch(Q["plan_attempts"], *_members(groups), *columns(planned), at):
            deltas.attempt(born["broadcast"], Channel(born["channel"]), None, State(born["state"]), born["n"])


async def _advance(conn: Connection, groups: Sequence[Any], steps: Sequence[Step], deltas: Deltas) -> None:
    """Only broadcasts being sent are planned, so nobody is cancelled here."""
    rows = []
    for place, (row, step) in enumerate(zip(groups, steps, strict=True)):
        rank = max([row["rank"], *(RANK[one.state] for one in step.planned if one.due is not None)])
        rows.append((place, step.rung, step.next_at, step.ended, rank, outcome_of(rank, ended=step.ended, cancelled=False)))
    for moved in await conn.fetch(Q["step_deliveries"], *_members(groups), *columns(rows)):
        row = groups[moved["grp"]]
        deltas.person(
            row["broadcast"], is_station=moved["is_station"], district=moved["district"], station=moved["station"],
            before=Outcome(row["outcome"]), after=rows[moved["grp"]][5], n=moved["n"])
