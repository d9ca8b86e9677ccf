"""What was told becomes what is known: one batch, in memory. No I/O; receipts.py loads and saves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dispatch.counting import Deltas
from dispatch.ladders import LANE
from dispatch.messages.shapes import Ladder
from dispatch.plan import enough, retry_due, tries_allowed
from dispatch.states import (
    CONFIRMED,
    FAILED,
    FAILURES,
    Known,
    Standing,
    higher,
    is_late,
    outcome_of,
    seen_by,
)
from dispatch.told import Told
from dispatch.words import RANK, Channel, Outcome, Priority, State, Why
from hub.kernel.ids import derived

RECEIPT_DUE: dict[Channel, timedelta] = {
    Channel.WECHAT: timedelta(minutes=2), Channel.SMS: timedelta(minutes=3), Channel.VOICE: timedelta(minutes=5),
}
"""After this long without a word from the vendor, the hub asks."""

RECONCILE = timedelta(seconds=3)
"""An outcome that is not known is looked up after this long."""

WAITING = frozenset({State.PLANNED, State.QUEUED, State.SUPPRESSED})

OUTAGE = frozenset({Why.NETWORK, Why.VENDOR, Why.RATE, Why.AUTH, Why.QUOTA})
"""The vendor's trouble, not the person's: tried again for as long as the broadcast lives."""

OUTAGE_BACKOFF = (1.0, 4.0, 15.0, 60.0)


@dataclass(slots=True)
class Try:
    """An attempt as it changes. `due`/`lease` as in dispatch.attempt."""

    id: UUID
    delivery: UUID
    broadcast: UUID
    channel: Channel
    lane: int
    round: int
    rung: int
    number: int
    known: Known
    provider_id: str
    address: str
    due: datetime | None
    lease: datetime | None
    born: bool = False
    changed: bool = False


@dataclass(slots=True)
class Case:
    """A delivery as it changes, with its tries."""

    row: Any
    standing: Standing
    outcome: Outcome
    next_at: datetime | None
    ended: bool
    tries: dict[UUID, Try] = field(default_factory=dict)

    @property
    def alive(self) -> bool:
        return bool(self.row["broadcast_state"] == "sending")


@dataclass(slots=True)
class Evidence:
    told: Told
    delivery: UUID
    attempt: UUID | None
    at: datetime
    late: bool


class Fold:
    """Feed `take` in any order and any number of times; then `settle` once."""

    def __init__(self, cases: dict[UUID, Case], now: datetime) -> None:
        self.cases = cases
        self.now = now
        self.deltas = Deltas()
        self.evidence: list[Evidence] = []
        self.spoiled: list[tuple[str, Channel, str]] = []
        self.recall: list[UUID] = []

    def take(self, told: Told, delivery: UUID, told_at: datetime, attempt: UUID | None = None) -> None:
        case = self.cases[delivery]
        at = min(max(told.at or told_at, case.row["send_at"]), told_at)
        tried = self._try_of(case, told, attempt, at)
        seen = Known(told.state, told.why, told.detail[:300])
        late = False
        if tried is not None:
            late = is_late(tried.known, seen)
            self._raise(tried, seen, told)
            if told.state in FAILURES and told.retry_after is not None:
                self._try_again(case, tried, told)
        case.standing = seen_by(case.standing, told.channel, told.state, at, told.reply, told.reason)
        self.evidence.append(Evidence(told, delivery, tried.id if tried else None, at, late))
        if told.spoil and told.channel:
            self.spoiled.append((case.row["ref"], told.channel, told.detail or told.why))

    def _try_of(self, case: Case, told: Told, attempt: UUID | None, at: datetime) -> Try | None:
        named = attempt or told.attempt
        if named in case.tries:
            return case.tries[named]
        if told.channel is None:
            return None
        same = [one for one in case.tries.values() if one.channel is told.channel]
        if same:
            # What was heard was handed over: a try that still waits cannot be meant.
            return max(same, key=lambda one: (one.known.state not in WAITING, one.round, one.rung, one.number))
        return self._bear(case, told.channel, case.row["round"], -1, 1, Known(State.ACCEPTED), "", None)

    def _bear(
        self, case: Case, channel: Channel, round_: int, rung: int, number: int, known: Known, address: str,
        due: datetime | None,
    ) -> Try:
        row = case.row
        tried = Try(
            derived(row["broadcast"], row["ref"], channel, round_, rung, number), row["id"], row["broadcast"], channel,
            LANE[Priority(row["priority"])], round_, rung, number, known, "", address, due, None, born=True,
        )
        case.tries[tried.id] = tried
        self.deltas.attempt(tried.broadcast, channel, None, known.state)
        return tried

    def _raise(self, tried: Try, seen: Known, told: Told) -> None:
        before = tried.known
        tried.known = higher(before, seen)
        tried.provider_id = tried.provider_id or told.provider_id
        tried.changed = True
        if tried.known.state is not before.state:
            self.deltas.attempt(tried.broadcast, tried.channel, before.state, tried.known.state)
            tried.due = None if tried.known.rank > RANK[State.QUEUED] else tried.due
            tried.lease = self._lease(tried)

    def _lease(self, tried: Try) -> datetime | None:
        if tried.known.state is State.UNKNOWN:
            return self.now + RECONCILE
        if tried.known.state in (State.ACCEPTED, State.SENT) and tried.channel in RECEIPT_DUE:
            return self.now + RECEIPT_DUE[tried.channel]
        return None

    def _try_again(self, case: Case, tried: Try, told: Told) -> None:
        ladder = msgspec.convert(case.row["ladder"], Ladder)
        if not case.alive or tried.known.state not in FAILURES or case.standing.rank >= enough(ladder, tried.rung):
            return
        outage = told.why in OUTAGE
        if not outage and tried.number >= tries_allowed(ladder, tried.rung):
            return
        due = self._again_at(tried, told, outage)
        number = tried.number + 1
        next_id = derived(tried.broadcast, case.row["ref"], tried.channel, tried.round, tried.rung, number)
        if next_id not in case.tries and due < case.row["expires_at"]:
            self._bear(case, tried.channel, tried.round, tried.rung, number, Known(State.QUEUED), tried.address, due)

    def _again_at(self, tried: Try, told: Told, outage: bool) -> datetime:
        if not outage:
            return retry_due(self.now, tried.number)
        pause = OUTAGE_BACKOFF[min(tried.number, len(OUTAGE_BACKOFF)) - 1]
        return self.now + timedelta(seconds=max(pause, told.retry_after or 0.0))

    def settle(self) -> None:
        for case in self.cases.values():
            self._settle(case)
        self.deltas.people([(case.row["broadcast"], case.row["id"]) for case in self.cases.values()])

    def _settle(self, case: Case) -> None:
        row = case.row
        if case.standing.rank >= CONFIRMED and not case.ended:
            case.next_at, case.ended = None, True
        if case.standing.rank >= CONFIRMED:
            self._stop(case)
        elif row["broadcast_state"] == "cancelled":
            self._recall(case)
        else:
            self._stop_repairs(case)
        if case.next_at is not None and self._rung_failed(case):
            case.next_at = min(case.next_at, self.now)
        outcome = outcome_of(case.standing.rank, ended=case.ended, cancelled=row["broadcast_state"] == "cancelled")
        self.deltas.person(row["broadcast"], is_station=row["kind"] == "station", district=row["district"], station=row["station"],
                           before=case.outcome, after=outcome)
        self.deltas.reply(row["broadcast"], row["reply"], case.standing.reply)
        if (case.outcome, row["reply"], row["reason"]) != (outcome, case.standing.reply, case.standing.reason):
            self.deltas.inboxes([row["id"]])
        case.outcome = outcome

    def _rung_failed(self, case: Case) -> bool:
        """Every try of the rung that is being waited for has ended without success."""
        row = case.row
        current = [one for one in case.tries.values() if (one.round, one.rung) == (row["round"], row["rung"] - 1)]
        if not any(one.known.rank == FAILED for one in current):
            return False
        last: dict[Channel, Try] = {}
        for one in sorted(current, key=lambda tried: tried.number):
            last[one.channel] = one
        return all(one.known.rank == FAILED or one.known.state is State.SUPPRESSED for one in last.values())

    def _stop(self, case: Case) -> None:
        for tried in case.tries.values():
            if tried.known.state in (State.PLANNED, State.QUEUED):
                self._suppress(tried, Why.ALREADY_CONFIRMED)
        self._recall(case)

    def _stop_repairs(self, case: Case) -> None:
        """A try that failed and then did arrive, or a person who got far enough, needs no other try."""
        repairs = [one for one in case.tries.values() if one.number > 1 and one.known.state is State.QUEUED]
        if not repairs:
            return
        arrived = {(one.channel, one.round, one.rung) for one in case.tries.values() if one.known.rank > FAILED}
        ladder = msgspec.convert(case.row["ladder"], Ladder)
        for one in repairs:
            if (one.channel, one.round, one.rung) in arrived or case.standing.rank >= enough(ladder, one.rung):
                self._suppress(one, Why.ALREADY_CONFIRMED)

    def _recall(self, case: Case) -> None:
        self.recall += [one.id for one in case.tries.values() if one.known.state is State.ACCEPTED and one.provider_id]

    def _suppress(self, tried: Try, why: Why) -> None:
        self.deltas.attempt(tried.broadcast, tried.channel, tried.known.state, State.SUPPRESSED)
        tried.known = Known(State.SUPPRESSED, why)
        tried.due, tried.lease, tried.changed = None, None, True
