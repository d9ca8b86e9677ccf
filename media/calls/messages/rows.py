"""The rows that the views of calls show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from media.calls.messages.shapes import CallOptions, NightBody, PlanBody
from media.calls.words import (
    AutoAnswer,
    CallEnd,
    CallKind,
    CallMemberState,
    CallRole,
    CallState,
    LineKind,
    LineState,
)


class CallMemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref. `apart`: in a private consultation. `connected`: media flows. `heard_seconds` counts
    how long it flowed up to `since` or now; `why` says why a member is out. `picked_by`: who answered for it.
    `mark`: what a roll-call has recorded. `waits`: kept on the line, with music. Listeners (监听) are not among them."""

    id: str
    name: str
    kind: LineKind
    place: str
    role: CallRole
    state: CallMemberState
    turn: int
    muted: bool
    listen_only: bool
    apart: bool
    connected: bool
    auto_answer: bool
    rung_at: datetime | None
    ring_until: datetime | None
    joined_at: datetime | None
    left_at: datetime | None
    heard_seconds: int
    why: str
    picked_by: str
    mark: bool | None
    waits: bool


class CallRow(msgspec.Struct, frozen=True, kw_only=True):
    """`room` is the media room to join. `joined`, `ringing`, `size` count members. `night`: it came to the main
    station and was redirected. `why`: once it has ended."""

    id: UUID
    kind: CallKind
    state: CallState
    title: str
    priority: int
    owner: str
    owner_name: str
    started_by: str
    started_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    why: CallEnd | None
    locked: bool
    playing: UUID | None
    options: CallOptions
    plan: UUID | None
    night: bool
    size: int
    joined: int
    ringing: int
    room: str


class CallDetailRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    call: CallRow
    members: tuple[CallMemberRow, ...]


class MyCallRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call as one seat has it. `ref`: the member that is meant, `station:0` for the main station. `state` is the
    member's. `missed`: it rang, and nobody answered. `late`: it goes on, and one may come in. `waits`: the other side holds the call; music
    plays. `auto_answer`: answer now, and say so on the screen. `may_talk`: as things stand."""

    id: UUID
    ref: str
    role: CallRole
    state: CallMemberState
    call_state: CallState
    kind: CallKind
    title: str
    priority: int
    owner: str
    owner_name: str
    mine: bool
    auto_answer: bool
    listen_only: bool
    muted: bool
    may_talk: bool
    missed: bool
    late: bool
    waits: bool
    since: datetime
    ring_until: datetime | None
    ended_at: datetime | None
    room: str


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref. `phone`: its telephone can be rung as `phone:<uuid>`."""

    id: str
    name: str
    kind: LineKind
    place: str
    district: str
    state: LineState
    online: bool
    call: UUID | None
    since: datetime | None
    auto_answer: AutoAnswer
    phone: bool


class CallPlanRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    body: PlanBody
    saved_at: datetime
    saved_by: str
    started_at: datetime | None


class NightServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """`now`: a window is open; `duty`: whom it would ring now."""

    id: str
    service: NightBody
    now: bool
    duty: tuple[str, ...]
    duty_names: tuple[str, ...]


class CallActRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what. `act` is the name of what happened (CallStarted, CallMemberJoined, CallMonitored …); `by` empty: the hub."""

    id: UUID
    at: datetime
    act: str
    by: str
    by_name: str
    ref: str
    ref_name: str
    detail: str
