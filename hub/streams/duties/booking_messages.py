"""What is said of bookings of topics, and what is shown of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from hub.kernel.messages import Command, Event
from hub.streams.duties.scoring_messages import Year


class BookTopic(Command, frozen=True, kw_only=True):
    topic: UUID


class UnbookTopic(Command, frozen=True, kw_only=True):
    topic: UUID


class TopicBooked(Event, frozen=True, kw_only=True):
    topic: UUID
    person: str
    year: int


class TopicUnbooked(Event, frozen=True, kw_only=True):
    topic: UUID
    person: str
    year: int


BOOKING_EVENTS: tuple[type[Event], ...] = (TopicBooked, TopicUnbooked)


class OfTopic(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    topic: UUID


class OfYear(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Year


class BookingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`fits`: has a speciality that the topic wants; `held`: other topics of the year that are his; `proposed`: by the balance;
    `chosen`: None before it is confirmed."""

    id: str
    topic: UUID
    person: str
    name: str
    delegation: str
    specialities: tuple[str, ...]
    fits: bool
    held: int
    place: int
    proposed: bool
    chosen: bool | None


class TopicRow(msgspec.Struct, frozen=True, kw_only=True):
    """A topic of the year as a deputy sees it. `mine`: booked by the asker; `left`: how many more he may book."""

    id: UUID
    number: str
    title: str
    kind: str
    kind_zh: str
    kind_en: str
    state: str
    state_zh: str
    state_en: str
    until: date | None
    quota: int
    specialities: tuple[str, ...]
    booked: int
    mine: bool
    chosen: bool | None
    left: int
    most: int
