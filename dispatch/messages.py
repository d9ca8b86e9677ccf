"""What may be asked of dispatch, what is recorded, and the rows its views show.

Field limits stand here and are checked by the codec, nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.ports import ReplyOption
from dispatch.words import BroadcastState, Channel, Outcome, Priority, State, Why
from hub.kernel.messages import Command, Event

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


# --- commands -----------------------------------------------------------------------------------


class SendBroadcast(Command, frozen=True, kw_only=True):
    """`text` and `title` may hold {variables}: name, station, district, title, date, time and own
    ones from `variables`. `ladder` defaults to the one of the priority. `expires_at` defaults to
    the priority's time to live."""

    title: Title
    text: Text
    audience: Audience
    priority: Priority = Priority.ORDINARY
    variables: dict[Code, Annotated[str, Meta(max_length=200)]] = msgspec.field(default_factory=dict)
    attachments: Annotated[tuple[UUID, ...], Meta(max_length=10)] = ()
    audio: UUID | None = None
    options: Annotated[tuple[ReplyOption, ...], Meta(max_length=6)] = ()
    ladder: Code | None = None
    send_at: Moment | None = None
    expires_at: Moment | None = None
    approval: bool = False
    drill: bool = False


class ApproveBroadcast(Command, frozen=True, kw_only=True):
    broadcast: UUID


class StartBroadcast(Command, frozen=True, kw_only=True):
    """The hub asks this of itself when the hour has come."""

    broadcast: UUID


class RejectBroadcast(Command, frozen=True, kw_only=True):
    broadcast: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class CancelBroadcast(Command, frozen=True, kw_only=True):
    broadcast: UUID
    reason: Reason = ""


class RemindUnanswered(Command, frozen=True, kw_only=True):
    """Starts the ladder once more for everybody who has not got as far as it asks."""

    broadcast: UUID


class ResendByRoad(Command, frozen=True, kw_only=True):
    """One road, at once, to everybody unanswered or to the given deliveries."""

    broadcast: UUID
    channel: Channel
    deliveries: Annotated[tuple[UUID, ...], Meta(max_length=5000)] = ()


class ExtendBroadcast(Command, frozen=True, kw_only=True):
    broadcast: UUID
    expires_at: Moment


class CloseBroadcast(Command, frozen=True, kw_only=True):
    """Ends the work on a broadcast; what nobody has heard by then stands as unreachable."""

    broadcast: UUID


class NoteByHand(Command, frozen=True, kw_only=True):
    """The operator reached somebody outside the hub (walked over, own phone)."""

    delivery: UUID
    outcome: Outcome
    note: Annotated[str, Meta(min_length=1, max_length=200)]


class RetryDead(Command, frozen=True, kw_only=True):
    """Puts attempts that were given up back in the queue."""

    attempts: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=1000)]


class SaveTemplate(Command, frozen=True, kw_only=True):
    code: Code
    name: Name
    title: Title
    text: Text
    priority: Priority = Priority.ORDINARY
    options: Annotated[tuple[ReplyOption, ...], Meta(max_length=6)] = ()


class RemoveTemplate(Command, frozen=True, kw_only=True):
    code: Code


class SaveLadder(Command, frozen=True, kw_only=True):
    ladder: Ladder


class SaveQuietHours(Command, frozen=True, kw_only=True):
    """Local times `HH:MM`; equal times switch quiet hours off. Only ordinary priority is held."""

    start: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    end: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    channels: tuple[Channel, ...] = (Channel.VOICE, Channel.SMS)


class ReceiptState(StrEnum):
    DELIVERED = "delivered"
    DISPLAYED = "displayed"
    PLAYED = "played"        # a loudspeaker played it to the end
    READ = "read"
    CONFIRMED = "confirmed"


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`at` is the teller's own clock. `played_ms`/`gap_ms`/`gaps`: what the sink counted.
    `via`: the road whose link was opened (`?via=` of the link)."""

    delivery: UUID
    state: ReceiptState
    at: Moment
    reply: Annotated[str, Meta(max_length=40)] = ""
    reason: Reason = ""
    played_ms: Annotated[int, Meta(ge=0)] | None = None
    gap_ms: Annotated[int, Meta(ge=0)] | None = None
    gaps: Annotated[int, Meta(ge=0)] | None = None
    via: Channel | None = None


class ReportReceipts(Command, frozen=True, kw_only=True):
    """A station or a person tells what it saw. Repeating is harmless: states only rise."""

    items: Annotated[tuple[Receipt, ...], Meta(min_length=1, max_length=500)]


# --- answers ------------------------------------------------------------------------------------


class BroadcastSent(msgspec.Struct, frozen=True):
    broadcast: UUID
    recipients: int
    state: BroadcastState


class ReceiptsTaken(msgspec.Struct, frozen=True):
    """`unknown`: deliveries that do not exist or are not the teller's; do not send them again."""

    taken: int
    unknown: tuple[UUID, ...] = ()


# --- events -------------------------------------------------------------------------------------


class BroadcastIssued(Event, frozen=True, kw_only=True):
    broadcast: UUID
    title: str
    text: str
    audience: Audience
    priority: Priority
    variables: dict[str, str]
    attachments: tuple[UUID, ...]
    audio: UUID | None
    options: tuple[ReplyOption, ...]
    ladder: Ladder
    send_at: datetime
    expires_at: datetime
    state: BroadcastState
    drill: bool
    by: str
    by_name: str
    scopes: tuple[str, ...]


class BroadcastApproved(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str
    by_name: str
    state: BroadcastState


class BroadcastRejected(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str
    reason: str


class BroadcastStarted(Event, frozen=True, kw_only=True):
    """The hour had come."""

    broadcast: UUID


class BroadcastCancelled(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str
    reason: str


class UnansweredReminded(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str


class RoadResent(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str
    channel: Channel
    deliveries: tuple[UUID, ...] = ()


class BroadcastExtended(Event, frozen=True, kw_only=True):
    broadcast: UUID
    expires_at: datetime


class BroadcastClosed(Event, frozen=True, kw_only=True):
    broadcast: UUID
    by: str
    outcomes: dict[str, int]


class TemplateSaved(Event, frozen=True, kw_only=True):
    code: str
    name: str
    title: str
    text: str
    priority: Priority
    options: tuple[ReplyOption, ...]


class TemplateRemoved(Event, frozen=True, kw_only=True):
    code: str


class LadderSaved(Event, frozen=True, kw_only=True):
    ladder: Ladder


class QuietHoursSaved(Event, frozen=True, kw_only=True):
    start: str
    end: str
    channels: tuple[Channel, ...]


# --- rows of views ------------------------------------------------------------------------------


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


# --- parameters of views ------------------------------------------------------------------------


class OfBroadcast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    broadcast: UUID


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
