"""What may be asked of the directory, and what the asker hears."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.directory.messages.shapes import (
    LAST_NUMBER,
    ChannelName,
    GroupName,
    Latitude,
    Line,
    Longitude,
    Name,
    OpenId,
    OrgId,
    PersonCode,
    PersonKind,
    Ref,
    Seen,
    Tag,
    Word,
)
from hub.kernel.messages import Command


class SaveOrganisation(Command, frozen=True, kw_only=True):
    """The kind is the word before the colon of `organisation`. Moving one moves all below it."""

    organisation: OrgId
    name: Name
    parent: OrgId | None = None
    short_name: Word = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    address: Line = ""
    hours: Line = ""
    contact: Word = ""
    phone: Word = ""
    photo: UUID | None = None
    sort: Annotated[int, Meta(ge=0, le=100_000)] = 0
    auto_answer: bool = False
    active: bool = True
    version: Seen = None


class CreateOrganisation(Command, frozen=True, kw_only=True):
    """A new one under `parent`. `number` becomes part of its id; None takes the next free one. A
    station needs coordinates, or no map can show it. The answer's `id` is the new one's."""

    kind: Literal["district", "station", "department"]
    name: Name
    parent: OrgId
    number: Annotated[int, Meta(ge=0, le=LAST_NUMBER)] | None = None
    short_name: Word = ""
    lon: Longitude | None = None
    lat: Latitude | None = None
    address: Line = ""
    hours: Line = ""
    contact: Word = ""
    phone: Word = ""
    photo: UUID | None = None
    auto_answer: bool = False


class SavePerson(Command, frozen=True, kw_only=True):
    """Saving somebody who was removed takes them back. An empty `code` is filled in. `phone` may
    be written as people write it; it is stored as E.164."""

    person: UUID
    kind: PersonKind
    name: Name
    org: OrgId
    code: PersonCode = ""
    gender: Literal["", "男", "女"] = ""
    delegation: Word = ""
    district: Word = ""
    term: Word = ""
    post: Word = ""
    phone: Word = ""
    openid: OpenId = ""
    opt_out: Annotated[tuple[ChannelName, ...], Meta(max_length=5)] = ()
    tags: Annotated[tuple[Tag, ...], Meta(max_length=20)] = ()
    version: Seen = None


class RemovePerson(Command, frozen=True, kw_only=True):
    """The person stays on record, is shown to nobody and gets nothing any more."""

    person: UUID
    version: Seen = None


class SaveGroup(Command, frozen=True, kw_only=True):
    group: UUID
    name: GroupName
    kind: Word = ""
    scope: OrgId = "city"
    note: Line = ""
    members: Annotated[tuple[Ref, ...], Meta(max_length=20_000)] = ()
    version: Seen = None


class RemoveGroup(Command, frozen=True, kw_only=True):
    group: UUID
    version: Seen = None


class SaveRoster(Command, frozen=True, kw_only=True):
    """Who is on duty at `org` from `starts` until `ends`; `day` is the local day it is listed under."""

    roster: UUID
    org: OrgId
    day: date
    starts: datetime
    ends: datetime
    person: UUID
    duty: Word = ""
    backup: UUID | None = None
    version: Seen = None


class RemoveRoster(Command, frozen=True, kw_only=True):
    roster: UUID
    version: Seen = None


class BindOpenId(Command, frozen=True, kw_only=True):
    """A deputy signed in by WeChat, or an editor typed it. An empty `openid` unbinds."""

    person: UUID
    openid: OpenId


class SpoilAddress(Command, frozen=True, kw_only=True):
    """The vendor says the address is dead. `sms` and `voice` mean the phone, `wechat` the openid."""

    person: UUID
    channel: Literal["sms", "voice", "wechat"]
    why: Annotated[str, Meta(min_length=1, max_length=200)]


class ClearAddress(Command, frozen=True, kw_only=True):
    person: UUID
    channel: Literal["sms", "voice", "wechat"]


class Saved(msgspec.Struct, frozen=True):
    """`id` is the key of the row in its view; `version` is the one to send with the next wish."""

    id: str
    version: int


class BadCell(msgspec.Struct, frozen=True):
    """`row` counts as the spreadsheet does (the headings are row 1); 0 means the whole file."""

    row: int
    column: str
    value: str
    zh: str
    en: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` = new + changed + same + rows that are bad. With any bad row nothing was changed.

    `bad` and `warnings` list the first 1,000 each; the totals count all of them.
    """

    rows: int
    new: int
    changed: int
    same: int
    bad: tuple[BadCell, ...] = ()
    bad_total: int = 0
    bad_rows: int = 0
    warnings: tuple[BadCell, ...] = ()
    warnings_total: int = 0
    new_groups: tuple[str, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    applied: bool = False
