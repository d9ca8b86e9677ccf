"""What is shown of how snapshots came over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Year = Annotated[int, Meta(ge=2000, le=2100)]
By = Literal["", "month", "kind", "deputy"]
Outcome = Literal["", "underway", "delivered", "lost", "dropped"]


class SendingFiguresParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`by` empty: all in one row."""

    year: Year | None = None
    by: By = ""


class SendingsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rows that the figures count. `again`: only those that needed a second attempt."""

    year: Year | None = None
    outcome: Outcome = ""
    again: bool = False
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=500)] = 50


class SendingShare(msgspec.Struct, frozen=True, kw_only=True):
    """`n` of `of`, which the names say. `share` is None where there is nothing to count; `target`: what it must not fall below."""

    code: str
    zh: str
    en: str
    n: int
    of: int
    of_zh: str
    of_en: str
    share: float | None
    target: float


class SendingFigureRow(msgspec.Struct, frozen=True, kw_only=True):
    """`announced` = `underway` + `dropped` + `ended`; `ended` = `delivered` + `lost`. `online`: delivered ones whose sender had a
    line when he pressed. `median`: of their seconds."""

    key: str
    zh: str
    en: str
    announced: int
    underway: int
    dropped: int
    ended: int
    delivered: int
    lost: int
    first_try: int
    online: int
    in_time: int
    median: float | None
    rates: tuple[SendingShare, ...]


class SendingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One snapshot's way to the hub. Without `received` it is not here."""

    id: UUID
    title: str
    number: str
    name: str
    kind: str
    announced: datetime
    received: datetime | None
    outcome: str
    attempts: int
    waited: float
    seconds: float
    online: bool
    clock_off: bool
    pieces: int
    bytes: int
