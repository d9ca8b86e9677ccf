"""What is said of subscriptions 订阅, and what is shown of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.cases.messages import StreamName
from hub.kernel.messages import Command, Event

Word = Annotated[str, Meta(min_length=2, max_length=30)]
TopicCode = Annotated[str, Meta(max_length=80, pattern=r"^[a-z_]+/[A-Za-z0-9_.-]+$")]
"""`<stream>/<code>`, as the stream's words name its kinds and topics."""
Holder = Annotated[str, Meta(max_length=80)]


class SaveSubscription(Command, frozen=True, kw_only=True):
    """Any one of the words or topics is enough. `streams` empty: cases of every stream. `holder`: the station, department or desk
    that the asker acts for; left empty it is the asker himself."""

    subscription: UUID
    words: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    topics: Annotated[tuple[TopicCode, ...], Meta(max_length=20)] = ()
    streams: Annotated[tuple[StreamName, ...], Meta(max_length=20)] = ()
    holder: Holder = ""


class EndSubscription(Command, frozen=True, kw_only=True):
    subscription: UUID


class MatchSubscriptions(Command, frozen=True, kw_only=True):
    """The hub asks this of itself when more people may see a case than before. `before`: who could already."""

    case: UUID
    before: tuple[str, ...] = ()


class SubscriptionSaved(Event, frozen=True, kw_only=True):
    subscription: UUID
    holder: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    streams: tuple[str, ...]


class SubscriptionEnded(Event, frozen=True, kw_only=True):
    subscription: UUID


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """`word`: the word, or what the topic is called."""

    subscription: UUID
    holder: str
    word: str


class SubscriptionsMatched(Event, frozen=True, kw_only=True):
    """At most one for each holder and case."""

    case: UUID
    matches: tuple[Match, ...]


EVENTS: tuple[type[Event], ...] = (SubscriptionSaved, SubscriptionEnded, SubscriptionsMatched)


class OfSubscription(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    subscription: UUID


class SubscriptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """`hits`: cases it has alerted to so far."""

    id: UUID
    holder: str
    holder_name: str
    words: tuple[str, ...]
    topics: tuple[str, ...]
    streams: tuple[str, ...]
    at: datetime
    hits: int
    last: datetime | None


class HitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case that a subscription has alerted to, as long as the asker may see it. `id` is the case's."""

    id: UUID
    stream: str
    number: str
    title: str
    word: str
    at: datetime
