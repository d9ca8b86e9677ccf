"""What may be asked of conversations, and what the asker hears.

`seat`: for whom the asker acts, where he holds several (an operator himself, or the main station).
Left empty, it is the one that is a member, his own first.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.conversations.words import MOST_MEMBERS, ConversationKind, MemberStanding
from dispatch.messages.shapes import Name, Reason, Ref
from hub.kernel.messages import Command

Body = Annotated[str, Meta(max_length=4000)]
Seat = Annotated[str, Meta(max_length=80)]
Refs = Annotated[tuple[Ref, ...], Meta(max_length=MOST_MEMBERS)]
Days = Annotated[int, Meta(ge=1, le=36_500)]
Number = Annotated[int, Meta(ge=0)]


class OpenDirect(Command, frozen=True, kw_only=True):
    """With one other: `station:17`, `person:<uuid>`, `account:<uuid>`, or `station:0`, the main
    station. Opening twice finds the same one. Answers Opened."""

    other: Ref
    seat: Seat = ""


class CreateGroup(Command, frozen=True, kw_only=True):
    """An ad hoc group of `members`; or, with `kind` district or committee and its `org`, of everybody the
    directory knows there (`stations`, `people`) and `members` besides. The asker owns it. Answers Opened."""

    name: Name
    kind: ConversationKind = ConversationKind.GROUP
    org: Annotated[str, Meta(max_length=80)] = ""
    stations: bool = True
    people: bool = False
    members: Refs = ()
    seat: Seat = ""


class AddMembers(Command, frozen=True, kw_only=True):
    conversation: UUID
    members: Annotated[Refs, Meta(min_length=1)]


class RemoveMembers(Command, frozen=True, kw_only=True):
    conversation: UUID
    members: Annotated[Refs, Meta(min_length=1)]


class FollowDirectory(Command, frozen=True, kw_only=True):
    """Brings the members of an organisation's group in step with the directory."""

    conversation: UUID


class LeaveGroup(Command, frozen=True, kw_only=True):
    conversation: UUID
    seat: Seat = ""


class GiveStanding(Command, frozen=True, kw_only=True):
    """Makes a member an owner, or an owner a plain member."""

    conversation: UUID
    member: Ref
    standing: MemberStanding


class RenameGroup(Command, frozen=True, kw_only=True):
    conversation: UUID
    name: Name


class MuteGroup(Command, frozen=True, kw_only=True):
    """While it is on, only owners speak."""

    conversation: UUID
    on: bool


class CloseGroup(Command, frozen=True, kw_only=True):
    """Nobody speaks any more; everything stays readable."""

    conversation: UUID


class ReopenGroup(Command, frozen=True, kw_only=True):
    conversation: UUID


class SendMessage(Command, frozen=True, kw_only=True):
    """The message's id is the command's: sending again after a lost answer is the same message.

    `files` were uploaded with purpose `message` or `voice`. `mentions`: refs of members;
    `everyone` (@all) and `notice` (a message marked as 通知) are for owners and operators. Answers MessageTaken.
    """

    conversation: UUID
    text: Body = ""
    files: Annotated[tuple[UUID, ...], Meta(max_length=9)] = ()
    reply_to: UUID | None = None
    mentions: Annotated[tuple[Ref, ...], Meta(max_length=50)] = ()
    everyone: bool = False
    notice: bool = False
    seat: Seat = ""


class RecallMessage(Command, frozen=True, kw_only=True):
    """By its author within 2 minutes; later by an administrator, who gives a reason."""

    message: UUID
    reason: Reason = ""


class PinMessage(Command, frozen=True, kw_only=True):
    message: UUID


class UnpinMessage(Command, frozen=True, kw_only=True):
    message: UUID


class Mark(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Numbers of messages up to which everything was delivered, or read. They only rise."""

    conversation: UUID
    delivered: Number = 0
    read: Number = 0
    seat: Seat = ""


class MarkMessages(Command, frozen=True, kw_only=True):
    """Conversations that are not the asker's are passed over."""

    marks: Annotated[tuple[Mark, ...], Meta(min_length=1, max_length=200)]


class MuteForMe(Command, frozen=True, kw_only=True):
    """No badge for this member; being mentioned still counts."""

    conversation: UUID
    on: bool
    seat: Seat = ""


class SayTyping(Command, frozen=True, kw_only=True):
    """Told as `signal` {type: "Typing", conversation, ref, name} to who watches its messages; not
    recorded. Ask it at most every 3 s; a listener forgets it after 5 s."""

    conversation: UUID
    seat: Seat = ""


class SaveRetention(Command, frozen=True, kw_only=True):
    """Messages of this kind of conversation are cleared away after so many days; None: kept for ever."""

    kind: ConversationKind
    days: Days | None


class ExpireMessages(Command, frozen=True, kw_only=True):
    """The hub asks this of itself every night."""


class Opened(msgspec.Struct, frozen=True):
    """`created` is False when it stood already."""

    conversation: UUID
    created: bool


class MessageTaken(msgspec.Struct, frozen=True):
    """Its number follows with the telling of `messages`."""

    message: UUID


class MarksTaken(msgspec.Struct, frozen=True):
    taken: int


class Expired(msgspec.Struct, frozen=True):
    conversations: int
    more: bool
