"""What is recorded of organisations, people, groups and duty, for ever."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.kernel.messages import Event


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
