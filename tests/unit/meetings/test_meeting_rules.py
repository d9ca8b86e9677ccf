"""Whatever is asked of a meeting, by whomever, in whatever order, also late: what must hold holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Refused
from media.meetings import model
from media.meetings.hosting import wish_of
from media.meetings.messages import commands as c
from media.meetings.messages import events as e
from media.meetings.messages.shapes import MeetingLayout, MeetingOptions, SideRoomWish
from media.meetings.model import Guests
from media.meetings.spoke import ACTS
from media.meetings.state import Meeting, evolve, opened
from media.meetings.words import LayoutMode, MemberState, room_of

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ID = UUID(int=7)
DUTY = Actor(id="account:duty", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
ELSEWHERE = Actor(id="account:other", name="三区", roles=(Role.OPERATOR,), scopes=("district:3",))
IN = MemberState.IN


def station(number: int) -> Actor:
    return Actor(id=f"station:{number}", name=f"站{number}", roles=(Role.STATION,), scopes=(f"station:{number}",))


STATIONS = tuple(map(station, range(1, 5)))
REFS = tuple(one.id for one in STATIONS)
DECIDES: dict[type[Any], Callable[..., Any]] = {command: decide for command, _, decide in ACTS}


def member(actor: Actor) -> e.MeetingMember:
    return e.MeetingMember(ref=actor.id, name=actor.name, kind="station")


class Room:
    """Applies what is decided; with `hold`, only when it is let go, however late."""

    def __init__(self, **options: bool) -> None:
        guests = Guests(found=tuple(map(member, STATIONS)))
        command = c.OpenMeeting(id=ID, title="会商", options=MeetingOptions(**options), agenda=("一", "二"))
        [write] = model.open_meeting(guests, command, DUTY, AT).writes
        [event] = write.events
        assert isinstance(event, e.MeetingOpened)
        self.meeting: Meeting = opened(event, AT)
        self.at = AT
        self.held: list[Any] = []

    def ask(self, kind: type[Any], actor: Actor = DUTY, *, hold: bool = False, **fields: Any) -> bool:
        self.at += timedelta(seconds=1)
        try:
            decision = self.decide(kind(id=UUID(int=1), meeting=ID, **fields), actor)
        except Refused:
            return False
        for write in decision.writes:
            assert (write.stream, write.expected) == (f"meeting-{ID}", -2)
            self.held += write.events
        if not hold:
            self.let_go()
        return True

    def decide(self, command: Any, actor: Actor) -> Any:
        if isinstance(command, c.InviteToMeeting):
            found = tuple(member(one) for one in STATIONS if one.id in command.targets)
            return model.invite(Guests(meeting=self.meeting, found=found), command, actor, self.at)
        return DECIDES[type(command)](self.meeting, command, actor, self.at)

    def let_go(self) -> None:
        for event in self.held:
            self.apply(event)
        self.held = []

    def apply(self, event: Any) -> None:
        before = self.meeting
        self.meeting = evolve(before, event, self.at)
        holds(before, self.meeting)

    def all_in(self) -> Room:
        for actor in (DUTY, *STATIONS):
            assert self.ask(c.EnterMeeting, actor)
        return self


def holds(before: Meeting, now: Meeting) -> None:
    members = now.members.values()
    places = [one.place for one in members if one.sharing]
    assert len(places) == len(set(places)), "two share a screen in one place"
    assert all(one.state is IN for one in members if one.sharing or one.hand)
    numbers = {0, *(room.number for room in now.rooms)}
    assert {one.place for one in members} <= numbers, "somebody is where there is no room"
    assert not now.word or now.members[now.word].state is IN
    if before.locked or before.ended_at:
        assert {one.ref for one in now.present()} <= {one.ref for one in before.present()}, "somebody came in"
    if before.ended_at:
        assert now == before
    if not now.rooms:
        assert not now.addressed
    assert all(one.state is IN for one in members if one.aside)
    wish = wish_of(now, 1)
    assert not [ref for ref, may in wish.members.items() if now.members[ref].aside and (may.hear or may.talk or may.show)]
    assert wish.members.keys() == {one.ref for one in now.present()}
    if now.addressed:
        assert {one.at_room for one in wish.members.values()} <= {""}


ref, on = st.sampled_from(REFS), st.booleans()
rooms = st.lists(st.lists(ref, max_size=3), min_size=1, max_size=3).map(
    lambda all_: tuple(SideRoomWish(name=f"分会场{n}", members=tuple(one)) for n, one in enumerate(all_)))
WISHES: list[st.SearchStrategy[tuple[type[Any], dict[str, Any]]]] = [
    *(st.tuples(st.just(kind), st.just({})) for kind in (
        c.EnterMeeting, c.LeaveMeeting, c.RaiseHand, c.LowerHand, c.TakeWord, c.CloseSideRooms)),
    *(st.tuples(st.just(kind), st.fixed_dictionaries({"on": on})) for kind in (
        c.LockMeeting, c.MuteAll, c.BroadcastToSideRooms, c.ShareScreen, c.StepAside)),
    *(st.tuples(st.just(kind), st.fixed_dictionaries({"ref": ref})) for kind in (c.RemoveMember, c.GiveWord)),
    *(st.tuples(st.just(kind), st.fixed_dictionaries({"ref": ref, "on": on})) for kind in (c.MuteMember, c.StopCamera, c.ShareScreen)),
    st.tuples(st.just(c.InviteToMeeting), st.fixed_dictionaries({"targets": st.tuples(ref)})),
    st.tuples(st.just(c.OpenSideRooms), st.fixed_dictionaries({"rooms": rooms})),
    st.tuples(st.just(c.MoveToSideRoom), st.fixed_dictionaries({"refs": st.tuples(ref, ref), "place": st.integers(0, 3)})),
    st.tuples(st.just(c.SetLayout), st.fixed_dictionaries({
        "layout": st.builds(MeetingLayout, mode=st.sampled_from(LayoutMode), pinned=st.tuples(ref), pushed=on)})),
    st.tuples(st.just(c.MoveAgenda), st.fixed_dictionaries({"item": st.integers(0, 3)})),
    st.tuples(st.just(c.SetAgenda), st.fixed_dictionaries({"items": st.sampled_from([(), ("一",), ("一", "三")])})),
]
ACTOR = st.sampled_from([DUTY, DUTY, *STATIONS, ELSEWHERE])


@given(steps=st.lists(st.tuples(ACTOR, st.one_of(WISHES), st.booleans()), max_size=40), quiet=on, ends=on)
def test_in_any_order_and_however_late(steps: list[Any], quiet: bool, ends: bool) -> None:
    room = Room(everyone_talks=not quiet).all_in()
    for actor, (kind, fields), hold in steps:
        if room.ask(kind, actor, hold=hold, **fields):
            assert actor is not ELSEWHERE
    room.let_go()
    if ends:
        room.ask(c.EndMeeting)
        assert room.meeting.present() == []
    room.ask(c.CloseSideRooms)
    assert ends or {one.place for one in room.meeting.members.values()} == {0}


def test_a_locked_meeting_admits_nobody_and_lets_who_is_in_come_back() -> None:
    room = Room()
    room.ask(c.EnterMeeting, STATIONS[0])
    room.ask(c.LockMeeting, on=True)

    assert not room.ask(c.EnterMeeting, STATIONS[1])
    assert not room.ask(c.EnterMeeting, DUTY)
    assert room.ask(c.EnterMeeting, STATIONS[0])
    assert [one.ref for one in room.meeting.present()] == [REFS[0]]


def test_an_entry_that_was_under_way_when_the_door_was_locked_stays_outside() -> None:
    room = Room()
    room.ask(c.EnterMeeting, STATIONS[0], hold=True)
    [entered] = room.held
    room.held = []
    room.ask(c.LockMeeting, on=True)
    room.apply(entered)

    assert room.meeting.present() == []


def test_who_is_removed_comes_back_only_when_invited_again() -> None:
    room = Room().all_in()
    room.ask(c.RemoveMember, ref=REFS[0])
    assert not room.ask(c.EnterMeeting, STATIONS[0])

    room.ask(c.InviteToMeeting, targets=(REFS[0],))
    assert room.ask(c.EnterMeeting, STATIONS[0])


def test_closing_the_side_rooms_brings_everybody_back_and_nobody_takes_his_screen_along() -> None:
    room = Room().all_in()
    room.ask(c.ShareScreen, STATIONS[0], on=True)
    room.ask(c.OpenSideRooms, rooms=(SideRoomWish(name="一组", members=REFS[:2]), SideRoomWish(name="二组", members=REFS[2:3])))
    assert [room.meeting.members[ref].place for ref in REFS] == [1, 1, 2, 0]
    assert wish_of(room.meeting, 1).members[REFS[2]].at_room == room_of(ID, 2)
    assert room.meeting.presenter() == room.meeting.presenter(1) == ""

    room.ask(c.LeaveMeeting, STATIONS[2])
    room.ask(c.EnterMeeting, STATIONS[2])
    assert room.meeting.members[REFS[2]].place == 2
    room.ask(c.CloseSideRooms)
    assert {one.place for one in room.meeting.members.values()} == {0}


def test_nobody_is_in_two_side_rooms() -> None:
    room = Room().all_in()
    assert not room.ask(c.OpenSideRooms, rooms=(SideRoomWish(name="一", members=REFS[:1]), SideRoomWish(name="二", members=REFS[:1])))
    assert room.meeting.rooms == ()


def test_while_the_main_room_speaks_to_all_only_it_is_heard_and_then_each_is_back_where_he_was() -> None:
    room = Room().all_in()
    room.ask(c.OpenSideRooms, rooms=(SideRoomWish(name="一组", members=REFS[:2]),))
    apart = wish_of(room.meeting, 1)
    room.ask(c.BroadcastToSideRooms, on=True)
    room.ask(c.GiveWord, ref=REFS[0])

    together = wish_of(room.meeting, 1).members
    assert {ref for ref, one in together.items() if one.talk} == {DUTY.id, REFS[0]}
    room.ask(c.TakeWord)
    room.ask(c.BroadcastToSideRooms, on=False)
    assert wish_of(room.meeting, 1) == apart


def test_one_screen_at_a_time_unless_who_runs_it_takes_over() -> None:
    room = Room().all_in()
    assert room.ask(c.ShareScreen, STATIONS[0], on=True)
    assert not room.ask(c.ShareScreen, STATIONS[1], on=True)
    assert room.ask(c.ShareScreen, DUTY, on=True)
    assert room.meeting.presenter() == DUTY.id


def test_in_a_quiet_meeting_one_is_heard_while_he_has_the_word() -> None:
    room = Room(everyone_talks=False).all_in()
    def heard() -> set[str]:
        return {ref for ref, one in wish_of(room.meeting, 1).members.items() if one.talk}

    assert heard() == {DUTY.id}
    room.ask(c.RaiseHand, STATIONS[0])
    room.ask(c.MoveAgenda, item=2)
    room.ask(c.GiveWord, ref=REFS[0])
    assert heard() == {DUTY.id, REFS[0]}
    assert (room.meeting.members[REFS[0]].hand, room.meeting.speech and room.meeting.speech.item) == (None, 2)
    room.ask(c.GiveWord, ref=REFS[1])
    assert heard() == {DUTY.id, REFS[1]}
    assert room.ask(c.TakeWord, STATIONS[1])
    assert heard() == {DUTY.id}


@pytest.mark.parametrize("kind", [kind for kind, _, _ in ACTS])
def test_who_has_nothing_to_do_with_it_hears_that_it_does_not_exist(kind: type[Any]) -> None:
    fields = {"ref": REFS[0], "on": True, "refs": REFS[:1], "place": 0, "layout": MeetingLayout(), "items": (), "item": 0,
              "rooms": (SideRoomWish(name="一"),)}
    own = {name: value for name, value in fields.items() if name in kind.__struct_fields__}
    command = kind(id=UUID(int=1), meeting=ID, **own)
    with pytest.raises(Refused) as refused:
        DECIDES[kind](Room().meeting, command, ELSEWHERE, AT)
    assert refused.value.code == "no-meeting"


def test_the_layout_names_only_members() -> None:
    room = Room().all_in()
    assert not room.ask(c.SetLayout, layout=MeetingLayout(mode=LayoutMode.PINNED, pinned=("station:99",)))
    assert room.ask(c.SetLayout, layout=MeetingLayout(mode=LayoutMode.PINNED, pinned=REFS[:2], pushed=True))
    room.ask(c.RemoveMember, ref=REFS[0])
    assert room.meeting.layout.pinned == REFS[1:2]


