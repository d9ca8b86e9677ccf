"""The rows that the directory's views show."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.directory.messages.shapes import OrgKind, PersonKind


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
