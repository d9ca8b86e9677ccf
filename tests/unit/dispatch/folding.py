"""One delivery with its tries, folded in batches of any size, as `dispatch.receipts` does it with rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from dispatch.fold import Case, Fold, Try
from dispatch.messages.shapes import Ladder, Rung
from dispatch.states import Known, Standing
from dispatch.told import Told
from dispatch.words import Channel, Outcome, State
from hub.kernel.ids import derived

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BROADCAST, DELIVERY, REF = UUID(int=1), UUID(int=2), "person:1"
LADDER = Ladder(code="test", name="测试", rungs=(
    Rung(channels=(Channel.WECHAT,), wait=60, tries=2), Rung(channels=(Channel.SMS, Channel.VOICE), wait=60, tries=2)))
TRIES = ((Channel.WECHAT, 0), (Channel.SMS, 1), (Channel.VOICE, 1))


def try_id(channel: Channel, rung: int, number: int = 1) -> UUID:
    return derived(BROADCAST, REF, channel, 0, rung, number)


@dataclass
class Desk:
    """The rows between two batches."""

    state: str = "sending"
    case: Case = field(init=False)
    counted: Counter[Any] = field(default_factory=Counter)
    known: set[str] = field(default_factory=set)
    recalled: list[UUID] = field(default_factory=list)
    at: datetime = AT

    def __post_init__(self) -> None:
        self.case = Case(
            self._row(Standing(rank=20), Outcome.SENDING, AT + timedelta(seconds=60), False), Standing(rank=20),
            Outcome.SENDING, AT + timedelta(seconds=60), False,
            {try_id(channel, rung): Try(try_id(channel, rung), DELIVERY, BROADCAST, channel, 2, 0, rung, 1,
                                        Known(State.ACCEPTED), f"sid-{channel}", "+86", None, None)
             for channel, rung in TRIES})
        self.counted = self.truth()

    def _row(self, standing: Standing, outcome: Outcome, next_at: datetime | None, ended: bool) -> dict[str, Any]:
        return {"id": DELIVERY, "broadcast": BROADCAST, "ref": REF, "kind": "deputy", "district": "district:3",
                "station": "station:17", "round": 0, "rung": 2, "rank": standing.rank, "outcome": outcome,
                "reply": standing.reply, "reason": standing.reason, "next_at": next_at, "ended": ended, "broadcast_state": self.state,
                "ladder": msgspec.to_builtins(LADDER), "priority": "ordinary", "send_at": AT,
                "expires_at": AT + timedelta(days=1)}

    def fold(self, tolds: Sequence[Told]) -> Fold:
        fresh = {told.key: told for told in tolds if told.key not in self.known}
        fold = Fold({DELIVERY: self.case}, self.at)
        for told in fresh.values():
            fold.take(told, DELIVERY, told.at or self.at)
        fold.settle()
        self.known |= fresh.keys()
        self.counted.update(fold.deltas._cells)
        self.recalled += fold.recall
        self._reload()
        return fold

    def _reload(self) -> None:
        case = self.case
        for one in case.tries.values():
            one.born = one.changed = False
        row = self._row(case.standing, case.outcome, case.next_at, case.ended)
        self.case = Case(row, case.standing, case.outcome, case.next_at, case.ended, case.tries)

    def fold_in(self, batches: Iterable[Sequence[Told]]) -> Desk:
        for batch in batches:
            self.fold(batch)
        return self

    def truth(self) -> Counter[Any]:
        """The counters as a recount would find them."""
        case, cells = self.case, Counter[Any]()
        for kind, key in (("outcome", ""), ("district", "district:3"), ("station", "station:17"), ("kind", "person")):
            cells[BROADCAST, kind, key, case.outcome] += 1
        if case.standing.reply:
            cells[BROADCAST, "reply", case.standing.reply, ""] += 1
        for one in case.tries.values():
            cells[BROADCAST, "road", one.channel, one.known.state] += 1
        return cells

    def seen(self) -> dict[str, Any]:
        """What must not depend on the order: tries that were handed over, and the person."""
        handed = {one.id: (one.known, one.provider_id) for one in self.case.tries.values() if one.number == 1}
        return {"tries": handed, "standing": self.case.standing, "outcome": self.case.outcome, "ended": self.case.ended,
                "waiting": sorted(str(one.id) for one in self.case.tries.values() if one.known.state is State.QUEUED)}
