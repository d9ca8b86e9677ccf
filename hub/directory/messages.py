"""What may be asked of the directory, what is recorded, and the rows its views show.

Field limits stand here and are checked by the codec. On the wire a team is called a group.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command, Event

ORG_ID = r"^(city|(district|station|department):(0|[1-9]\d{0,3}))$"
OPENID = r"^[0-9A-Za-z_-]*$"
TAG_LONGEST = 20

OrgId = Annotated[str, Meta(pattern=ORG_ID)]
Ref = Annotated[str, Meta(pattern=r"^(person:[0-9a-f-]{36}|station:(0|[1-9]\d{0,3}))$")]
"""`person:<uuid>` or `station:<n>`."""
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Word = Annotated[str, Meta(max_length=60)]
Line = Annotated[str, Meta(max_length=200)]
PersonCode = Annotated[str, Meta(max_length=40)]
Tag = Annotated[str, Meta(min_length=1, max_length=TAG_LONGEST, pattern=r"^[^\s,，、;；|]+$")]
GroupName = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[^,，、;；|]+$")]
"""Neither may hold what separates several of them in one cell of a spreadsheet."""
OpenId = Annotated[str, Meta(max_length=64, pattern=OPENID)]
ChannelName = Literal["screen", "page", "wechat", "sms", "voice"]
Seen = Annotated[int, Meta(ge=0)] | None
"""The version the asker looked at; None: do not compare."""


class OrgKind(StrEnum):
    CITY = "city"              # 市
    DISTRICT = "district"      # 区县
    STATION = "station"        # 代表联络站
    DEPARTMENT = "department"  # 部门


class PersonKind(StrEnum):
    DEPUTY = "deputy"        # 代表
    STAFF = "staff"          # 工作人员
    ATTENDEE = "attendee"    # 列席人员
    HANDLER = "handler"      # 部门经办人


# --- commands -----------------------------------------------------------------------------------


class SaveOrganisation(Command, frozen=True, kw_only=True):
    """The kind is the word before the colon of `organisation`. Moving one moves all below it."""

    organisation: OrgId
    name: Name
    parent: OrgId | None = None
    short_name: Word = ""
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    address: Line = ""
    hours: Line = ""
    contact: Word = ""
    phone: Word = ""
    photo: UUID | None = None
    sort: Annotated[int, Meta(ge=0, le=100_000)] = 0
    auto_answer: bool = False
    active: bool = True
    version: Seen = None


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


# --- answers ------------------------------------------------------------------------------------


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


# --- events -------------------------------------------------------------------------------------


class OrganisationSaved(Event, frozen=True, kw_only=True):
    id: str
    kind: OrgKind
    name: str
    parent: str | None = None
    short_name: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    hours: str = ""
    contact: str = ""
    phone: str = ""
    photo: UUID | None = None
    sort: int = 0
    auto_answer: bool = False
    active: bool = True


class PersonSaved(Event, frozen=True, kw_only=True):
    id: UUID
    code: str
    kind: PersonKind
    name: str
    org: str
    gender: str = ""
    delegation: str = ""
    district: str = ""
    term: str = ""
    post: str = ""
    phone: str = ""
    openid: str = ""
    opt_out: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class PersonRemoved(Event, frozen=True, kw_only=True):
    id: UUID


class OpenIdBound(Event, frozen=True, kw_only=True):
    id: UUID
    openid: str


class AddressSpoiled(Event, frozen=True, kw_only=True):
    """`address` is the one that was spoiled: a newer one is not touched by old bad news."""

    id: UUID
    channel: str
    address: str
    why: str


class AddressCleared(Event, frozen=True, kw_only=True):
    id: UUID
    channel: str


class GroupSaved(Event, frozen=True, kw_only=True):
    id: UUID
    name: str
    kind: str = ""
    scope: str = "city"
    note: str = ""
    members: tuple[str, ...] = ()


class GroupRemoved(Event, frozen=True, kw_only=True):
    id: UUID


class RosterSaved(Event, frozen=True, kw_only=True):
    id: UUID
    org: str
    day: date
    starts: datetime
    ends: datetime
    person: UUID
    duty: str = ""
    backup: UUID | None = None


class RosterRemoved(Event, frozen=True, kw_only=True):
    id: UUID


# --- rows of views ------------------------------------------------------------------------------


class OrganisationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the tree. `people` counts the active people at or below it, by kind."""

    id: str
    kind: OrgKind
    parent: str | None
    path: tuple[str, ...]
    name: str
    short_name: str
    lon: float | None
    lat: float | None
    address: str
    hours: str
    contact: str
    phone: str
    photo: UUID | None
    sort: int
    auto_answer: bool
    active: bool
    people: dict[PersonKind, int]
    version: int


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """`phone` is masked for who may not edit the directory; `openid` says only whether there is
    one. `phone_bad`/`openid_bad`: why the address is not used any more, "" = good."""

    id: UUID
    code: str
    kind: PersonKind
    name: str
    pinyin: str
    gender: str
    org: str
    org_name: str
    path: tuple[str, ...]
    delegation: str
    district: str
    term: str
    post: str
    phone: str
    openid: bool
    phone_bad: str
    openid_bad: str
    opt_out: tuple[str, ...]
    tags: tuple[str, ...]
    active: bool
    version: int


class PersonCard(msgspec.Struct, frozen=True, kw_only=True):
    """One person in full: what an editor's form starts from. Masked like PersonRow; `openid` is
    "" for who may not edit, and `has_openid` tells whether there is one."""

    id: UUID
    code: str
    kind: PersonKind
    name: str
    gender: str
    org: str
    org_name: str
    path: tuple[str, ...]
    delegation: str
    district: str
    term: str
    post: str
    phone: str
    openid: str
    has_openid: bool
    phone_bad: str
    openid_bad: str
    opt_out: tuple[str, ...]
    tags: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    """(id, name) of each."""
    active: bool
    version: int


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    kind: str
    scope: str
    scope_name: str
    note: str
    members: int
    version: int


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref, `person:<uuid>` or `station:<n>`; `kind` is a PersonKind or `station`."""

    id: str
    kind: str
    name: str
    org: str
    org_name: str


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """Phones are masked for who may not edit the directory."""

    id: UUID
    org: str
    org_name: str
    day: date
    starts: datetime
    ends: datetime
    person: UUID
    person_name: str
    phone: str
    duty: str
    backup: UUID | None
    backup_name: str
    backup_phone: str
    version: int


class TagRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the tag itself."""

    id: str
    people: int


class OutlineRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the organisation's; `geojson` is a GeoJSON Feature (WGS 84)."""

    id: str
    geojson: dict[str, Any]


# --- parameters of views ------------------------------------------------------------------------


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
