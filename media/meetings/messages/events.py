"""What has happened in a meeting; each is recorded in `meeting-<id>`."""

from __future__ import annotations

from uuid import UUID

import msgspec

from hub.kernel.messages import Event
from media.meetings.messages.shapes import MeetingLayout, MeetingOptions, SideRoomWish


class MeetingMember(msgspec.Struct, frozen=True, kw_only=True):
    """`kind`: station, account, or a person's; `unit`: where he belongs."""

    ref: str
    name: str
    kind: str
    unit: str = ""
    runs: bool = False


class MeetingOpened(Event, frozen=True, kw_only=True):
    meeting: UUID
    title: str
    by: str
    by_name: str
    options: MeetingOptions
    agenda: tuple[str, ...] = ()
    members: tuple[MeetingMember, ...]


class MeetingInvited(Event, frozen=True, kw_only=True):
    meeting: UUID
    members: tuple[MeetingMember, ...]


class MeetingEntered(Event, frozen=True, kw_only=True):
    meeting: UUID
    member: MeetingMember


class MeetingLeft(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str


class MeetingMemberAside(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str
    on: bool


class MeetingMemberRemoved(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str


class MeetingEnded(Event, frozen=True, kw_only=True):
    """`why`: "empty" where the hub has ended it, because nobody was in it."""

    meeting: UUID
    why: str = ""


class MeetingLocked(Event, frozen=True, kw_only=True):
    meeting: UUID
    on: bool


class HandRaised(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str


class HandLowered(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str


class WordGiven(Event, frozen=True, kw_only=True):
    """`item`: the agenda item under which the speech is filed, 0 for none."""

    meeting: UUID
    ref: str
    item: int = 0


class WordTaken(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str


class MeetingMuted(Event, frozen=True, kw_only=True):
    """No `ref`: everybody but who runs it and who has the word."""

    meeting: UUID
    on: bool
    ref: str = ""


class CameraStopped(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str
    on: bool


class MeetingLaidOut(Event, frozen=True, kw_only=True):
    meeting: UUID
    layout: MeetingLayout


class ScreenShared(Event, frozen=True, kw_only=True):
    meeting: UUID
    ref: str
    on: bool


class SideRoomsOpened(Event, frozen=True, kw_only=True):
    meeting: UUID
    rooms: tuple[SideRoomWish, ...]


class MembersPlaced(Event, frozen=True, kw_only=True):
    meeting: UUID
    refs: tuple[str, ...]
    place: int


class SideRoomsClosed(Event, frozen=True, kw_only=True):
    meeting: UUID


class SideRoomsAddressed(Event, frozen=True, kw_only=True):
    meeting: UUID
    on: bool


class AgendaSet(Event, frozen=True, kw_only=True):
    meeting: UUID
    items: tuple[str, ...]


class AgendaMoved(Event, frozen=True, kw_only=True):
    meeting: UUID
    item: int
