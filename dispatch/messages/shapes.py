"""What messages and rows are made of: words with their limits, audience, ladder.

Field limits stand in this package and are checked by the codec, nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.words import Channel

Title = Annotated[str, Meta(min_length=1, max_length=60)]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Reason = Annotated[str, Meta(max_length=200)]
Ref = Annotated[str, Meta(min_length=1, max_length=80)]
"""`person:<uuid>` or `station:<n>`."""
Code = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Moment = Annotated[datetime, Meta(tz=True)]
Offset = Annotated[int, Meta(ge=0, le=1_000_000)]


class RecipientKind(StrEnum):
    STATION = "station"      # 站点
    DEPUTY = "deputy"        # 代表
    STAFF = "staff"          # 工作人员
    ATTENDEE = "attendee"    # 列席人员
    HANDLER = "handler"      # 部门经办人


class Audience(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everybody who is named by any of the first four lines and by none of the `except_` lines.

    `orgs` with `kinds`: all recipients of these kinds at or below these organisations (empty
    `kinds` means all kinds). `tags` and `groups` stand alone; within `orgs` they do not narrow.
    """

    orgs: Annotated[tuple[Ref, ...], Meta(max_length=200)] = ()
    kinds: tuple[RecipientKind, ...] = ()
    groups: Annotated[tuple[UUID, ...], Meta(max_length=200)] = ()
    tags: Annotated[tuple[Name, ...], Meta(max_length=50)] = ()
    recipients: Annotated[tuple[Ref, ...], Meta(max_length=5000)] = ()
    except_orgs: Annotated[tuple[Ref, ...], Meta(max_length=200)] = ()
    except_groups: Annotated[tuple[UUID, ...], Meta(max_length=200)] = ()
    except_recipients: Annotated[tuple[Ref, ...], Meta(max_length=5000)] = ()


class Until(StrEnum):
    DELIVERED = "delivered"
    READ = "read"
    CONFIRMED = "confirmed"


class Rung(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`channels` are tried at the same moment; the next rung follows after `wait` seconds unless
    the person has got as far as `until`. `tries` counts tries of each road that fail for now."""

    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=5)]
    wait: Annotated[int, Meta(ge=0, le=86_400)]
    until: Until = Until.CONFIRMED
    tries: Annotated[int, Meta(ge=1, le=5)] = 1
    skip_offline: bool = True
    """Screen and page: do not wait for who is not connected."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Code
    name: Name
    rungs: Annotated[tuple[Rung, ...], Meta(min_length=1, max_length=12)]
    bypass_quiet: bool = False
