"""What may be asked about accounts, and the rows their views show.

Who signs in with a first password, or without the second factor his role needs, may do nothing
but `ChangeOwnPassword`, `EnrolTotp` and `ConfirmTotp`: `GET /api/me` then names what is owed
(`owes`: "password", "totp").
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Role
from hub.kernel.messages import Command

Login = Annotated[str, Meta(min_length=2, max_length=60, pattern=r"^[A-Za-z0-9._@-]+$")]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Secret = Annotated[str, Meta(min_length=1, max_length=200)]
"""A password as typed. Never logged, never stored; the rules for new ones are in access_model."""
Code = Annotated[str, Meta(min_length=6, max_length=8, pattern=r"^[0-9 ]+$")]
Scope = Annotated[
    str, Meta(max_length=80, pattern=r"^(city|(district|station|department):[0-9]{1,9}|person:[0-9a-f-]{36})$")
]
StationRef = Annotated[str, Meta(max_length=20, pattern=r"^station:[0-9]{1,9}$")]
Roles = Annotated[tuple[Role, ...], Meta(min_length=1, max_length=7)]
Scopes = Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=50)]


# --- commands: accounts ---------------------------------------------------------------------------


class SaveAccount(Command, frozen=True, kw_only=True):
    """New when there is no such `account` (its id is made by who asks); `password` is then needed
    and must be changed at the first sign-in. Result: AccountRow."""

    account: UUID
    login: Login
    name: Name
    roles: Roles
    scopes: Scopes
    person: UUID | None = None
    totp_required: bool = False
    """Needed anyway for operators, approvers and administrators."""
    password: Secret | None = None


class SetPassword(Command, frozen=True, kw_only=True):
    """A first password for somebody else: it ends his sessions and must be changed at sign-in."""

    account: UUID
    password: Secret


class DisableAccount(Command, frozen=True, kw_only=True):
    """Also the way back: `disabled` false. Disabling ends the account's sessions."""

    account: UUID
    disabled: bool = True


class RemoveTotp(Command, frozen=True, kw_only=True):
    """For a lost phone: the second factor must be enrolled again at the next sign-in."""

    account: UUID


# --- commands: one's own --------------------------------------------------------------------------


class ChangeOwnPassword(Command, frozen=True, kw_only=True):
    """Ends one's other sessions; `keep` (session id from GET /api/me) goes on."""

    old: Secret
    new: Secret
    keep: UUID | None = None


class EnrolTotp(Command, frozen=True, kw_only=True):
    """Result: TotpOffer. Nothing changes until ConfirmTotp brings a code of the new secret."""

    password: Secret


class ConfirmTotp(Command, frozen=True, kw_only=True):
    """On the wire the field is `code`; inside it has another name, because audit lines are named
    after a command's `code`, and this one is a secret."""

    given: Code = msgspec.field(name="code")


class RevokeSession(Command, frozen=True, kw_only=True):
    """One's own, or anybody's below one's scopes with the permission `accounts`."""

    session: UUID


# --- commands: machines and links -----------------------------------------------------------------


class EnrolDevice(Command, frozen=True, kw_only=True):
    """Result: KeyMade; the key is shown this once."""

    station: StationRef
    name: Name


class RevokeDevice(Command, frozen=True, kw_only=True):
    device: UUID


class CreateApiKey(Command, frozen=True, kw_only=True):
    """Result: KeyMade; the key is shown this once."""

    name: Name
    roles: Roles
    scopes: Scopes
    expires: datetime | None = None


class RevokeApiKey(Command, frozen=True, kw_only=True):
    key: UUID


class RevokeLinks(Command, frozen=True, kw_only=True):
    """Every link and page session given to this person until now ends (a lost phone)."""

    person: UUID


# --- results --------------------------------------------------------------------------------------


class KeyMade(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    key: str


class TotpOffer(msgspec.Struct, frozen=True, kw_only=True):
    """`uri` is what the QR code `svg` says; `secret` is for typing by hand."""

    secret: str
    uri: str
    svg: str


# --- rows -----------------------------------------------------------------------------------------


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    login: str
    name: str
    person: UUID | None
    roles: tuple[Role, ...]
    scopes: tuple[str, ...]
    disabled: bool
    totp: bool
    """A second factor is enrolled."""
    totp_required: bool
    locked_until: datetime | None
    created: datetime
    password_set_at: datetime | None
    """None: first password, still to be changed."""
    last_seen: datetime | None


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    who: str
    """`account:<id>` or `person:<id>`."""
    name: str
    created: datetime
    last_seen: datetime
    expires: datetime
    address: str
    agent: str


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    station: str
    name: str
    created: datetime
    last_seen: datetime | None
    revoked_at: datetime | None


class ApiKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    roles: tuple[Role, ...]
    scopes: tuple[str, ...]
    created: datetime
    created_by: str
    expires: datetime | None
    last_seen: datetime | None
    revoked_at: datetime | None


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: datetime
    actor: str
    actor_name: str
    act: str
    """`sign-in`, `sign-out`, a command's name, …"""
    about: str
    """What it was done to: `account:<id>`, `device:<id>`, `broadcast-<id>`, …"""
    outcome: str
    """`ok` or `refused`; `detail.code` says why."""
    address: str
    detail: dict[str, Any]


# --- what views take ------------------------------------------------------------------------------


Limit = Annotated[int, Meta(ge=1, le=500)]
Words = Annotated[str, Meta(max_length=100)]




class AccountParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Words = ""
    role: Role | None = None
    limit: Limit = 200
    offset: Annotated[int, Meta(ge=0, le=100_000)] = 0


class SessionParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Words = ""
    limit: Limit = 200
    offset: Annotated[int, Meta(ge=0, le=100_000)] = 0


class OwnParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing to choose."""


class KeyParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Words = ""
    revoked: bool = False
    """Show revoked ones too."""
    limit: Limit = 200
    offset: Annotated[int, Meta(ge=0, le=100_000)] = 0


class AuditParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Newest first. The next page: `before` = the last row's id. `outcome`: `ok` or `refused`.
    `since` and `until` enclose: since <= at < until."""

    actor: Words = ""
    act: Words = ""
    outcome: Words = ""
    text: Words = ""
    since: datetime | None = None
    until: datetime | None = None
    before: Annotated[int, Meta(ge=1)] | None = None
    limit: Limit = 100
