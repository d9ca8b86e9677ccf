"""Rows of the views that every stream has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec


class Party(msgspec.Struct, frozen=True):
    """Somebody a case concerns: `person:…`, `department:…`, `account:…`, `desk:…`."""

    ref: str
    name: str


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One case in a list. `number` is empty until it has one; `due_clock` names the clock that ends first; `shown`: the facts that
    its stream's list has columns of, another case by its title."""

    id: UUID
    stream: str
    version: int
    number: str
    year: int
    title: str
    kind: str
    topic: str
    state: str
    state_zh: str
    state_en: str
    tone: str
    confidential: bool
    opened: datetime
    since: datetime
    lead: Party | None
    unit: Party | None
    waits_for: tuple[Party, ...]
    due: date | None
    due_clock: str
    due_zh: str
    due_en: str
    overdue: bool
    shown: dict[str, Any]


class LeftOutDay(msgspec.Struct, frozen=True):
    day: date
    why: str


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A running clock. `left`: days to go in the clock's own unit, negative after the end; `left_out`: days not counted."""

    clock: str
    zh: str
    en: str
    started: date
    due: date
    unit: str
    left: int
    left_out: tuple[LeftOutDay, ...]
    overdue: bool
    extended: bool
    source: str


class OwedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is owed for a deadline missed. `mine`: the asker may give it."""

    clock: str
    zh: str
    en: str
    since: date
    mine: bool


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    mime: str
    size: int
    url: str
    at: datetime
    version: int


class RelatedCase(msgspec.Struct, frozen=True, kw_only=True):
    """`towards`: this case names the other."""

    id: UUID
    stream: str
    number: str
    title: str
    state_zh: str
    state_en: str
    kind: str
    towards: bool


class CaseDetail(msgspec.Struct, frozen=True, kw_only=True):
    """`inside` false: the case is only public to the asker, who sees no forms, files or notes."""

    row: CaseRow
    id: UUID
    rules: str
    inside: bool
    facts: dict[str, Any]
    parties: dict[str, tuple[Party, ...]]
    clocks: tuple[ClockRow, ...]
    owed: tuple[OwedRow, ...]
    files: tuple[CaseFile, ...]
    relations: tuple[RelatedCase, ...]


class CaseVersion(msgspec.Struct, frozen=True):
    """Told when a case that is being looked at has changed: fetch it again."""

    id: UUID
    version: int
    state: str


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A button. `form`: JSON Schema; `fills`: what the case already knows of the form's fields; `why_not`: what stands in the way now."""

    command: str
    zh: str
    en: str
    form: dict[str, Any]
    fills: dict[str, Any]
    why_not_zh: str
    why_not_en: str
    source: str


class FilledField(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    zh: str
    en: str
    value: Any


class TrailRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what when on which text. `event` is the step's event, or the clock that struck."""

    id: UUID
    version: int
    at: datetime
    by: Party
    event: str
    zh: str
    en: str
    state: str
    state_zh: str
    state_en: str
    fields: tuple[FilledField, ...]
    late: bool = False
    names: Mapping[str, str] = {}
    """Of the refs in `fields`."""


class CaseCount(msgspec.Struct, frozen=True, kw_only=True):
    """`n` of `of`, which `of_zh` names. `overdue`: those with a clock that has run out; `closed`: in a state that ends the case."""

    key: str
    zh: str
    en: str
    n: int
    overdue: int
    closed: int
    of: int
    of_zh: str
    of_en: str


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    case: UUID
    stream: str
    at: datetime
    zh: str
    en: str
    urgent: bool
    late: bool
    unread: bool


class ListColumn(msgspec.Struct, frozen=True, kw_only=True):
    """`name`: a field of the row, or one of `shown`."""

    name: str
    zh: str
    en: str


class LifecycleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A life's tables for a screen. `opens`: commands that open a case; `family`: what it stands under in a menu, empty: by itself;
    `table` is Markdown, `diagram` Mermaid."""

    name: str
    noun: str
    zh: str
    en: str
    states: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    clocks: list[dict[str, Any]]
    relations: dict[str, tuple[str, str]]
    words: dict[str, dict[str, tuple[str, str]]]
    facts: dict[str, Any]
    opens: tuple[str, ...]
    family: tuple[str, str]
    columns: tuple[ListColumn, ...]
    oversees: bool
    diagram: str
    table: str


class RuleSetRow(msgspec.Struct, frozen=True, kw_only=True):
    """`version` 0 is what the stream starts with. `now`: new cases get it today; `form`: JSON Schema of the numbers."""

    id: str
    stream: str
    version: int
    valid_from: date | None
    rules: dict[str, Any]
    note: str
    by_name: str
    at: datetime | None
    now: bool
    form: dict[str, Any]


class CalendarRow(msgspec.Struct, frozen=True, kw_only=True):
    """A day that differs from its week. `imported`: it was saved here; otherwise the hub knows it by itself."""

    day: date
    works: bool
    name: str
    imported: bool
