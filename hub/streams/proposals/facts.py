"""What a suggestion or motion knows. Texts of letters stand apart, so that later events need not repeat them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.lifecycle import Case, Facts

SUGGESTION, MOTION, INQUIRY = "suggestion", "motion", "inquiry"
SATISFIED, BASICALLY, UNSATISFIED = "satisfied", "basically", "unsatisfied"
FULFILLED, PARTLY, UNFULFILLED = "fulfilled", "partly", "unfulfilled"
LEAD, SEPARATE, ASSISTING = "lead", "separate", "assisting"
"""What a unit is in a case: 主办, 分别办理, 会办."""
COMMITTEE_FORUM, WRITTEN = "committee", "written"
"""Of an inquiry: put to the standing committee; answered in writing."""


class Similar(msgspec.Struct, frozen=True, kw_only=True):
    """A case whose text overlaps, as it was found when this one was handed in. `ratio` from 0 to 1."""

    case: UUID
    title: str
    ratio: float


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    unit: str
    on: date
    way: str
    with_whom: str
    text: str
    round: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Between the deputy and a unit, while it is handled."""

    at: datetime
    by: str
    name: str
    text: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a signed reply, or of an answer to an inquiry, which has no class."""

    unit: str
    round: int
    number: str
    text: str
    klass: str
    files: tuple[UUID, ...] = ()
    public: bool = True
    on: date | None = None
    signer: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that waits for the head's signature."""

    number: str
    text: str
    klass: str
    promise: str = ""
    solve_by: date | None = None
    files: tuple[UUID, ...] = ()
    public: bool = True


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What of a signed reply is counted. `due`: the day it had to be there; `rating`: by the lead deputy, empty until then."""

    round: int
    on: date
    due: date
    klass: str
    signer: str
    promise: str = ""
    solve_by: date | None = None
    rating: str = ""
    rated_on: date | None = None
    why: str = ""

    @property
    def on_time(self) -> bool:
        return self.on <= self.due


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a promise, told by the unit and rated by the deputy."""

    on: date
    solved: bool
    text: str
    rating: str = ""
    rated_on: date | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's part in a case."""

    role: str
    assigned: date
    signed: date | None = None
    handler: str = ""
    phone: str = ""
    opinion: str = ""
    opinion_on: date | None = None
    leaving: str = ""
    """Why it asks to be released; of assisting units alone."""
    replies: tuple[Reply, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def main(self) -> bool:
        return self.role != ASSISTING

    @property
    def last(self) -> Reply | None:
        return self.replies[-1] if self.replies else None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which units a desk holds to be right, before the other desk has agreed."""

    desks: tuple[str, ...]
    units: tuple[str, ...]
    assisting: tuple[str, ...] = ()


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """Asked for; `granted` is None while the assigner thinks."""

    unit: str
    asked: date
    in_time: bool
    until: date
    reason: str
    granted: bool | None = None


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """重点: who decided, who leads, who urges."""

    on: date
    leader: str
    committee: str
    report: str = ""


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """`deputies`: all in office on the day, the number majorities are counted of."""

    on: date
    deputies: int
    present: int
    yes: int
    no: int
    abstain: int


class Proposal(Facts, frozen=True, kw_only=True):
    """`edition` counts texts: a co-signer's word holds for the text it was given for."""

    situation: str = ""
    analysis: str = ""
    advice: str = ""
    cause: str = ""
    ground: str = ""
    plan: str = ""
    files: tuple[UUID, ...] = ()
    behalf: str = "self"
    edition: int = 1
    confirmed: dict[str, int] = msgspec.field(default_factory=dict)
    term: str = ""
    session: str = ""
    year: int = 0
    delegation: str = ""
    similar: tuple[Similar, ...] = ()
    related: tuple[str, ...] = ()
    submitted_on: date | None = None
    accepted_on: date | None = None
    assigned_on: date | None = None
    """T0, from which the limits of handling run."""
    refusal: str = ""
    suggested: Plan | None = None
    parts: dict[str, Part] = msgspec.field(default_factory=dict)
    drafts: dict[str, Draft] = msgspec.field(default_factory=dict)
    letters: tuple[Letter, ...] = ()
    contacts: tuple[Contact, ...] = ()
    messages: tuple[Message, ...] = ()
    returning: str = ""
    """The unit that asks to be relieved of the case."""
    extension: Extension | None = None
    round: int = 1
    rating_urged: date | None = None
    urgings: int = 0
    key: Key | None = None
    settlement: str = ""
    into: UUID | None = None
    merged: tuple[UUID, ...] = ()
    turned: bool = False
    """A motion that the presidium made a suggestion of."""
    fell_back: bool = False
    """A motion that lost its co-signers."""
    objections: tuple[str, ...] = ()
    report: str = ""
    opinion_by: date | None = None
    committee_opinion: str = ""
    deliberation: str = ""
    amendments: tuple[str, ...] = ()
    resolution: str = ""
    vote_at: datetime | None = None
    vote: Vote | None = None
    withdrawal: str = ""
    forum: str = ""
    """Of an inquiry alone."""
    asked_of: str = ""
    """The organ that an inquiry is put to."""
    question: str = ""
    content: str = ""
    answer_how: str = ""
    answer_by: date | None = None
    answer_where: str = ""
    printed: bool = False
    judged: dict[str, str] = msgspec.field(default_factory=dict)
    """What each mover of an inquiry says of the answer of this round."""


def plain(value: Any) -> Any:
    """As an event holds it."""
    return msgspec.to_builtins(value)


def replaced(part: Part, **changes: Any) -> Part:
    return msgspec.structs.replace(part, **changes)


def of(case: Case | None) -> Proposal:
    """The facts of a case that is there. Steps that open one have none to ask of."""
    if case is None or not isinstance(case.facts, Proposal):
        raise ValueError("the case was not opened")
    return case.facts


def there(case: Case | None) -> Case:
    if case is None:
        raise ValueError("the case was not opened")
    return case


def movers(case: Case) -> tuple[str, ...]:
    """The lead and who confirmed the text as it stands."""
    return (*case.parties.get("lead", ()), *case.parties.get("cosigner", ()))


def main_units(facts: Proposal) -> tuple[str, ...]:
    return tuple(unit for unit, part in facts.parts.items() if part.main)


def owing(facts: Proposal) -> tuple[str, ...]:
    """Units whose reply is awaited in this round: at first all, later those whose answer did not satisfy."""
    return tuple(unit for unit in main_units(facts) if _owes(facts.parts[unit], facts.round))


def _owes(part: Part, now: int) -> bool:
    last = part.last
    if last is None:
        return True
    return last.round < now and last.rating == UNSATISFIED


def unrated(facts: Proposal) -> tuple[str, ...]:
    return tuple(unit for unit in main_units(facts) if (last := facts.parts[unit].last) and not last.rating)


def promised(facts: Proposal, tracked: frozenset[str]) -> tuple[str, ...]:
    """Units whose promise is neither kept nor given up."""
    return tuple(unit for unit in main_units(facts)
                 if (last := facts.parts[unit].last) and last.klass in tracked and not _settled(facts.parts[unit]))


def _settled(part: Part) -> bool:
    return bool(part.reports) and part.reports[-1].rating != UNFULFILLED


def unrated_reports(facts: Proposal) -> tuple[str, ...]:
    return tuple(unit for unit, part in facts.parts.items() if part.reports and not part.reports[-1].rating)
