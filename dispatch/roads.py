"""Hands queued tries to the carriers, road by road, and asks after those nobody has spoken of.

The try stands as `submitting` under a lease before the vendor is called: what a crash leaves behind
is looked up, never sent blindly again. A road that is down is left alone and probed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from dispatch.counting import Deltas
from dispatch.ladders import LANE
from dispatch.ports import Carrier, Outgoing, Submitted, Unsure
from dispatch.receipts import Receipts
from dispatch.states import FAILURES
from dispatch.told import Told, from_sighting, from_submit
from dispatch.words import BroadcastState, Channel, Priority, State, Why
from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.record import Bell, Database, load_sql
from hub.record.bell import heard

log = structlog.get_logger()

Q = load_sql("dispatch")

OutgoingOf = Callable[[Any, Channel], Outgoing]

AT_ONCE = 32
"""Under way at once on a road: more make the loop slow for receipts, and no vendor faster."""
FULL = 24
"""With more under way nothing is claimed: else each place that becomes free costs a transaction."""
LEASE = timedelta(seconds=60)
SUBMIT_SECONDS = 45.0
POLL = 1.0
LOOK_LIMIT = 50
LOOK_AGAIN = timedelta(seconds=5)
FAULTS = 5
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
HALT_SECONDS = 60.0

TROUBLE = frozenset({Why.NETWORK, Why.VENDOR})


@dataclass(slots=True)
class Breaker:
    """open → (five troubles in a row) → slow, with growing pauses and one probe each → open.
    A halt (credentials, account) pauses a minute before each probe."""

    state: str = "open"
    detail: str = ""
    until: datetime | None = None
    troubles: int = 0

    def width(self, now: datetime) -> int:
        """How many tries may be under way now."""
        if self.until is not None and now < self.until:
            return 0
        return AT_ONCE if self.state == "open" else 1

    def note(self, answer: Submitted, now: datetime) -> bool:
        """Returns True when the road's health changed."""
        before = (self.state, self.detail)
        if answer.halt:
            self.state, self.detail = "halted", answer.detail or answer.why
            self.until = now + timedelta(seconds=HALT_SECONDS)
        elif answer.state in FAILURES and answer.why in TROUBLE:
            self.troubles += 1
            if self.troubles >= FAULTS:
                pause = PAUSES[min(self.troubles - FAULTS, len(PAUSES) - 1)]
                self.state, self.detail = "slow", answer.detail or answer.why
                self.until = now + timedelta(seconds=pause)
        elif answer.why is Why.RATE and answer.retry_after is not None:
            self.until = now + timedelta(seconds=min(answer.retry_after, HALT_SECONDS))
        else:
            self.state, self.detail, self.until, self.troubles = "open", "", None, 0
        return before != (self.state, self.detail)


class Road:
    def __init__(
        self, db: Database, clock: Clock, receipts: Receipts, carrier: Carrier, outgoing: OutgoingOf,
        touch: Callable[[Any], None], queued: Bell, planning: Callable[[], bool],
    ) -> None:
        self.channel = carrier.channel
        self._db, self._clock, self._receipts, self._carrier = db, clock, receipts, carrier
        self._outgoing, self._touch, self._queued = outgoing, touch, queued
        self._planning = planning
        self._breaker = Breaker()
        self._busy = 0
        self._free = Bell()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._submit_all(group))
            group.create_task(self._look_up_all())

    async def _submit_all(self, group: asyncio.TaskGroup) -> None:
        while True:
            queued, free = self._queued.listen(), self._free.listen()
            try:
                rows = await self._claim()
            except TryAgain as away:
                log.warning("road waits", channel=self.channel, error=away.en)
                rows = []
            for row in rows:
                self._busy += 1
                group.create_task(self._submit(row))
            if not rows:
                await heard(free if self._busy >= FULL else queued, POLL)

    async def _claim(self) -> list[Any]:
        now = self._clock.now()
        room = min(self._breaker.width(now) - self._busy, AT_ONCE)
        if room <= 0 or self._busy >= FULL:
            return []
        async with self._db.transaction() as conn:
            rows: list[Any] = await conn.fetch(Q["claim_attempts"], self.channel, now, room, now + LEASE, self._last_lane())
            deltas = Deltas()
            for row in rows:
                deltas.attempt(row["broadcast"], self.channel, State(row["was"]), State.SUBMITTING)
            await deltas.save(conn, Q["add_counts"])
        self._touch(deltas.touched)
        return rows

    def _last_lane(self) -> int:
        """While a crowd is being planned only emergencies are handed over: first everybody has a plan."""
        return LANE[Priority.EMERGENCY] if self._planning() else max(LANE.values())

    async def _submit(self, row: Any) -> None:
        try:
            told, answer = await self._hand_over(row)
            changed = self._breaker.note(answer, self._clock.now())
            await self._receipts.put([told])
            if changed:
                await self._show()
        except TryAgain:
            # The lease stands: the try is looked up when the database is back.
            log.warning("outcome not recorded yet", attempt=str(row["id"]))
        finally:
            self._busy -= 1
            self._free.ring()

    async def _hand_over(self, row: Any) -> tuple[Told, Submitted]:
        """What is now known of the try, and what it says of the road."""
        try:
            async with asyncio.timeout(SUBMIT_SECONDS):
                answer = await self._carrier.submit(self._outgoing(row, self.channel))
        except (Unsure, TimeoutError) as unsure:
            broke = Submitted(state=State.FAILED, why=Why.NETWORK, detail=str(unsure)[:200] or type(unsure).__name__)
            return Told(key=f"unsure:{row['id']}", source="submit", state=State.UNKNOWN, channel=self.channel,
                        attempt=row["id"], why=broke.why, detail=broke.detail, at=self._clock.now()), broke
        return from_submit(row["id"], self.channel, answer, self._clock.now()), answer

    async def _show(self) -> None:
        breaker = self._breaker
        log.warning("road", channel=self.channel, state=breaker.state, detail=breaker.detail)
        async with self._db.transaction() as conn:
            await conn.execute(Q["set_road"], self.channel, breaker.state, breaker.detail, breaker.until, 0.0)
        self._touch([("roads", self.channel)])

    async def _look_up_all(self) -> None:
        while True:
            try:
                await self.look_up_once()
            except TryAgain as away:
                log.warning("looking up waits", channel=self.channel, error=away.en)
            await asyncio.sleep(POLL)

    async def look_up_once(self) -> None:
        """Asks the vendor after tries whose lease has run out. Where it does not answer, soon again."""
        now = self._clock.now()
        async with self._db.transaction() as conn:
            rows = await conn.fetch(Q["lost_attempts"], self.channel, now, now + LEASE, LOOK_LIMIT)
        async with asyncio.TaskGroup() as group:
            asked = {row["id"]: group.create_task(self._look_up(row, now)) for row in rows}
        tolds = {attempt: task.result() for attempt, task in asked.items()}
        await self._receipts.put([told for told in tolds.values() if told is not None])
        silent = [attempt for attempt, told in tolds.items() if told is None]
        if silent:
            async with self._db.transaction() as conn:
                await conn.execute(Q["look_again"], silent, now + LOOK_AGAIN, now + LEASE)

    async def _look_up(self, row: Any, now: datetime) -> Told | None:
        try:
            async with asyncio.timeout(SUBMIT_SECONDS):
                out = self._outgoing(row, self.channel)
                seen = await self._carrier.look_up(out, row["provider_id"], row["sent_at"] or now)
        except (Unsure, TimeoutError, TryAgain):
            return None
        if seen is not None:
            return from_sighting(seen, "poll")
        unknown = State(row["state"]) in (State.SUBMITTING, State.UNKNOWN)
        return Told(
            key=f"lost:{row['id']}:{'gone' if unknown else 'silent'}", source="poll", channel=self.channel,
            state=State.FAILED if unknown else State.UNCONFIRMED, attempt=row["id"],
            why=Why.NETWORK if unknown else Why.NONE, retry_after=0.0 if unknown else None, at=now,
        )

    async def recall(self, provider_id: str) -> bool:
        return await self._carrier.cancel(provider_id)


class Roads:
    """All roads that lead somewhere, by channel."""

    def __init__(
        self, db: Database, clock: Clock, receipts: Receipts, carriers: Mapping[Channel, Carrier], outgoing: OutgoingOf,
        touch: Callable[[Any], None], queued: Bell, planning: Callable[[], bool] = lambda: False,
    ) -> None:
        self._db, self._receipts, self._clock = db, receipts, clock
        self._roads = {
            channel: Road(db, clock, receipts, carrier, outgoing, touch, queued, planning)
            for channel, carrier in carriers.items()
        }

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for road in self._roads.values():
                group.create_task(road.run())

    async def recall(self, attempt: str) -> None:
        """Errand: takes back what the vendor has not sent yet."""
        async with self._db.read() as conn:
            row = await conn.fetchrow(
                "select a.channel, a.provider_id, a.state, b.state as broadcast from dispatch.attempt a"
                " join dispatch.broadcast b on b.id = a.broadcast where a.id = $1", UUID(attempt))
        if row is None or row["state"] not in (State.ACCEPTED, State.SENT) or not row["provider_id"]:
            return
        road = self._roads.get(Channel(row["channel"]))
        if road is not None and await road.recall(row["provider_id"]):
            why = Why.CANCELLED if row["broadcast"] == BroadcastState.CANCELLED else Why.ALREADY_CONFIRMED
            await self._receipts.put([Told(
                key=f"recalled:{attempt}", source="submit", state=State.EXPIRED, channel=Channel(row["channel"]),
                attempt=UUID(attempt), why=why, at=self._clock.now())])


