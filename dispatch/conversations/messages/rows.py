"""The rows that the views of conversations show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from dispatch.conversations.words import ConversationKind, MemberStanding, MessageShape
from dispatch.messages.rows import FileRow


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is its beginning, or the name of its first file."""

    id: UUID
    number: int
    at: datetime
    author: str
    author_name: str
    shape: MessageShape
    text: str


class ConversationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as one seat sees it. Between two, `name` and `other` are the other side's and
    `other_read`, `other_delivered` his marks. `unread` counts numbers after `read`; a muted one
    shows a badge only for `mentions`. Messages up to `first_number` - 1 were cleared away."""

    id: UUID
    seat: str
    kind: ConversationKind
    name: str
    org: str
    other: str
    size: int
    standing: MemberStanding
    owners_only: bool
    closed: bool
    muted: bool
    may_send: bool
    first_number: int
    last_number: int
    read: int
    unread: int
    mentions: int
    other_read: int
    other_delivered: int
    pinned: int
    last: LastMessage | None
    changed_at: datetime


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered to. `text` is empty when it was recalled or cleared away."""

    id: UUID
    number: int
    author_name: str
    shape: MessageShape
    text: str


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """`number` is dense within the conversation: who knows 41 and is told 43 asks for `after` 41.
    `author` is who wrote, `seat` for whom. `read_by` counts the other members who have read it, as
    of the moment it was asked for. A recalled one keeps its place without content."""

    id: UUID
    conversation: UUID
    number: int
    at: datetime
    author: str
    author_name: str
    seat: str
    shape: MessageShape
    text: str
    files: tuple[FileRow, ...]
    reply_to: Quote | None
    mentions: tuple[str, ...]
    everyone: bool
    notice: bool
    read_by: int
    pinned_at: datetime | None
    pinned_by: str
    recalled_at: datetime | None
    recalled_by: str
    """The name of who did; for an administrator, `recall_reason` says why."""
    recall_reason: str


class ParticipantRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref. Who has read message n: those with `read` >= n. In groups of more than 500
    changes of marks are not told. `kind`: station, a PersonKind, or account."""

    id: str
    name: str
    kind: str
    place: str
    standing: MemberStanding
    delivered: int
    read: int
    joined_at: datetime


class FoundRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was searched for. `place` orders all messages and pages the search."""

    id: UUID
    place: int
    conversation: UUID
    conversation_name: str
    number: int
    at: datetime
    author_name: str
    shape: MessageShape
    text: str


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to write to. `id` is the ref. `kind`: main, station, a PersonKind, or account."""

    id: str
    name: str
    kind: str
    place: str


class RetentionRow(msgspec.Struct, frozen=True, kw_only=True):
    id: ConversationKind
    days: int | None


class OverviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as the administrator sees it: nothing of what was said."""

    id: UUID
    kind: ConversationKind
    name: str
    org: str
    size: int
    messages: int
    closed: bool
    owners_only: bool
    created_at: datetime
    created_by: str
    last_at: datetime | None
