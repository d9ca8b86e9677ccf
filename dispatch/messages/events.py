"""What is recorded of broadcasts, for ever."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dispatch.messages.shapes import Audience, Ladder
from dispatch.ports import ReplyOption
from dispatch.words import BroadcastState, Channel, Priority
from hub.kernel.messages import Event


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
