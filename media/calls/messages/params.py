"""What a view of calls may be asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from media.calls.messages.shapes import Offset, OrgId, Words
from media.calls.words import CallKind, LineKind


class CallsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Newest first; `before`: the `started_at` of the last row seen. Watched, it tells open ones and ended ones alike."""

    state: Literal["open", "all"] = "open"
    text: Words = ""
    kind: tuple[CallKind, ...] = ()
    before: Annotated[datetime, Meta(tz=True)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class OfCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    call: UUID


class LinesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without `kinds`: stations, seats and staff; and whoever is in a call. Watched, it tells all lines of the
    asker's scope."""

    kinds: tuple[LineKind, ...] = ()
    org: OrgId = "city"
    text: Words = ""
    limit: Annotated[int, Meta(ge=1, le=2000)] = 500
    offset: Offset = 0
