"""A case as its events make it. Evolving needs neither rules nor calendar: what was computed stands in the event."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.messages import Event


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A clock of a case. `struck`: what has been told of it or was passed over, e.g. `before:7`, `over`, `after:3`. `over` while it is overdue.
    `begun`: the day of its step, where it runs from another."""

    started: date
    due: date
    extended: bool = False
    struck: tuple[str, ...] = ()
    begun: date | None = None


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What an event does to a clock; without `due` it stops. `struck`: reminders whose hour was over before it ended on that day."""

    clock: str
    started: date | None = None
    due: date | None = None
    extended: bool = False
    struck: tuple[str, ...] = ()
    begun: date | None = None


class CaseEvent(Event, frozen=True, kw_only=True):
    """A step that was taken. Each step's own event has a `form` beside: what was filled in."""

    to: str
    parties: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    knows: dict[str, Any] = msgspec.field(default_factory=dict)
    clocks: tuple[Turn, ...] = ()
    rules: str = ""
    """Version of the rule set, on the event that opens the case."""


class CaseClockStruck(Event, frozen=True, kw_only=True):
    """A clock reminded (`before:7`), ran out (`over`), or was told again (`after:3`). `late`: the hub was away at its hour."""

    clock: str
    strike: str
    due: date
    late: bool = False
    owes: bool = False


class CaseClockMoved(Event, frozen=True, kw_only=True):
    """The working days of the year were arranged otherwise, or what else the clock is counted from: it ends on another day. `struck`:
    as a `Turn`'s. `started`: where it runs from another day now."""

    clock: str
    due: date
    started: date | None = None
    struck: tuple[str, ...] = ()


class CaseNoteAnswered(Event, frozen=True, kw_only=True):
    """The answer that was owed for a missed deadline."""

    clock: str
    text: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What every case knows. `kind` and `topic` are codes of the stream; `scope` is a path in the organisation tree
    below the city: `city`, `district:3`, `district:3/station:17`."""

    title: str = ""
    kind: str = ""
    topic: str = ""
    scope: str = "city"
    confidential: bool = False


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """`parties`: relation → refs (`person:…`, `department:…`, `account:…`). `owed`: clock → the day since which an answer is owed."""

    id: UUID
    state: str
    since: datetime
    opened: datetime
    opened_by: str
    rules: str
    version: int
    facts: Any
    parties: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    clocks: dict[str, Running] = msgspec.field(default_factory=dict)
    owed: dict[str, date] = msgspec.field(default_factory=dict)

    def has(self, relation: str, refs: frozenset[str]) -> bool:
        return not refs.isdisjoint(self.parties.get(relation, ()))


def evolve(facts: type[msgspec.Struct], case: Case | None, case_id: UUID, event: Event, *, at: datetime, by: str) -> Case:
    """The case after the event. `facts` is the stream's own type of facts. Times are kept in one zone, whoever's clock they came from."""
    match event:
        case CaseClockStruck():
            return _struck(_there(case), event)
        case CaseClockMoved():
            return _moved(_there(case), event)
        case CaseNoteAnswered():
            there = _there(case)
            return msgspec.structs.replace(there, version=there.version + 1, owed={k: v for k, v in there.owed.items() if k != event.clock})
        case CaseEvent():
            return _stepped(facts, case, case_id, event, at.astimezone(UTC), by)
    raise TypeError(f"not an event of a case: {type(event).__name__}")


def _there(case: Case | None) -> Case:
    if case is None:
        raise ValueError("the case was not opened")
    return case


def _stepped(facts: type[msgspec.Struct], case: Case | None, case_id: UUID, event: CaseEvent, at: datetime, by: str) -> Case:
    known = msgspec.to_builtins(case.facts) if case else {}
    case = case or Case(id=case_id, state=event.to, since=at, opened=at, opened_by=by, rules=event.rules, version=0, facts=None)
    return msgspec.structs.replace(
        case, state=event.to, since=case.since if case.state == event.to else at, version=case.version + 1,
        facts=msgspec.convert(known | event.knows, facts), parties=case.parties | event.parties,
        clocks=_turned(case.clocks, event.clocks),
    )


def _turned(clocks: dict[str, Running], turns: tuple[Turn, ...]) -> dict[str, Running]:
    turned = dict(clocks)
    for turn in turns:
        if turn.due is None or turn.started is None:
            turned.pop(turn.clock, None)
        else:
            turned[turn.clock] = Running(started=turn.started, due=turn.due, extended=turn.extended, struck=turn.struck, begun=turn.begun)
    return turned


def _struck(case: Case, event: CaseClockStruck) -> Case:
    running = case.clocks.get(event.clock)
    clocks = case.clocks if running is None else case.clocks | {
        event.clock: msgspec.structs.replace(running, struck=(*running.struck, event.strike))}
    owed = case.owed | {event.clock: event.due} if event.owes else case.owed
    return msgspec.structs.replace(case, version=case.version + 1, clocks=clocks, owed=owed)


def _moved(case: Case, event: CaseClockMoved) -> Case:
    running = case.clocks.get(event.clock)
    clocks = case.clocks if running is None else case.clocks | {event.clock: msgspec.structs.replace(
        running, started=event.started or running.started, begun=running.begun or (running.started if event.started else None),
        due=event.due, struck=(*running.struck, *event.struck))}
    return msgspec.structs.replace(case, version=case.version + 1, clocks=clocks)
