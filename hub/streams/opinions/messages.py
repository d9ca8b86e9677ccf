"""What is shown of opinions: figures for desks, and what a citizen sees of his own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Year = Annotated[int, Meta(ge=2000, le=2100)]
By = Literal["", "month", "kind", "district", "station", "unit", "came", "place"]
Rating = Literal["", "satisfied", "basically", "unsatisfied"]


class OpinionFiguresParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`by` empty: all in one row."""

    year: Year | None = None
    by: By = ""


class OpinionRowsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rows that the figures count."""

    year: Year | None = None
    rating: Rating = ""
    unit: Annotated[str, Meta(max_length=20)] = ""
    overdue: bool = False
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=500)] = 50


class FrequentParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year | None = None


class OpinionShare(msgspec.Struct, frozen=True, kw_only=True):
    """`n` of `of`, which the names say. `share` is None where there is nothing to count; `target`: what it must not fall below."""

    code: str
    zh: str
    en: str
    n: int
    of: int
    of_zh: str
    of_en: str
    share: float | None
    target: float | None


class OpinionFigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """`handled` = `told` + `merged` + `refused`; `told`: ever told an answer. `rated` = `satisfied` + `basically` + `unsatisfied`, each by the
    citizen's last word; `resolved` = `satisfied` + `basically`. `again`: opened a second time. `overdue`: open, with a limit that is over."""

    key: str
    zh: str
    en: str
    received: int
    handled: int
    told: int
    merged: int
    refused: int
    open: int
    overdue: int
    again: int
    rated: int
    satisfied: int
    basically: int
    unsatisfied: int
    resolved: int
    rates: tuple[OpinionShare, ...]


class OpinionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One opinion as it is counted. `answered`: when the citizen was told first."""

    id: UUID
    title: str
    number: str
    kind: str
    grade: str
    came: str
    place: str
    district: str
    station: str
    unit: str
    state: str
    at: datetime
    sorted: datetime | None
    answered: datetime | None
    rating: str
    again: bool
    ended: datetime | None


class FrequentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of the ten kinds, or the ten places, that are spoken of most."""

    id: str
    what: Literal["kind", "place"]
    rank: int
    key: str
    zh: str
    en: str
    n: int


class PublicPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Whose code was scanned. Of a deputy `station`, `address`, `hours` are his station's, where he has one."""

    ref: str
    name: str
    kind: Literal["station", "deputy"]
    station: str
    address: str
    hours: str


class PublicKind(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    zh: str
    en: str


class OwnOpinion(msgspec.Struct, frozen=True, kw_only=True):
    """What who knows its id sees of it. `answer`: only what he has been told; of one that was merged, the other's."""

    id: UUID
    number: str
    state: str
    state_zh: str
    state_en: str
    at: datetime
    text: str
    answer: str
    answered_at: datetime | None
    unit: str
    may_rate: bool
