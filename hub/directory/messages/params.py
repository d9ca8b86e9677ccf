"""What a view of the directory may be asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.directory.messages.shapes import OrgId, PersonKind, Tag, Word


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class PeopleParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`text` finds names, pinyin, initials, codes and ends of phone numbers. Lists mean "any of"."""

    text: Word = ""
    org: Annotated[tuple[OrgId, ...], Meta(max_length=200)] = ()
    kind: tuple[PersonKind, ...] = ()
    tag: Annotated[tuple[Tag, ...], Meta(max_length=50)] = ()
    group: UUID | None = None
    road: Literal["", "phone", "wechat", "none"] = ""
    """Only who has a good phone, a good openid, or neither."""
    active: bool = True
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class OfPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    person: UUID


class OfGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    group: UUID
    limit: Annotated[int, Meta(ge=1, le=20_000)] = 500
    offset: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class RostersParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days from `first` to `last`, both included, at or below `org`."""

    first: date
    last: date
    org: OrgId = "city"


class OnDutyParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`at`: the moment asked about; None means now."""

    org: OrgId = "city"
    at: datetime | None = None
