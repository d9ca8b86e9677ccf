"""What messages and rows of calls are made of, with their limits."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from media.calls.words import MOST_MEMBERS, ORDINARY, CallKind

Ref = Annotated[str, Meta(pattern=r"^(station:(0|[1-9]\d{0,3})|(person|account|phone):[0-9a-f-]{36})$")]
"""`station:<n>`, `person:<uuid>`, `account:<uuid>`; `phone:<person's uuid>` rings that person's telephone."""
Refs = Annotated[tuple[Ref, ...], Meta(max_length=MOST_MEMBERS)]
SomeRef = Annotated[str, Meta(pattern=r"^$|^(station:(0|[1-9]\d{0,3})|(person|account|phone):[0-9a-f-]{36})$")]
OrgId = Annotated[str, Meta(pattern=r"^(city|(district|station|department):(0|[1-9]\d{0,3}))$")]
Title = Annotated[str, Meta(max_length=60)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Why = Annotated[str, Meta(max_length=200)]
Nonce = Annotated[str, Meta(max_length=64)]
Words = Annotated[str, Meta(max_length=60)]
Offset = Annotated[int, Meta(ge=0, le=1_000_000)]
Priority = Annotated[int, Meta(ge=0, le=9)]
"""9 is an emergency: it clears lower calls."""
Weekday = Annotated[int, Meta(ge=1, le=7)]
"""1 is Monday."""


class CallOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`late_entry`: who did not answer, or went, may come in while it is open. `auto_answer`: ask lines to answer by
    themselves (only those do whose setting allows it). `talk_seconds`: how long a roll-call stays with one
    who answered. `play`: a file that is played as soon as somebody listens. `burst_seconds`: the longest
    word in push-to-talk. `idle_seconds`: after so long with nobody to talk to the call ends by itself. `links`: deputies and
    staff who are not at a page of the hub are sent a link by WeChat or SMS (kinds that one may come into later)."""

    listen_only: bool = False
    late_entry: bool = True
    ring_seconds: Annotated[int, Meta(ge=5, le=300)] = 30
    talk_seconds: Annotated[int, Meta(ge=2, le=300)] = 10
    burst_seconds: Annotated[int, Meta(ge=5, le=300)] = 30
    idle_seconds: Annotated[int, Meta(ge=30, le=3600)] = 120
    record: bool = False
    auto_answer: bool = False
    links: bool = True
    play: UUID | None = None


class PlanBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a plan rings: `targets`, the members of `groups`, and every station at or below `orgs`, as the
    directory stands when it is started."""

    name: Name
    kind: CallKind
    title: Title = ""
    priority: Priority = ORDINARY
    options: CallOptions = CallOptions()
    targets: Refs = ()
    groups: Annotated[tuple[UUID, ...], Meta(max_length=50)] = ()
    orgs: Annotated[tuple[OrgId, ...], Meta(max_length=100)] = ()
    note: Why = ""


class NightWindow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In the city's time. Where `ends` is not after `starts`, it ends on the next day."""

    days: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    starts: Annotated[time, Meta(tz=False)]
    ends: Annotated[time, Meta(tz=False)]


class NightBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """While a window is open, calls to the main station ring `to`; where that is empty, who is on duty at
    `roster` (then the backup). `by_phone`: people are rung by telephone, where it is configured."""

    on: bool = False
    windows: Annotated[tuple[NightWindow, ...], Meta(max_length=14)] = ()
    to: SomeRef = ""
    roster: OrgId = "city"
    by_phone: bool = False
