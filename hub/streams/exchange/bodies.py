"""The province's shape of each kind: what a row must be. Every field is looked at, so that all that is wrong is said at once. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.streams.exchange.messages import FieldError

MOST_ERRORS = 100

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Short = Annotated[str, Meta(max_length=100)]
Code = Annotated[str, Meta(min_length=1, max_length=60)]
Prose = Annotated[str, Meta(max_length=60_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Hours = Annotated[float, Meta(ge=0, le=100_000)]


class ReplyRow(msgspec.Struct, frozen=True, kw_only=True):
    """`text` empty: the letter is not public. `rating` empty: not rated yet."""

    unit: Name
    round: Count
    on: date
    number: Short
    klass: Short
    rating: Short
    text: Prose


class SuggestionRow(msgspec.Struct, frozen=True, kw_only=True):
    """议案建议. `number` as in 建议〔2026〕12号."""

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern="〔[0-9]{4}〕[0-9]+号$")]
    kind: Code
    status: Code
    status_zh: Name
    title: Name
    topic: Short
    text: Prose
    lead: Name
    delegation: Short
    cosigners: Count
    term: Short
    session: Short
    accepted_on: date | None
    assigned_on: date | None
    units: tuple[Name, ...]
    assisting: tuple[Name, ...]
    replies: tuple[ReplyRow, ...]


class BareRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was told before and is told no more: `status` withdrawn or withheld."""

    number: Code
    status: Code
    status_zh: Name


class ActivityRow(msgspec.Struct, frozen=True, kw_only=True):
    number: Code
    status: Code
    status_zh: Name
    title: Name
    kind: Code
    kind_zh: Name
    starts: datetime
    ends: datetime
    place: Name
    delegations: tuple[Name, ...]
    quota: Count
    hours: Hours


class DeputyRow(msgspec.Struct, frozen=True, kw_only=True):
    """代表任职. `status`: in_office, suspended, terminated …; `since`: elected or ended on that day."""

    code: Code
    name: Name
    delegation: Short
    district: Short
    term: Short
    status: Code
    since: date | None


class StationRow(msgspec.Struct, frozen=True, kw_only=True):
    id: Code
    name: Name
    district: Short
    address: Annotated[str, Meta(max_length=300)]
    hours: Short
    lon: Annotated[float, Meta(ge=-180, le=180)] | None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None
    open: bool


class DutyRow(msgspec.Struct, frozen=True, kw_only=True):
    """履职统计 of one deputy in one month (`2026-11`) or year (`2026`); `kinds`: kind → how many of the records."""

    period: Annotated[str, Meta(pattern="^[0-9]{4}(-[0-9]{2})?$")]
    code: Code
    name: Name
    delegation: Short
    records: Count
    hours: Hours
    kinds: dict[str, Count]


class GuidanceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """指导意见, of the object that the manifest names or in general."""

    title: Annotated[str, Meta(min_length=2, max_length=100)]
    text: Annotated[str, Meta(min_length=2, max_length=10_000)]
    issuer: Annotated[str, Meta(min_length=1, max_length=100)] = "省人大常委会"


class CorrectionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """更正要求: one of our packages, by its number, has these faults."""

    number: Annotated[str, Meta(min_length=1, max_length=40)]
    text: Annotated[str, Meta(max_length=2000)] = ""
    errors: Annotated[tuple[FieldError, ...], Meta(min_length=1, max_length=MOST_ERRORS)]


class GivenBody(msgspec.Struct, frozen=True, kw_only=True):
    """Of a package from the province; its rows are looked at by its kind."""

    kind: Code
    rows: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1, max_length=1)]


def errors_in(shape: type[msgspec.Struct], rows: Sequence[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    return tuple(error for _, error in zip(range(MOST_ERRORS), _errors(shape, rows), strict=False))


def _errors(shape: type[msgspec.Struct], rows: Sequence[Mapping[str, Any]]) -> Iterator[FieldError]:
    for place, row in enumerate(rows):
        if _fits(row, shape):
            continue
        for field in msgspec.structs.fields(shape):
            why = _why_not(row, field)
            if why:
                yield FieldError(field=f"rows.{place}.{field.name}", why=why)


def _fits(row: Mapping[str, Any], shape: type[msgspec.Struct]) -> bool:
    try:
        msgspec.convert(row, shape)
    except msgspec.ValidationError:
        return False
    return True


def _why_not(row: Mapping[str, Any], field: msgspec.structs.FieldInfo) -> str:
    if field.name not in row:
        return "missing" if field.required else ""
    try:
        msgspec.convert(row[field.name], field.type)
    except msgspec.ValidationError as error:
        return str(error)[:500]
    return ""
