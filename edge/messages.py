"""What the hub says and hears, in the shapes an agent needs. Fields it does not know are ignored,
so a newer hub may say more."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

Moment = Annotated[datetime, Meta(tz=True)]


class Priority(StrEnum):
    ORDINARY = "ordinary"
    IMPORTANT = "important"
    EMERGENCY = "emergency"


class Told(StrEnum):
    """What a receipt says; the order of the members is the order in which they may follow."""

    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    PLAYED = "played"
    CONFIRMED = "confirmed"


class AudioFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    url: Annotated[str, Meta(max_length=2000)]
    mime: str = ""
    size: int = 0


class ReplyOption(msgspec.Struct, frozen=True, kw_only=True):
    code: Annotated[str, Meta(max_length=40)]
    label: str = ""
    needs_reason: bool = False


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the view `inbox`. `id` is the delivery's; `outcome` is what the hub knows of it."""

    id: UUID
    title: Annotated[str, Meta(max_length=400)]
    text: Annotated[str, Meta(max_length=20_000)]
    priority: Priority
    sent_at: Moment
    expires_at: Moment
    audio: AudioFile | None = None
    options: tuple[ReplyOption, ...] = ()
    drill: bool = False
    cancelled: bool = False
    outcome: str = ""


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`played_ms` was heard; `gap_ms` is the audio not known to have been heard plus the silence
    the sink fell into, in `gaps` pieces."""

    delivery: UUID
    state: Told
    at: datetime
    reply: str = ""
    reason: str = ""
    played_ms: int | None = None
    gap_ms: int | None = None
    gaps: int | None = None


class ReceiptsTaken(msgspec.Struct, frozen=True):
    taken: int
    unknown: tuple[UUID, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457, as far as it is acted on."""

    status: int = 0
    code: str = ""
    title: str = ""
    detail: str = ""
    retry_after: float | None = None


class Watched(msgspec.Struct, frozen=True):
    """A snapshot. `total` above the number of rows: the snapshot is only a part. `as_of`: the hub's database is
    away, and this is what it knew then, with the `changes` since."""

    rows: tuple[Any, ...]
    room: str = ""
    total: int | None = None
    as_of: str | None = None
    changes: tuple[tuple[UUID, Any], ...] = ()


class Tell(msgspec.Struct, frozen=True):
    room: str
    changes: tuple[tuple[UUID, Any], ...]


class Bye(msgspec.Struct, frozen=True):
    code: str = ""
    retry_after: float | None = None
    why: str = ""
