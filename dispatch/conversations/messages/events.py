"""What has happened in conversations. A message is a stream of its own, `message-<id>`, so that a
group where all speak at once has nothing to quarrel about; its number is given by the journal's order."""

from __future__ import annotations

from uuid import UUID

import msgspec

from dispatch.conversations.words import ConversationKind, MemberStanding, MessageShape
from hub.kernel.messages import Event


class Joined(msgspec.Struct, frozen=True):
    ref: str
    standing: MemberStanding = MemberStanding.MEMBER


class ConversationOpened(Event, frozen=True, kw_only=True):

    conversation: UUID
    kind: ConversationKind
    name: str = ""
    org: str = ""
    stations: bool = False
    people: bool = False
    by: str
    members: tuple[Joined, ...]


class MembersAdded(Event, frozen=True, kw_only=True):
    conversation: UUID
    members: tuple[Joined, ...]


class MembersRemoved(Event, frozen=True, kw_only=True):
    conversation: UUID
    members: tuple[str, ...]


class MemberLeft(Event, frozen=True, kw_only=True):
    conversation: UUID
    member: str


class StandingGiven(Event, frozen=True, kw_only=True):
    conversation: UUID
    member: str
    standing: MemberStanding


class GroupRenamed(Event, frozen=True, kw_only=True):
    conversation: UUID
    name: str


class GroupMuted(Event, frozen=True, kw_only=True):
    conversation: UUID
    on: bool


class GroupClosed(Event, frozen=True, kw_only=True):
    conversation: UUID


class GroupReopened(Event, frozen=True, kw_only=True):
    conversation: UUID


class MessageSent(Event, frozen=True, kw_only=True):
    message: UUID
    conversation: UUID
    author: str
    author_name: str
    seat: str
    shape: MessageShape = MessageShape.TEXT
    text: str = ""
    files: tuple[UUID, ...] = ()
    reply_to: UUID | None = None
    mentions: tuple[str, ...] = ()
    everyone: bool = False
    notice: bool = False


class MessageRecalled(Event, frozen=True, kw_only=True):
    """`reason` stands where an administrator did it."""

    message: UUID
    by: str
    reason: str = ""


class MessagePinned(Event, frozen=True, kw_only=True):
    message: UUID
    by: str


class MessageUnpinned(Event, frozen=True, kw_only=True):
    message: UUID


class RetentionSaved(Event, frozen=True, kw_only=True):
    kind: ConversationKind
    days: int | None


class MessagesExpired(Event, frozen=True, kw_only=True):
    """Everything up to number `upto` was cleared away."""

    conversation: UUID
    upto: int
