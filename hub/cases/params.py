"""What the views of cases may be asked for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.cases.messages import Code, StreamName

Page = Annotated[int, Meta(ge=1, le=100_000)]
Size = Annotated[int, Meta(ge=1, le=500)]
Year = Annotated[int, Meta(ge=2000, le=2100)]
Sort = Literal["opened", "due", "since", "number", "title"]
Ref = Annotated[str, Meta(max_length=80)]


class CasesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Empty fields do not narrow. `unit`, `deputy`: a party of the case; `mine`: where the asker is a party; `q`: title or number."""

    stream: StreamName
    state: Code = ""
    kind: Code = ""
    topic: Code = ""
    unit: Ref = ""
    deputy: Ref = ""
    delegation: Annotated[str, Meta(max_length=80)] = ""
    year: Year | None = None
    overdue: bool = False
    mine: bool = False
    q: Annotated[str, Meta(max_length=60)] = ""
    sort: Sort = "opened"
    page: Page = 1
    size: Size = 50


class OfCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    case: UUID


class StepsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a case; or, with a stream alone, what opens one."""

    case: UUID | None = None
    stream: Annotated[str, Meta(max_length=40)] = ""


class CountsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stream: StreamName
    by: Literal["state", "kind", "topic", "unit", "deputy", "delegation", "year"] = "state"
    year: Year | None = None


class NoticesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class WaitingParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=500)] = 200


class RulesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stream: StreamName


class CalendarParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The year's days that differ from their week."""

    year: Year


class CountedDaysParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which day a limit ends, and which days it leaves out."""

    start: date
    n: Annotated[int, Meta(ge=-1000, le=1000)]
    unit: Literal["days", "workdays", "months"] = "workdays"
