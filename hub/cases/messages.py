"""What may be asked of every case beside its own steps, what comes of it, and what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command, Event

StreamName = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]
Code = Annotated[str, Meta(max_length=60)]
Day = date
Moment = Annotated[datetime, Meta(tz=True)]


class StepTaken(msgspec.Struct, frozen=True):
    """What who takes a step hears."""

    case: UUID
    state: str


# --- of one case ----------------------------------------------------------------------------------


class StrikeClock(Command, frozen=True, kw_only=True):
    """The hub asks this of itself when a clock of a case speaks."""

    case: UUID
    clock: Code
    strike: Code


class RecountClock(Command, frozen=True, kw_only=True):
    """The hub asks this of itself when the working days of the year, or what else its clocks are counted from, were arranged otherwise."""

    case: UUID
    clock: Code


class AnswerCaseNote(Command, frozen=True, kw_only=True):
    """The answer that is owed for a deadline missed."""

    case: UUID
    clock: Code
    text: Annotated[str, Meta(min_length=2, max_length=2000)]


class RelateCases(Command, frozen=True, kw_only=True):
    """`case` came from `other`, or speaks of the same: opinion → suggestion → reply."""

    case: UUID
    other: UUID
    kind: Annotated[str, Meta(min_length=1, max_length=40)] = "related"


class CasesRelated(Event, frozen=True, kw_only=True):
    case: UUID
    other: UUID
    kind: str


class ReadNotices(Command, frozen=True, kw_only=True):
    """All of one's notices up to this moment."""

    until: Moment


# --- rules and calendar ---------------------------------------------------------------------------


class SaveRules(Command, frozen=True, kw_only=True):
    """The numbers of a stream from a day on. Cases that were opened before keep theirs. `rules`: what differs from the first set."""

    stream: StreamName
    valid_from: Day
    rules: dict[str, Any]
    note: Annotated[str, Meta(max_length=500)] = ""


class RulesSaved(Event, frozen=True, kw_only=True):
    stream: str
    version: int
    valid_from: Day
    rules: dict[str, Any]
    note: str
    by_name: str


class CalendarDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`works`: a weekend day that is worked (调休); otherwise a weekday that is not."""

    day: Day
    works: bool = False
    name: Annotated[str, Meta(max_length=40)] = ""


class SaveCalendarDays(Command, frozen=True, kw_only=True):
    """They go before what the hub knows by itself. `year`: the arrangement of that year is replaced as a whole."""

    days: Annotated[tuple[CalendarDay, ...], Meta(max_length=1000)]
    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None


class CalendarDaysSaved(Event, frozen=True, kw_only=True):
    days: tuple[CalendarDay, ...]
    year: int | None = None
