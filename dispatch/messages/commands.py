"""What may be asked of dispatch, and what the asker hears."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.messages.shapes import Audience, Code, Ladder, Moment, Name, Reason, Text, Title
from dispatch.ports import ReplyOption
from dispatch.words import BroadcastState, Channel, Outcome, Priority
from hub.kernel.messages import Command


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


class BroadcastSent(msgspec.Struct, frozen=True):
    broadcast: UUID
    recipients: int
    state: BroadcastState


class ReceiptsTaken(msgspec.Struct, frozen=True):
    """`unknown`: deliveries that do not exist or are not the teller's; do not send them again."""

    taken: int
    unknown: tuple[UUID, ...] = ()
