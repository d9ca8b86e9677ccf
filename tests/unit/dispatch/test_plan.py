"""Which road next, and why not the others."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.messages.shapes import Ladder, Rung, Until
from dispatch.plan import (
    NEEDS,
    SOCKET,
    UNTIL_RANK,
    Hour,
    Person,
    Quiet,
    first_road,
    next_rung,
    road,
)
from dispatch.words import RANK, Channel, Priority, State, Why
from hub.kernel.clock import CITY_ZONE

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
QUIET = Quiet(time(22), time(7), (Channel.VOICE, Channel.SMS))

rungs = st.builds(
    Rung, channels=st.lists(st.sampled_from([*Channel]), min_size=1, max_size=3, unique=True).map(tuple),
    wait=st.integers(0, 3600), until=st.sampled_from([*Until]), skip_offline=st.booleans())
ladders = st.builds(Ladder, code=st.just("t"), name=st.just("t"), rungs=st.lists(rungs, min_size=1, max_size=5).map(tuple),
                    bypass_quiet=st.booleans())
people = st.builds(
    Person, ref=st.sampled_from(["person:1", "station:1"]), phone=st.sampled_from(["", "+86"]), openid=st.sampled_from(["", "o"]),
    opt_out=st.sampled_from([(), ("sms",), ("wechat", "voice")]), bad=st.sampled_from([(), ("phone",), ("openid",)]),
    online=st.booleans(), rank=st.sampled_from(sorted(set(RANK.values()))), rung=st.integers(0, 5))
hours = st.builds(
    Hour, at=st.integers(-36, 36).map(lambda n: AT + timedelta(hours=n)),
    expires_at=st.integers(-12, 160).map(lambda n: AT + timedelta(hours=n)),
    priority=st.sampled_from([*Priority]), quiet=st.sampled_from([None, QUIET]),
    carriers=st.sets(st.sampled_from([*Channel])).map(frozenset))


@given(ladders, people, hours)
@settings(max_examples=500, deadline=None)
def test_a_step_goes_up_tries_something_or_says_why_and_ends_in_time(ladder: Ladder, person: Person, hour: Hour) -> None:
    step = next_rung(ladder, person, hour)

    assert step.ended == (step.next_at is None)
    assert step.rung >= min(person.rung, step.rung)
    assert all(one.why is not Why.NONE for one in step.planned if one.due is None)
    assert all(one.state is State.SUPPRESSED for one in step.planned if one.due is None)
    assert step.next_at is None or step.next_at <= hour.expires_at
    if hour.at >= hour.expires_at:
        assert step.planned == ()


@given(ladders, people, hours)
@settings(max_examples=500, deadline=None)
def test_no_rung_is_passed_without_a_word_about_each_of_its_roads(ladder: Ladder, person: Person, hour: Hour) -> None:
    step = next_rung(ladder, person, hour)

    for place in range(person.rung, min(step.rung, len(ladder.rungs))):
        told = {one.channel for one in step.planned if one.rung == place}
        for channel in ladder.rungs[place].channels:
            foreign = (channel in SOCKET and (channel is Channel.SCREEN) != person.is_station) or (
                channel is Channel.WECHAT and person.is_station)
            assert (channel in told) is not foreign
    passed = {one.rung for one in step.planned if one.due is not None}
    assert len(passed) <= 1, "only one rung is begun in one step"


@given(ladders, people, hours)
@settings(max_examples=300, deadline=None)
def test_only_roads_that_lead_somewhere_are_taken(ladder: Ladder, person: Person, hour: Hour) -> None:
    for one in next_rung(ladder, person, hour).planned:
        if one.due is None or one.channel in SOCKET:
            continue
        assert one.channel in hour.carriers
        assert person.address(one.channel)
        assert NEEDS[one.channel] not in person.bad
        assert one.channel not in person.opt_out or hour.priority is Priority.EMERGENCY
        assert one.due >= hour.at


@given(ladders, people, hours)
@settings(max_examples=300, deadline=None)
def test_who_got_far_enough_is_left_in_peace(ladder: Ladder, person: Person, hour: Hour) -> None:
    before = min(person.rung, len(ladder.rungs)) - 1
    step = next_rung(ladder, person, hour)

    if person.rung and person.rank >= UNTIL_RANK[ladder.rungs[before].until]:
        assert (step.planned, step.ended) == ((), True)


def one(*channels: Channel, **more: object) -> Ladder:
    return Ladder(code="t", name="t", rungs=tuple(Rung(channels=(channel,), wait=60) for channel in channels), **more)  # type: ignore[arg-type]


def deputy(**more: object) -> Person:
    return Person(**({"ref": "person:1", "phone": "+86", "openid": "o"} | more))  # type: ignore[arg-type]


def hour(at: datetime = AT, priority: Priority = Priority.ORDINARY, **more: object) -> Hour:
    return Hour(**({"at": at, "expires_at": at + timedelta(days=1), "priority": priority, "quiet": QUIET} | more))  # type: ignore[arg-type]


def test_who_is_offline_is_passed_by_unless_the_rung_waits_for_him() -> None:
    skipping = one(Channel.PAGE, Channel.SMS)
    waiting = Ladder(code="t", name="t", rungs=(Rung(channels=(Channel.PAGE,), wait=60, skip_offline=False),))

    step = next_rung(skipping, deputy(), hour())
    assert [(p.channel, p.state, p.why) for p in step.planned] == [
        (Channel.PAGE, State.SUPPRESSED, Why.OFFLINE), (Channel.SMS, State.QUEUED, Why.NONE)]
    assert next_rung(waiting, deputy(), hour()).planned[0].state is State.ACCEPTED


def test_by_night_only_the_ordinary_waits_for_the_morning() -> None:
    ladder = one(Channel.SMS)
    states = {priority: next_rung(ladder, deputy(), hour(NIGHT, priority)).planned[0] for priority in Priority}

    ordinary = states[Priority.ORDINARY]
    assert (ordinary.state, ordinary.why, ordinary.due) == (
        State.PLANNED, Why.QUIET_HOURS, datetime(2026, 3, 3, 7, 0, tzinfo=CITY_ZONE))
    assert {states[p].state for p in (Priority.IMPORTANT, Priority.EMERGENCY)} == {State.QUEUED}
    assert next_rung(one(Channel.SMS, bypass_quiet=True), deputy(), hour(NIGHT)).planned[0].state is State.QUEUED
    assert next_rung(one(Channel.WECHAT), deputy(), hour(NIGHT)).planned[0].state is State.QUEUED


def test_what_expires_before_the_morning_is_not_sent_at_all() -> None:
    step = next_rung(one(Channel.SMS), deputy(), hour(NIGHT, expires_at=NIGHT + timedelta(hours=2)))

    assert [(p.state, p.why) for p in step.planned] == [(State.SUPPRESSED, Why.QUIET_HOURS)]
    assert step.ended


def test_every_reason_not_to_take_a_road_has_its_name() -> None:
    cases = {
        Why.NO_ADDRESS: (deputy(phone=""), hour()), Why.BLOCKED: (deputy(bad=("phone",)), hour()),
        Why.OPT_OUT: (deputy(opt_out=("sms",)), hour()), Why.NO_CARRIER: (deputy(), hour(carriers=frozenset())),
    }
    for why, (person, when) in cases.items():
        planned = road(Channel.SMS, 0, person, when, one(Channel.SMS))
        assert planned is not None
        assert (planned.state, planned.why) == (State.SUPPRESSED, why)
    loud = road(Channel.SMS, 0, deputy(opt_out=("sms",)), hour(priority=Priority.EMERGENCY), one(Channel.SMS))
    assert loud is not None
    assert loud.state is State.QUEUED


def test_a_station_has_a_screen_and_a_telephone_and_nothing_else() -> None:
    station = Person(ref="station:1", phone="+86", online=True)
    found = {channel: road(channel, 0, station, hour(), one(channel)) for channel in Channel}

    assert {channel for channel, planned in found.items() if planned} == {Channel.SCREEN, Channel.SMS, Channel.VOICE}


def test_quiet_hours_may_lie_within_a_day_over_midnight_or_be_off() -> None:
    def until(starts: int, ends: int, local: int) -> int | None:
        found = Quiet(time(starts), time(ends), ()).until(datetime(2026, 3, 2, local, tzinfo=CITY_ZONE))
        return None if found is None else int((found - datetime(2026, 3, 2, local, tzinfo=CITY_ZONE)).total_seconds() // 3600)

    assert [until(22, 7, at) for at in (21, 22, 23, 0, 6, 7)] == [None, 9, 8, 7, 1, None]
    assert [until(12, 14, at) for at in (11, 12, 13, 14)] == [None, 2, 1, None]
    assert [until(8, 8, at) for at in (7, 8, 9)] == [None, None, None]


def test_the_composer_counts_the_road_that_would_be_first() -> None:
    ladder = one(Channel.PAGE, Channel.WECHAT, Channel.SMS)

    assert first_road(ladder, deputy(online=True), hour()) is Channel.PAGE
    assert first_road(ladder, deputy(), hour()) is Channel.WECHAT
    assert first_road(ladder, deputy(phone="", openid=""), hour()) is None
