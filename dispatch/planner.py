"""Climbs the ladders: whoever is due gets the next rung, thousands at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
import structlog

from dispatch.audience import person_of, quiet_hours
from dispatch.counting import Deltas
from dispatch.ladders import LANE
from dispatch.messages import Ladder
from dispatch.plan import NEEDS as ADDRESS
from dispatch.plan import Hour, Quiet, Step, next_rung
from dispatch.receipts import columns
from dispatch.states import outcome_of
from dispatch.words import RANK, BroadcastState, Channel, Outcome, Priority, State
from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.kernel.ids import HUB
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
            due = await conn.fetch(Q["due_deliveries"], at, AT_ONCE)
            if not due:
                return 0
            await conn.execute(Q["commit_lazily"])
            deltas = await self._plan(conn, due, at)
        self._touch(deltas.touched)
        begins, self._behind = not self._behind, len(due) == AT_ONCE
        if begins and self._behind:
            await self._take_measure()
        self._queued.ring()
        return len(due)

    async def _take_measure(self) -> None:
        """A crowd makes small tables large at once; plans made for small ones would sort it for every claim."""
        async with self._db.read() as conn:
            await conn.execute(Q["measure"])

    async def _plan(self, conn: Connection, due: Sequence[Any], at: datetime) -> Deltas:
        broadcasts = {row["id"]: row for row in await conn.fetch(Q["ladders_of"], list({row["broadcast"] for row in due}))}
        ladders = {key: msgspec.convert(row["ladder"], Ladder) for key, row in broadcasts.items()}
        online = {row["ref"] for row in await conn.fetch(Q["online_of"], [row["ref"] for row in due])}
        quiet = await quiet_hours(conn)
        hours = {key: self._hour(row, at, quiet) for key, row in broadcasts.items()}
        known: dict[tuple[Any, ...], Step] = {}
        steps = [(row, self._step(row, ladders[row["broadcast"]], hours[row["broadcast"]], row["ref"] in online, known))
                 for row in due]
        deltas = Deltas()
        await _insert(conn, steps, hours, at, deltas)
        await _advance(conn, steps, broadcasts, deltas)
        deltas.people([(row["broadcast"], row["id"]) for row in due])
        # Nobody else sees an inbox; who comes just now is told by Links.
        deltas.inboxes(row["id"] for row in due if row["rung"] == 0 and row["ref"] in online)
        await deltas.save(conn, Q["add_counts"])
        return deltas

    def _hour(self, row: Any, at: datetime, quiet: Quiet) -> Hour:
        expires_at = row["expires_at"] if row["state"] == BroadcastState.SENDING else at
        return Hour(at=at, expires_at=expires_at, priority=Priority(row["priority"]), quiet=quiet,
                    carriers=self._carriers)

    def _step(self, row: Any, ladder: Ladder, hour: Hour, online: bool, known: dict[tuple[Any, ...], Step]) -> Step:
        """The same for all whose circumstances are the same, so it is worked out once for them."""
        alike = (row["broadcast"], row["kind"] == "station", online, not row["phone"], not row["openid"],
                 tuple(row["opt_out"]), tuple(row["bad"]), row["rank"], row["rung"])
        step = known.get(alike)
        if step is None:
            step = known[alike] = next_rung(ladder, person_of(row, online, row["rank"], row["rung"]), hour)
        return step


async def _insert(
    conn: Connection, steps: Sequence[tuple[Any, Step]], hours: Mapping[UUID, Hour], at: datetime, deltas: Deltas,
) -> None:
    rows = []
    # As `derived` makes them; the broadcast's text is made once.
    lanes = {which: (LANE[hour.priority], str(which)) for which, hour in hours.items()}
    for row, step in steps:
        lane, prefix = lanes[row["broadcast"]]
        for one in step.planned:
            due = None if one.state is State.ACCEPTED else one.due
            rows.append((
                uuid5(HUB, f"{prefix}/{row['ref']}/{one.channel}/{row['round']}/{one.rung}/1"), row["id"],
                row["broadcast"], one.channel, lane, row["round"], one.rung, 1, one.state, RANK[one.state], one.why,
                row[ADDRESS[one.channel]] if one.channel in ADDRESS else "", due, at,
            ))
    if not rows:
        return
    new = {row["id"] for row in await conn.fetch(Q["insert_attempts"], *columns(rows))}
    for row in rows:
        if row[0] in new:
            deltas.attempt(row[2], row[3], None, row[8])


async def _advance(
    conn: Connection, steps: Sequence[tuple[Any, Step]], broadcasts: Mapping[UUID, Any], deltas: Deltas,
) -> None:
    rows = []
    for row, step in steps:
        rank = max([row["rank"], *(RANK[one.state] for one in step.planned if one.due is not None)])
        cancelled = broadcasts[row["broadcast"]]["state"] == BroadcastState.CANCELLED
        outcome = outcome_of(rank, ended=step.ended, cancelled=cancelled)
        deltas.person(row["broadcast"], kind=row["kind"], district=row["district"], station=row["station"],
                      before=Outcome(row["outcome"]), after=outcome)
        rows.append((row["id"], step.rung, step.next_at, step.ended, rank, outcome))
    await conn.execute(Q["step_deliveries"], *columns(rows))
