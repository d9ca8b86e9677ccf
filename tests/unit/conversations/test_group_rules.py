"""Whatever is asked of a group, in whatever order: it keeps an owner, and only who may changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.conversations import model, speaking
from dispatch.conversations.messages import commands as c
from dispatch.conversations.messages import events as e
from dispatch.conversations.model import Change, Founding, Scene
from dispatch.conversations.seats import conversation_between, own_seat, seats_meant, seats_of
from dispatch.conversations.speaking import Enclosed, Said, Speech, Spoken
from dispatch.conversations.words import (
    MAIN,
    MOST_MEMBERS,
    ConversationKind,
    MemberStanding,
    MessageShape,
)
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Forbidden, Refused

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
ID = UUID(int=7)
PEOPLE = tuple(f"person:{UUID(int=n)}" for n in range(5))
OWNER, MEMBER = MemberStanding.OWNER, MemberStanding.MEMBER
ADMIN = Actor(id="account:admin", name="管理员", roles=(Role.ADMINISTRATOR,), scopes=("city",))


def person(ref: str) -> Actor:
    return Actor(id=ref, name=ref, roles=(Role.DEPUTY,), scopes=(ref,))


class Group:
    """Applies what was decided, as the projection does."""

    def __init__(self) -> None:
        self.members: dict[str, MemberStanding] = {PEOPLE[0]: OWNER, PEOPLE[1]: MEMBER}
        self.muted = self.closed = False
        self.version = 1
        self.refused: list[Refused] = []

    def scene(self, actor: Actor) -> Scene:
        return Scene(
            id=ID, kind=ConversationKind.GROUP, name="群", org="", stations=False, people=False, pair=False,
            owners_only=self.muted, closed=self.closed, size=len(self.members), last_number=0, version=self.version,
            owners=sum(one is OWNER for one in self.members.values()),
            seat=actor.id if actor.id in self.members else None, standing=self.members.get(actor.id))

    def ask(self, decide: Callable[..., Any], command: Any, actor: Actor) -> bool:
        named = [*getattr(command, "members", ()), getattr(command, "member", "")]
        facts = Change(scene=self.scene(actor), among={ref: self.members[ref] for ref in named if ref in self.members})
        try:
            decision = decide(facts, command, actor, AT)
        except Refused as refusal:
            self.refused.append(refusal)
            return False
        for write in decision.writes:
            assert (write.stream, write.expected) == (f"conversation-{ID}", self.version)
            for event in write.events:
                self.apply(event)
                self.version += 1
        return True

    def apply(self, event: Any) -> None:
        match event:
            case e.MembersAdded():
                self.members |= {one.ref: one.standing for one in event.members}
            case e.MembersRemoved():
                self.members = {ref: one for ref, one in self.members.items() if ref not in event.members}
            case e.MemberLeft():
                del self.members[event.member]
            case e.StandingGiven():
                self.members[event.member] = event.standing
            case e.GroupMuted():
                self.muted = event.on
            case e.GroupClosed():
                self.closed = True
            case e.GroupReopened():
                self.closed = False

    def state(self) -> tuple[Any, ...]:
        return dict(self.members), self.muted, self.closed


refs = st.sampled_from(PEOPLE)
several = st.lists(refs, min_size=1, max_size=4).map(tuple)
wishes = st.one_of(
    several.map(lambda found: (model.add_members, c.AddMembers(id=ID, conversation=ID, members=found))),
    several.map(lambda found: (model.remove_members, c.RemoveMembers(id=ID, conversation=ID, members=found))),
    st.tuples(refs, st.sampled_from(MemberStanding)).map(
        lambda one: (model.give_standing, c.GiveStanding(id=ID, conversation=ID, member=one[0], standing=one[1]))),
    st.just((model.leave_group, c.LeaveGroup(id=ID, conversation=ID))),
    st.booleans().map(lambda on: (model.mute, c.MuteGroup(id=ID, conversation=ID, on=on))),
    st.just((model.close, c.CloseGroup(id=ID, conversation=ID))),
    st.just((model.reopen, c.ReopenGroup(id=ID, conversation=ID))),
)


@given(st.lists(st.tuples(refs, wishes), max_size=30))
def test_a_group_with_members_has_an_owner_and_plain_members_only_leave(asked: list[tuple[str, Any]]) -> None:
    group = Group()
    for who, (decide, command) in asked:
        before, standing = group.state(), group.members.get(who)
        done = group.ask(decide, command, person(who))
        assert not group.members or OWNER in group.members.values()
        if standing is not OWNER and not (done and isinstance(command, c.LeaveGroup)):
            assert group.state() == before
        if standing is None:
            assert not done
    assert all(refusal.zh.endswith("。") and refusal.sentence("en").endswith(".") for refusal in group.refused)


@given(st.lists(st.tuples(refs, wishes), max_size=20), refs)
def test_who_speaks_is_a_member_of_an_open_group_and_an_owner_where_it_is_muted(asked: list[tuple[str, Any]], who: str) -> None:
    group = Group()
    for other, (decide, command) in asked:
        group.ask(decide, command, person(other))
    actor = person(who)
    command = c.SendMessage(id=ID, conversation=ID, text="喂")
    may = who in group.members and not group.closed and (not group.muted or group.members[who] is OWNER)
    if may:
        [write] = speaking.send(Speech(scene=group.scene(actor)), command, actor, AT).writes
        [said] = write.events
        assert isinstance(said, e.MessageSent)
        assert (write.stream, write.expected, said.seat) == (f"message-{ID}", 0, who)
    else:
        with pytest.raises(Refused):
            speaking.send(Speech(scene=group.scene(actor)), command, actor, AT)


@given(refs, refs)
def test_the_id_between_two_does_not_depend_on_who_opens(one: str, other: str) -> None:
    assert conversation_between(one, other) == conversation_between(other, one)
    assert model.kind_between(one, other) is model.kind_between(other, one)


@pytest.mark.parametrize(("one", "other", "kind"), [
    ("station:17", "station:18", ConversationKind.STATIONS), ("station:17", MAIN, ConversationKind.MAIN),
    (PEOPLE[0], MAIN, ConversationKind.MAIN), ("station:17", PEOPLE[0], ConversationKind.PERSON),
])
def test_a_conversation_between_two_is_named_after_who_they_are(one: str, other: str, kind: ConversationKind) -> None:
    assert model.kind_between(one, other) is kind


def test_seats_follow_from_who_somebody_is() -> None:
    operator = Actor(id="account:1", name="", roles=(Role.OPERATOR,), scopes=("city",))
    district = Actor(id="account:2", name="", roles=(Role.OPERATOR,), scopes=("district:3",))
    both = Actor(id="account:3", name="", roles=(Role.VIEWER,), scopes=("station:17", PEOPLE[0]))
    machine = Actor(id="key:4", name="", roles=(Role.VIEWER,), scopes=("city",))
    assert [seats_of(one) for one in (operator, district, both, machine)] == [
        ("account:1", MAIN), ("account:2",), (PEOPLE[0],), ()]
    assert own_seat(Actor(id=MAIN, name="", roles=(Role.STATION,), scopes=(MAIN,))) == MAIN
    for actor, seat in ((district, MAIN), (machine, ""), (both, "account:3")):
        with pytest.raises(Forbidden):
            seats_meant(actor, seat)


def test_a_group_has_at_most_two_thousand_members() -> None:
    crowd = tuple(f"station:{n}" for n in range(1, MOST_MEMBERS))
    facts = Founding(seat=PEOPLE[0], path=None, enlisted=(), strangers=(), allowed=True)
    command = c.CreateGroup(id=ID, name="大群", members=crowd)
    [write] = model.create_group(facts, command, person(PEOPLE[0]), AT).writes
    [opened] = write.events
    assert isinstance(opened, e.ConversationOpened)
    assert len(opened.members) == MOST_MEMBERS
    with pytest.raises(Refused) as refused:
        model.create_group(facts, c.CreateGroup(id=ID, name="大群", members=(*crowd, "station:9999")), person(PEOPLE[0]), AT)
    assert refused.value.code == "too-many-members"


@given(st.integers(min_value=0, max_value=400), st.booleans(), st.booleans())
def test_only_the_author_within_two_minutes_or_an_administrator_with_a_reason_takes_back(
    seconds: int, own: bool, administrator: bool,
) -> None:
    group, author = Group(), PEOPLE[0]
    actor = ADMIN if administrator else person(author if own else PEOPLE[1])
    said = Said(id=ID, conversation=ID, at=AT, author=author, seat=author, recalled=False, pinned=False)
    facts = Spoken(message=said, scene=group.scene(actor))
    command = c.RecallMessage(id=ID, message=ID, reason="违规" if administrator else "")
    may = administrator or (own and seconds <= 120)
    try:
        decision = speaking.recall(facts, command, actor, AT + timedelta(seconds=seconds))
        assert may
        assert decision.writes[0].events[0] == e.MessageRecalled(message=ID, by=actor.name, reason=command.reason)
    except Forbidden:
        assert not may


@pytest.mark.parametrize(("mime", "purpose", "shape"), [
    ("image/png", "message", MessageShape.PICTURE), ("audio/mpeg", "voice", MessageShape.VOICE),
    ("application/pdf", "message", MessageShape.FILE), ("video/mp4", "message", MessageShape.FILE),
])
def test_a_message_is_shown_after_its_first_file(mime: str, purpose: str, shape: MessageShape) -> None:
    assert speaking.shape_of((Enclosed(ID, mime, purpose),)) is shape
