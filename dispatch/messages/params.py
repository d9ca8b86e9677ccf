"""What a view of dispatch may be asked for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.messages.shapes import Audience, Code, Offset, RecipientKind
from dispatch.words import BroadcastState, Channel, Outcome, Priority


class OfBroadcast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    broadcast: UUID


class OfPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`meetings/<id>` or `calls/<id>`."""

    page: Annotated[str, Meta(pattern=r"^(meetings|calls)/[0-9a-f-]{36}$")]


class BroadcastsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    open_only: bool = False
    state: tuple[BroadcastState, ...] = ()
    priority: tuple[Priority, ...] = ()
    drill: bool | None = None
    text: Annotated[str, Meta(max_length=60)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Offset = 0


class RecipientsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    broadcast: UUID
    outcome: tuple[Outcome, ...] = ()
    kind: tuple[RecipientKind, ...] = ()
    road: tuple[Channel, ...] = ()
    district: str = ""
    station: str = ""
    reply: str = ""
    text: Annotated[str, Meta(max_length=60)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    offset: Offset = 0


class DeadParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    broadcast: UUID | None = None


class OfDelivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    delivery: UUID


class AudienceParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    audience: Audience
    priority: Priority = Priority.ORDINARY
    ladder: Code | None = None
    text: Annotated[str, Meta(max_length=2000)] = ""
