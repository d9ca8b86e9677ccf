"""A meeting, and what each event makes of it. Pure.

Events may have been decided on an older meeting than the one they meet (73 members come in at once), so every
rule that must always hold is held here: one presenter in a place, one place for a member, nobody comes into a
locked meeting, nothing happens after the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from media.meetings.messages import events as e
from media.meetings.messages.shapes import MeetingItem, MeetingLayout, MeetingOptions, SideRoom
from media.meetings.words import MAIN_ROOM, MeetingState, MemberState

IN = MemberState.IN
AWAY = frozenset({MemberState.LEFT, MemberState.DECLINED, MemberState.REMOVED})


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """`dark`: his camera is stopped by who runs the meeting. `called_at`: when he was last invited. `aside`: he talks
    elsewhere, and is back soon."""

    ref: str
    name: str
    kind: str
    unit: str = ""
    runs: bool = False
    state: MemberState = MemberState.INVITED
    muted: bool = False
    dark: bool = False
    sharing: bool = False
    hand: datetime | None = None
    place: int = MAIN_ROOM
    called_at: datetime
    entered_at: datetime | None = None
    left_at: datetime | None = None
    aside: bool = False


class Speech(msgspec.Struct, frozen=True):
    ref: str
    item: int
    since: datetime


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """`quiet`: who comes in, or has had the word, is muted."""

    id: UUID
    title: str
    by: str
    by_name: str
    options: MeetingOptions
    opened_at: datetime
    ended_at: datetime | None = None
    why: str = ""
    locked: bool = False
    quiet: bool = False
    addressed: bool = False
    layout: MeetingLayout = MeetingLayout()
    agenda: tuple[MeetingItem, ...] = ()
    item: int = 0
    rooms: tuple[SideRoom, ...] = ()
    speech: Speech | None = None
    members: Mapping[str, Member] = {}

    @property
    def state(self) -> MeetingState:
        return MeetingState.ENDED if self.ended_at else MeetingState.OPEN

    @property
    def word(self) -> str:
        return self.speech.ref if self.speech else ""

    def presenter(self, place: int = MAIN_ROOM) -> str:
        return next((one.ref for one in self.members.values() if one.sharing and one.place == place), "")

    def present(self) -> list[Member]:
        return [one for one in self.members.values() if one.state is IN]


def opened(event: e.MeetingOpened, at: datetime) -> Meeting:
    quiet = not event.options.everyone_talks
    return Meeting(
        id=event.meeting, title=event.title, by=event.by, by_name=event.by_name, options=event.options, opened_at=at,
        quiet=quiet, agenda=_agenda(event.agenda), members={one.ref: _called(one, quiet, at) for one in event.members})


def evolve(meeting: Meeting, event: Any, at: datetime) -> Meeting:
    """The meeting after the event. What came too late changes nothing."""
    return meeting if meeting.ended_at else EVOLVES[type(event)](meeting, event, at)


def _agenda(items: Iterable[str]) -> tuple[MeetingItem, ...]:
    return tuple(MeetingItem(number=number, name=name) for number, name in enumerate(items, 1))


def _called(one: e.MeetingMember, quiet: bool, at: datetime) -> Member:
    return Member(ref=one.ref, name=one.name, kind=one.kind, unit=one.unit, runs=one.runs, muted=quiet and not one.runs,
                  called_at=at)


def _with(meeting: Meeting, *members: Member, **more: Any) -> Meeting:
    return replace(meeting, members={**meeting.members, **{one.ref: one for one in members}}, **more)


def _change(meeting: Meeting, refs: Iterable[str], **fields: Any) -> Meeting:
    return _with(meeting, *(replace(meeting.members[ref], **fields) for ref in refs if ref in meeting.members))


# --- who is there -------------------------------------------------------------------------------


def _invited(meeting: Meeting, event: e.MeetingInvited, at: datetime) -> Meeting:
    new = [one for one in event.members if one.ref not in meeting.members or meeting.members[one.ref].state in AWAY]
    return _with(meeting, *(_called(one, meeting.quiet, at) for one in new))


def _entered(meeting: Meeting, event: e.MeetingEntered, at: datetime) -> Meeting:
    stands = meeting.members.get(event.member.ref)
    if meeting.locked or (stands and stands.state in (IN, MemberState.REMOVED)):
        return meeting
    member = stands or _called(event.member, meeting.quiet, at)
    return _with(meeting, replace(member, state=IN, entered_at=at, left_at=None))


def _left(meeting: Meeting, event: e.MeetingLeft, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None or stands.state in AWAY:
        return meeting
    state = MemberState.LEFT if stands.state is IN else MemberState.DECLINED
    return _gone(meeting, stands, state, at)


def _removed(meeting: Meeting, event: e.MeetingMemberRemoved, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None:
        return meeting
    gone = _gone(meeting, stands, MemberState.REMOVED, at)
    return replace(gone, layout=replace(gone.layout, pinned=tuple(ref for ref in gone.layout.pinned if ref != event.ref)))


def _gone(meeting: Meeting, member: Member, state: MemberState, at: datetime) -> Meeting:
    """He keeps his side room: a terminal that starts anew comes back to it."""
    without = meeting if meeting.word != member.ref else _silenced(meeting)
    return _with(without, replace(without.members[member.ref], state=state, hand=None, sharing=False, left_at=at, aside=False))


def _aside(meeting: Meeting, event: e.MeetingMemberAside, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None or stands.state is not IN:
        return meeting
    return _change(meeting, [event.ref], aside=event.on)


def _ended(meeting: Meeting, event: e.MeetingEnded, at: datetime) -> Meeting:
    here = [one.ref for one in meeting.present()]
    over = _change(meeting, meeting.members, hand=None, sharing=False, aside=False)
    return replace(_change(over, here, state=MemberState.LEFT, left_at=at), ended_at=at, why=event.why, speech=None, addressed=False)


def _locked(meeting: Meeting, event: e.MeetingLocked, at: datetime) -> Meeting:
    return replace(meeting, locked=event.on)


# --- who is heard and seen ----------------------------------------------------------------------


def _hand(meeting: Meeting, event: e.HandRaised, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None or stands.state is not IN or stands.hand:
        return meeting
    return _change(meeting, [event.ref], hand=at)


def _lowered(meeting: Meeting, event: e.HandLowered, at: datetime) -> Meeting:
    return _change(meeting, [event.ref], hand=None)


def _word(meeting: Meeting, event: e.WordGiven, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None or stands.state is not IN:
        return meeting
    heard = _change(_silenced(meeting), [event.ref], muted=False, hand=None)
    return replace(heard, speech=Speech(event.ref, meeting.item, at))


def _word_taken(meeting: Meeting, event: e.WordTaken, at: datetime) -> Meeting:
    return _silenced(meeting) if meeting.word == event.ref else meeting


def _silenced(meeting: Meeting) -> Meeting:
    """Without a speech; in a quiet meeting who had the word is muted again."""
    had = meeting.members.get(meeting.word)
    quiet = _change(meeting, [had.ref], muted=meeting.quiet and not had.runs) if had else meeting
    return replace(quiet, speech=None)


def _muted(meeting: Meeting, event: e.MeetingMuted, at: datetime) -> Meeting:
    if event.ref:
        return _change(meeting, [event.ref], muted=event.on)
    others = [one.ref for one in meeting.members.values() if not one.runs and one.ref != meeting.word]
    return replace(_change(meeting, others, muted=event.on), quiet=event.on)


def _camera(meeting: Meeting, event: e.CameraStopped, at: datetime) -> Meeting:
    return _change(meeting, [event.ref], dark=event.on)


# --- what is shown ------------------------------------------------------------------------------


def _laid_out(meeting: Meeting, event: e.MeetingLaidOut, at: datetime) -> Meeting:
    known = tuple(dict.fromkeys(ref for ref in event.layout.pinned if ref in meeting.members))
    return replace(meeting, layout=replace(event.layout, pinned=known))


def _shared(meeting: Meeting, event: e.ScreenShared, at: datetime) -> Meeting:
    stands = meeting.members.get(event.ref)
    if stands is None:
        return meeting
    if not event.on or stands.state is not IN:
        return _change(meeting, [event.ref], sharing=False)
    others = [one.ref for one in meeting.members.values() if one.sharing and one.place == stands.place]
    return _change(_change(meeting, others, sharing=False), [event.ref], sharing=True)


def _agenda_set(meeting: Meeting, event: e.AgendaSet, at: datetime) -> Meeting:
    """Items that keep their place and name keep when they began."""
    old = {(one.number, one.name): one for one in meeting.agenda}
    agenda = tuple(old.get((one.number, one.name), one) for one in _agenda(event.items))
    return replace(meeting, agenda=agenda, item=meeting.item if meeting.item <= len(agenda) else 0)


def _agenda_moved(meeting: Meeting, event: e.AgendaMoved, at: datetime) -> Meeting:
    if event.item > len(meeting.agenda) or event.item == meeting.item:
        return meeting
    agenda = tuple(replace(one, begun_at=at) if one.number == event.item else one for one in meeting.agenda)
    speech = Speech(meeting.word, event.item, at) if meeting.speech else None
    return replace(meeting, agenda=agenda, item=event.item, speech=speech)


# --- side rooms ---------------------------------------------------------------------------------


def _side_rooms(meeting: Meeting, event: e.SideRoomsOpened, at: datetime) -> Meeting:
    rooms = tuple(SideRoom(number, one.name) for number, one in enumerate(event.rooms, 1))
    placed = replace(_back(meeting), rooms=rooms)
    for number, one in enumerate(event.rooms, 1):
        placed = _moved(placed, one.members, number)
    return placed


def _placed(meeting: Meeting, event: e.MembersPlaced, at: datetime) -> Meeting:
    there = event.place == MAIN_ROOM or any(room.number == event.place for room in meeting.rooms)
    return _moved(meeting, event.refs, event.place) if there else meeting


def _moved(meeting: Meeting, refs: Iterable[str], place: int) -> Meeting:
    """Whoever goes elsewhere takes no screen with him, and has the word no longer."""
    going = [ref for ref in refs if ref in meeting.members and meeting.members[ref].place != place]
    quiet = _silenced(meeting) if meeting.word in going and place else meeting
    return _change(quiet, going, place=place, sharing=False)


def _back(meeting: Meeting) -> Meeting:
    return replace(_moved(meeting, meeting.members, MAIN_ROOM), rooms=(), addressed=False)


def _side_rooms_closed(meeting: Meeting, event: e.SideRoomsClosed, at: datetime) -> Meeting:
    return _back(meeting)


def _addressed(meeting: Meeting, event: e.SideRoomsAddressed, at: datetime) -> Meeting:
    return replace(meeting, addressed=event.on and bool(meeting.rooms))


EVOLVES: dict[type[Any], Callable[[Meeting, Any, datetime], Meeting]] = {
    e.MeetingInvited: _invited, e.MeetingEntered: _entered, e.MeetingLeft: _left, e.MeetingMemberRemoved: _removed,
    e.MeetingMemberAside: _aside,
    e.MeetingEnded: _ended, e.MeetingLocked: _locked, e.HandRaised: _hand, e.HandLowered: _lowered, e.WordGiven: _word,
    e.WordTaken: _word_taken, e.MeetingMuted: _muted, e.CameraStopped: _camera, e.MeetingLaidOut: _laid_out,
    e.ScreenShared: _shared, e.AgendaSet: _agenda_set, e.AgendaMoved: _agenda_moved, e.SideRoomsOpened: _side_rooms,
    e.MembersPlaced: _placed, e.SideRoomsClosed: _side_rooms_closed, e.SideRoomsAddressed: _addressed,
}
