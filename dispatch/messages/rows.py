"""The rows that dispatch's views show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.messages.shapes import Ladder, RecipientKind, Rung
from dispatch.ports import ReplyOption
from dispatch.words import BroadcastState, Channel, Outcome, Priority, State, Why


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    mime: str
    size: int
    seconds: float | None
    url: str


class BroadcastRow(msgspec.Struct, frozen=True, kw_only=True):
    """A card: `outcomes` sums to `total`, always. `stations`/`people` = [confirmed or read, all].
    `expected`: how many it comes to; of what waits to go out, the audience counted at this moment."""

    id: UUID
    title: str
    text: str
    priority: Priority
    state: BroadcastState
    drill: bool
    by_name: str
    created_at: datetime
    send_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    total: int
    expected: int
    outcomes: dict[Outcome, int]
    stations: tuple[int, int]
    people: tuple[int, int]
    audio: FileRow | None
    attachments: tuple[FileRow, ...]
    options: tuple[ReplyOption, ...]
    ladder: Ladder
    reason: str
    """Why it was rejected or cancelled."""
    version: int


class CountRow(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the board. `kind` says what `key` is: road (channel), district, station, reply.

    road rows: `states` counts attempts by State; the others count people by Outcome.
    """

    id: str
    kind: str
    key: str
    label: str
    parent: str
    total: int
    states: dict[str, int]


class CurvePoint(msgspec.Struct, frozen=True, kw_only=True):
    """How many had got at least this far, `second` seconds after sending."""

    second: int
    delivered: int
    read: int
    confirmed: int


class RecipientRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the delivery's. `road` is the one that got furthest. `phone` is masked."""

    id: UUID
    broadcast: UUID
    ref: str
    kind: RecipientKind
    name: str
    district: str
    station: str
    outcome: Outcome
    road: Channel | None
    reply: str
    reply_label: str
    reason: str
    delivered_at: datetime | None
    read_at: datetime | None
    confirmed_at: datetime | None
    phone: str
    rung: int
    next_at: datetime | None


class EvidenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of what is known about one person: every try, every callback, and the roads that
    were not tried, with the reason."""

    id: str
    at: datetime
    channel: Channel | None
    attempt: UUID | None
    try_number: int
    state: State
    why: Why
    address: str
    provider_id: str
    detail: str
    source: str
    """plan | submit | callback | receipt | poll | operator"""
    late: bool
    """Came after a higher state was known, or repaired a failure."""


class DeadRow(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    broadcast: UUID
    title: str
    name: str
    channel: Channel
    why: Why
    detail: str
    tries: int
    at: datetime


class AudienceCount(msgspec.Struct, frozen=True, kw_only=True):
    """The live counter of the composer. `roads` counts who has that road at all; `first` counts
    the road each person would be tried on first; `without` lists (at most 200) who has none."""

    total: int
    kinds: dict[str, int]
    roads: dict[Channel, int]
    first: dict[str, int]
    without: tuple[tuple[str, str], ...]
    without_total: int
    sms_segments: int


class StationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A station on the map. `heard`: [delivered, read, confirmed, all] of its people and its own
    terminal in the newest broadcast that is not closed; `terminal` is its own outcome there."""

    id: str
    name: str
    district: str
    district_name: str
    lon: float
    lat: float
    online: bool
    since: datetime | None
    seen_at: datetime | None
    broadcast: UUID | None
    heard: tuple[int, int, int, int]
    terminal: Outcome | None


class InvitationRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the link that somebody was sent. `id` is his ref; of several roads the one that led farthest."""

    id: str
    channel: Channel
    state: State
    detail: str
    at: datetime


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a station or a person sees of one broadcast. `id` is the delivery's."""

    id: UUID
    broadcast: UUID
    title: str
    text: str
    priority: Priority
    drill: bool
    audio: FileRow | None
    attachments: tuple[FileRow, ...]
    options: tuple[ReplyOption, ...]
    sent_at: datetime
    expires_at: datetime
    cancelled: bool
    outcome: Outcome
    reply: str
    reason: str
    by_name: str


class TemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    title: str
    text: str
    priority: Priority
    options: tuple[ReplyOption, ...]


class LadderRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    rungs: tuple[Rung, ...]
    bypass_quiet: bool


class QuietRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    start: str
    end: str
    channels: tuple[Channel, ...]


class RoadRow(msgspec.Struct, frozen=True, kw_only=True):
    """The health of a road: open, slow or halted (and why), what waits for it, and how many tries of
    open broadcasts failed on it, tried again since or not."""

    id: Channel
    state: str
    detail: str
    waiting: int
    failed: int
