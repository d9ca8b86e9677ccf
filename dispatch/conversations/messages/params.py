"""What a view of conversations may be asked for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from dispatch.conversations.messages.commands import Number, Seat
from dispatch.conversations.words import ConversationKind
from dispatch.messages.shapes import Offset

Words = Annotated[str, Meta(max_length=60)]


class ConversationsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose list: empty is the asker's own; an operator of the city may ask for `station:0`."""

    seat: Seat = ""
    text: Words = ""
    limit: Annotated[int, Meta(ge=1, le=2000)] = 200
    offset: Offset = 0


class OfConversation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation: UUID


class MessagesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The newest `limit`; or those before, after, or on both sides of a number. Always in rising order."""

    conversation: UUID
    before: Number | None = None
    after: Number | None = None
    around: Number | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ParticipantsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    conversation: UUID
    text: Words = ""
    limit: Annotated[int, Meta(ge=1, le=2000)] = 500
    offset: Offset = 0


class SearchParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Newest first. `before`: the `place` of the last row seen, for the next page."""

    text: Annotated[str, Meta(min_length=1, max_length=60)]
    conversation: UUID | None = None
    seat: Seat = ""
    before: Number | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 30


class ContactsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Words = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Offset = 0


class OverviewParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: tuple[ConversationKind, ...] = ()
    text: Words = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    offset: Offset = 0
