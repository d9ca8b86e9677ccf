"""The rules of calls: whatever is asked, by whomever, in whatever order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Refused
from media.calls import model
from media.calls.asking import Scene
from media.calls.evolving import elsewhere, evolve, started
from media.calls.messages import commands as c
from media.calls.messages import events as e
from media.calls.messages.shapes import CallOptions, NightBody, NightWindow
from media.calls.night import is_open, rung_instead
from media.calls.starting import Beginning, Target, start
from media.calls.state import Call
from media.calls.words import (
    LIVE,
    MAIN,
    ON_LINE,
    AutoAnswer,
    CallKind,
    CallMemberState,
    CallRole,
)

BEGUN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def operator(name: str) -> Actor:
    return Actor(id=f"account:{name}", name=name, roles=(Role.OPERATOR,), scopes=("city",))


def station(number: int) -> Actor:
    return Actor(id=f"station:{number}", name=str(number), roles=(Role.STATION,), scopes=(f"station:{number}",))


FIRST, SECOND = operator("first"), operator("second")
STATIONS = tuple(station(number) for number in range(1, 5))
EVERYBODY = (FIRST, SECOND, *STATIONS)
TARGETS = {one.id: Target(ref=one.id, path=("city", one.id), when=AutoAnswer.ANNOUNCE) for one in STATIONS} | {
    one.id: Target(ref=one.id, path=("city",)) for one in (FIRST, SECOND)} | {MAIN: Target(ref=MAIN, path=("city",))}
WAYS = st.sampled_from(list(CallKind))
ACTORS, REFS, CALLS, FLAGS = st.sampled_from(EVERYBODY), st.sampled_from([one.id for one in EVERYBODY]), st.integers(0, 2), st.booleans()
OWNED = (c.EndCall, c.AddToCall, c.RemoveFromCall, c.MuteInCall, c.ListenOnly, c.LockCall, c.TransferCall, c.ConsultInCall,
         c.MakeConference, c.MarkPresent, c.StopPlayInCall)


class Desk(RuleBasedStateMachine):
    """Three calls at most, six seats, and every act at any moment."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.at = BEGUN
        self.ended: dict[UUID, Call] = {}
        self.came: set[str] = set()

    @precondition(lambda self: len(self.calls) < 3)
    @rule(kind=WAYS, by=ACTORS, refs=st.sets(REFS, min_size=1, max_size=4), priority=st.sampled_from([3, 9]), late=FLAGS)
    def begins(self, kind: CallKind, by: Actor, refs: set[str], priority: int, late: bool) -> None:
        wish = c.StartCall(id=uuid4(), kind=kind, targets=tuple(sorted(refs)), priority=priority, options=CallOptions(late_entry=late))
        facts = Beginning(targets=TARGETS, path=("city",), lower=tuple(one for one in self.calls if not one.ended_at))
        try:
            writes = start(facts, wish, by, self.at).writes
        except Refused:
            return
        self._record(writes)
        if priority == 9:
            rung = set(self.calls[-1].members) - {by.id}
            for lower in (one for one in self.calls if one.priority < 9):
                assert not [ref for ref in rung & set(lower.members) if lower.members[ref].state in LIVE]

    @precondition(lambda self: self.calls)
    @rule(which=CALLS, shape=st.sampled_from([one for one in model.ACTS if one is not c.PassTime]), by=st.sampled_from([*EVERYBODY, SYSTEM]),
          ref=REFS, to=REFS, on=FLAGS)
    def asks(self, which: int, shape: type[Any], by: Actor, ref: str, to: str, on: bool) -> None:
        call = self.calls[which % len(self.calls)]
        command = _filled(shape, call.id, ref, to, on)
        owned = next((one for one in self.calls if one.id != call.id and one.owner == by.id and not one.ended_at
                      and to in one.members and one.members[to].state in ON_LINE), None)
        scene = Scene(call=call, targets=TARGETS, path=("city",), file_stands=True, consults=owned if shape is c.TransferCall else None)
        inside = {one.ref for one in call.those(*LIVE)}
        try:
            writes = model.decide(scene, command, by, self.at).writes
        except Refused:
            return
        assert shape not in OWNED or call.owner == by.id
        self._record(writes)
        after = self._call(call.id)
        assert not call.locked or {one.ref for one in after.those(*LIVE)} <= inside

    @rule(seconds=st.sampled_from([1, 9, 31, 130]))
    def time_passes(self, seconds: int) -> None:
        self.at += timedelta(seconds=seconds)
        for call in list(self.calls):
            for _ in range(20):
                now = self._call(call.id)
                if not (now.due and now.due <= self.at):
                    break
                scene = Scene(call=now)
                self._record(model.decide(scene, c.PassTime(id=uuid4(), call=now.id), SYSTEM, self.at).writes)
            else:
                raise AssertionError("what is due stays due")

    def _call(self, which: UUID) -> Call:
        return next(one for one in self.calls if one.id == which)

    def _record(self, writes: Any) -> None:
        """As the projection does it."""
        for write in writes:
            for event in write.events:
                if isinstance(event, e.CallStarted):
                    self._settle(None, started(event, self.at))
                else:
                    old = self._call(event.call)
                    self._settle(old, evolve(old, event, self.at))

    def _settle(self, old: Call | None, new: Call) -> None:
        self.calls = [new if one.id == new.id else one for one in self.calls] if old else [*self.calls, new]
        begun = [ref for ref, one in new.members.items() if one.talks and not (old and ref in old.members and old.members[ref].talks)]
        for ref in begun:
            self.calls = [one if one.id == new.id else elsewhere(one, ref, self.at) for one in self.calls]

    @invariant()
    def nobody_talks_in_two_calls(self) -> None:
        talking = [ref for call in self.calls for ref, one in call.members.items() if one.talks and not call.ended_at]
        assert len(talking) == len(set(talking))

    @invariant()
    def the_end_is_final(self) -> None:
        for call in self.calls:
            if call.ended_at:
                assert self.ended.setdefault(call.id, call) == call
                assert not call.those(*LIVE)

    @invariant()
    def one_after_another(self) -> None:
        for call in self.calls:
            if call.kind in (CallKind.POLL, CallKind.ROLLCALL) and not call.ended_at:
                called = [one for one in call.members.values() if one.role is CallRole.CALLED]
                assert len([one for one in called if one.state is CallMemberState.RINGING and one.rung_at]) <= 1 or _added(call)

    @invariant()
    def an_open_call_has_somebody_and_an_hour(self) -> None:
        for call in self.calls:
            assert call.ended_at or (call.parties and call.due)

    @invariant()
    def who_waits_could_be_heard_by_nobody(self) -> None:
        for call in self.calls:
            for one in (one for one in call.members.values() if one.waits):
                others = [other for other in call.parties if other.ref != one.ref and other.state is CallMemberState.JOINED]
                assert one.state is CallMemberState.JOINED
                assert not call.ended_at
                assert call.held or not [other for other in others if other.apart == one.apart and not (one.listen_only and other.listen_only)]

    @invariant()
    def who_listens_in_is_never_a_talker(self) -> None:
        assert not [one for call in self.calls for one in call.members.values() if one.role is CallRole.LISTENER and one.talks]


def _added(call: Call) -> bool:
    """A transfer rings somebody beside the turn."""
    return any(one.why is not None and one.why == "transferred" for one in call.members.values())


def _filled(shape: type[Any], call: UUID, ref: str, to: str, on: bool) -> Any:
    given = {"ref": ref, "to": to, "on": on, "present": on, "up": on, "targets": (to,), "file": call}
    return shape(id=uuid4(), call=call, **{name: value for name, value in given.items() if name in shape.__struct_fields__})


def test_whatever_is_asked_the_rules_of_calls_hold():
    run_state_machine_as_test(Desk, settings=settings(max_examples=40, stateful_step_count=30, deadline=None))


@given(st.permutations(range(4)), st.lists(FLAGS, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_roll_call_finds_out_about_everybody_once(order: list[int], present: list[bool]):
    refs = [STATIONS[place].id for place in order]
    call = started(e.CallStarted(call=uuid4(), kind=CallKind.ROLLCALL, title="", priority=3, owner=FIRST.id, path=("city",), options=CallOptions(),
                                 members=tuple(e.Asked(ref, CallMemberState.WAITING) for ref in refs)), BEGUN)
    for ref, came in zip(refs, present, strict=True):
        assert [one.ref for one in call.those(CallMemberState.RINGING)] == [ref]
        state = CallMemberState.LEFT if came else CallMemberState.UNANSWERED
        if came:
            call = evolve(call, e.CallMemberJoined(call=call.id, ref=ref), BEGUN)
        call = evolve(call, e.CallMembersOut(call=call.id, refs=(ref,), state=state), BEGUN)

    assert [call.members[ref].mark for ref in refs] == present
    assert not call.ended_at


def test_a_night_that_goes_past_midnight_belongs_to_the_day_it_began():
    window = NightWindow(days=(5,), starts=datetime(2026, 1, 1, 18, 0).time(), ends=datetime(2026, 1, 1, 8, 0).time())  # noqa: DTZ001 - times of a wall clock
    night = NightBody(on=True, windows=(window,), by_phone=True)
    friday_evening = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)  # half past six in the city
    found = [is_open(night, friday_evening + timedelta(hours=hours)) for hours in (-1, 0, 13, 14, 24)]

    assert found == [False, True, True, False, False]
    assert rung_instead(night, ("person:a", "person:a", "person:b")) == ("phone:a", "phone:b")
