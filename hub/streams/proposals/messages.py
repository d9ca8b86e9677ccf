"""What may be asked beside the steps of a case: sessions, terms, yearly reports; and what the views show."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.lifecycle import asked
from hub.kernel.messages import Command, Event

Year = Annotated[int, Meta(ge=2000, le=2100)]
Name = Annotated[str, Meta(min_length=2, max_length=60)]
Ref = Annotated[str, Meta(max_length=80)]


class Stage(StrEnum):
    """Of a yearly report: to the committee, printed for the next session, public (DL 51, ZS 29)."""

    DRAFTED = "drafted"
    TO_COMMITTEE = "to_committee"
    PRINTED = "printed"
    PUBLISHED = "published"


class SaveSession(Command, frozen=True, kw_only=True):
    """A session of the congress, and until when the presidium takes motions."""

    session: UUID
    name: Annotated[str, asked("会议名称", "Session", min_length=2, max_length=60)]
    term: Annotated[str, asked("届次", "Term", min_length=2, max_length=30)]
    first: Annotated[date, asked("开幕", "First day")]
    last: Annotated[date, asked("闭幕", "Last day")]
    motions_until: Annotated[datetime, asked("议案截止时间", "Motions until", tz=True)]


class ChangeTerm(Command, frozen=True, kw_only=True):
    """换届. Drafts of the old term lapse; what was handed in is handled on, and its deputies get their replies."""

    term: Annotated[str, asked("新一届", "New term", min_length=2, max_length=30)]
    since: Annotated[date, asked("自", "Since")]


class SaveYearReport(Command, frozen=True, kw_only=True):
    """Publishing freezes the year's figures in it."""

    year: Year
    text: Annotated[str, asked("报告正文", "Report", rows=12, min_length=10, max_length=50_000)]
    stage: Annotated[Stage, asked("阶段", "Stage")] = Stage.DRAFTED


class SessionSaved(Event, frozen=True, kw_only=True):
    session: UUID
    name: str
    term: str
    first: date
    last: date
    motions_until: datetime


class TermChanged(Event, frozen=True, kw_only=True):
    """`ends`: the term that ran until then, where it was known."""

    term: str
    since: date
    ends: str = ""


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """`n` of `of`, which the names say. `share` is None where there is nothing to count."""

    code: str
    zh: str
    en: str
    n: int
    of: int
    of_zh: str
    of_en: str
    share: float | None


class FigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """`parts`: assignments to units that answer, lead or separate; what is said of replies counts these."""

    key: str
    name: str
    cases: int
    motions: int
    inquiries: int = 0
    accepted: int
    refused: int
    withdrawn: int
    merged: int
    key_items: int
    closed: int
    parts: int
    replied: int
    on_time: int
    overdue: int
    class_a: int
    class_b: int
    class_c: int
    class_d: int
    first_rated: int
    first_satisfied: int
    first_basically: int
    first_unsatisfied: int
    rated: int
    satisfied: int
    basically: int
    unsatisfied: int
    promises: int
    fulfilment_rated: int
    fulfilled: int
    partly: int
    unfulfilled: int
    rates: tuple[Rate, ...] = ()


class YearReportSaved(Event, frozen=True, kw_only=True):
    year: int
    text: str
    stage: Stage
    figures: FigureRow | None = None


By = Literal["all", "year", "kind", "topic", "subtopic", "unit", "delegation", "deputy", "class", "term", "topic_year"]
Figure = Literal[
    "cases", "motions", "inquiries", "accepted", "refused", "withdrawn", "merged", "key_items", "closed", "parts", "replied", "on_time", "overdue",
    "class_a", "class_b", "class_c", "class_d", "first_rated", "first_satisfied", "first_basically", "first_unsatisfied", "rated", "satisfied",
    "basically", "unsatisfied", "promises", "fulfilment_rated", "fulfilled", "partly", "unfulfilled"]


class FiguresParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year | None = None
    kind: Literal["", "suggestion", "motion", "inquiry"] = ""
    by: By = "all"
    """`topic_year`: how a matter goes on over the years; its keys are `topic/year`."""


class PartsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rows that figures count. `by`, `key` and `counted` name one figure: the rows are as many as it says."""

    year: Year | None = None
    kind: Literal["", "suggestion", "motion", "inquiry"] = ""
    unit: Ref = ""
    by: By = "all"
    key: Ref | None = None
    counted: Literal["", Figure] = ""
    size: Annotated[int, Meta(ge=1, le=20_000)] = 200
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class PartRow(msgspec.Struct, frozen=True, kw_only=True):
    """One case, or of a case with several units one row for each; empty `unit`: not assigned."""

    id: str
    case: UUID
    number: str
    title: str
    year: int
    term: str
    kind: str
    topic: str
    delegation: str
    lead: str
    lead_name: str
    state: str
    state_zh: str
    state_en: str
    key: bool
    refusal: str
    merged: bool
    submitted: date | None
    accepted: date | None
    assigned: date | None
    ended: date | None
    unit: str
    unit_name: str
    role: str
    signed: date | None
    due: date | None
    replied: date | None
    on_time: bool | None
    overdue: bool
    rounds: int
    klass: str
    first_rating: str
    rating: str
    promise: str
    solve_by: date | None
    reported: date | None
    solved: bool | None
    fulfilment: str


class CommitmentsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ledger of promises. `open`: only those neither reported as solved nor rated."""

    unit: Ref = ""
    year: Year | None = None
    open: bool = False
    size: Annotated[int, Meta(ge=1, le=500)] = 100
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class CommitmentRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    case: UUID
    number: str
    title: str
    year: int
    lead: str
    lead_name: str
    unit: str
    unit_name: str
    promise: str
    solve_by: date | None
    reported: date | None
    solved: bool | None
    fulfilment: str


class KeyItemsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year | None = None
    size: Annotated[int, Meta(ge=1, le=200)] = 100
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class KeyItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """重点建议: which head leads it, which committee urges it and what it reported."""

    id: UUID
    number: str
    title: str
    year: int
    lead_name: str
    unit_names: tuple[str, ...]
    state: str
    state_zh: str
    state_en: str
    tone: str
    decided: date
    leader: str
    committee: str
    report: str
    urgings: int
    contacts: int
    due: date | None


class PublicParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year | None = None
    topic: Ref = ""
    q: Annotated[str, Meta(max_length=60)] = ""
    size: Annotated[int, Meta(ge=1, le=100)] = 20
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1


class PublicLetter(msgspec.Struct, frozen=True, kw_only=True):
    unit_name: str
    number: str
    klass: str
    text: str


class PublicRow(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may read of a case that is neither confidential nor still before its desk."""

    id: UUID
    number: str
    title: str
    kind: str
    topic: str
    year: int
    delegation: str
    lead_name: str
    unit_names: tuple[str, ...]
    state_zh: str
    state_en: str
    accepted: date | None
    replied: date | None
    ratings: tuple[str, ...]
    letters: tuple[PublicLetter, ...]


class ContactsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    case: UUID


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call about a case: its deputies, and the handlers and heads of its units."""

    id: str
    relation: str
    relation_zh: str
    name: str
    post: str
    unit_name: str
    phone: str


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    term: str
    first: date
    last: date
    motions_until: datetime


class TermRow(msgspec.Struct, frozen=True, kw_only=True):
    """A term of the congress 届. `since` is None where its beginning was never entered."""

    id: str
    since: date | None
    until: date | None
    now: bool


class YearParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year


class YearRow(msgspec.Struct, frozen=True, kw_only=True):
    """A year as it is reported to the committee: figures now, and as they were when the report was published."""

    year: int
    stage: str
    text: str
    figures: FigureRow
    published: FigureRow | None
    units: tuple[FigureRow, ...]
    topics: tuple[FigureRow, ...]
