"""The rows that the views of meetings show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from media.meetings.messages.shapes import MeetingItem, MeetingLayout, MeetingOptions
from media.meetings.words import MeetingState, MemberState


class MeetingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`item`: number of the current agenda item, 0 for none. `word`: who has it, else empty. `presenter`: whose
    screen is shared in the main room. `quiet`: who comes in is muted. `invited` counts all who belong to it.
    `why`: "empty" where it ended by itself."""

    id: UUID
    title: str
    state: MeetingState
    by_name: str
    opened_at: datetime
    ended_at: datetime | None
    why: str
    options: MeetingOptions
    locked: bool
    quiet: bool
    addressed: bool
    layout: MeetingLayout
    agenda: tuple[MeetingItem, ...]
    item: int
    word: str
    presenter: str
    side_rooms: int
    invited: int
    present: int
    hands: int


class MeetingMemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref. `place`: 0 the main room, else a side room. `hand`: since when it is up. `aside`: in a conversation
    beside the round."""

    id: str
    name: str
    kind: str
    unit: str
    runs: bool
    state: MemberState
    muted: bool
    dark: bool
    sharing: bool
    word: bool
    hand: datetime | None
    place: int
    aside: bool
    entered_at: datetime | None
    left_at: datetime | None


class MeetingRoomRow(msgspec.Struct, frozen=True, kw_only=True):
    """A side room; `id` is its number."""

    id: int
    name: str
    present: int
    invited: int


class MyMeetingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting that goes on and that I belong to. `auto_answer`: my station lets it in by itself."""

    id: UUID
    title: str
    by_name: str
    opened_at: datetime
    called_at: datetime
    state: MemberState
    locked: bool
    auto_answer: bool
    place: int
    aside: bool


class MeetingSpeechRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who had the word, from when until when, under which item; `until` is empty while he has it."""

    id: str
    ref: str
    name: str
    item: int
    item_name: str
    since: datetime
    until: datetime | None
