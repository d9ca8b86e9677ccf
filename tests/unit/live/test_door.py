"""The door: floods are stopped, crowds come in; the time is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.gateway.live.door import Door, Limits, Verdict
from hub.gateway.live.knock import BadKnock
from hub.gateway.live.rates import Buckets, Counts, Rate


def test_a_burst_comes_in_and_then_the_long_run():
    buckets = Buckets(Rate(2.0, 3.0))

    first = [buckets.take("a", 0.0) for _ in range(4)]
    later = [buckets.take("a", 0.5), buckets.take("a", 0.5)]

    assert first == [0.0, 0.0, 0.0, 0.5]
    assert later == [0.0, 0.5]


def test_one_does_not_pay_for_another():
    buckets = Buckets(Rate(1.0, 1.0))
    buckets.take("flood", 0.0)

    assert (buckets.take("flood", 0.0), buckets.take("other", 0.0)) == (1.0, 0.0)


def test_the_table_is_bounded_and_forgets_who_was_away_longest():
    buckets = Buckets(Rate(1.0, 1.0), keys=2)
    for name in ("a", "b", "a", "c"):
        buckets.take(name, 0.0)

    assert len(buckets) == 2
    assert (buckets.take("a", 0.0), buckets.take("b", 0.0)) == (1.0, 0.0)


@given(st.lists(st.floats(0, 5), max_size=200))
def test_never_more_than_burst_and_rate_allow(pauses: list[float]):
    buckets, now, taken = Buckets(Rate(3.0, 5.0)), 0.0, 0
    for pause in pauses:
        now += pause
        taken += buckets.take("a", now) == 0.0

    assert taken <= 5 + 3 * now + 0.001


@given(st.lists(st.floats(0, 3), min_size=1, max_size=50))
def test_who_waits_as_long_as_he_is_told_gets_it(pauses: list[float]):
    buckets, now = Buckets(Rate(2.0, 4.0)), 0.0
    for pause in pauses:
        now += pause
        wait = buckets.take("a", now)
        if wait:
            now += wait + 0.001
            assert buckets.take("a", now) == 0.0


def test_a_clock_that_goes_back_takes_nothing_away():
    buckets = Buckets(Rate(1.0, 2.0))
    buckets.take("a", 100.0)

    assert buckets.take("a", 50.0) == 0.0


def test_a_count_is_given_back():
    counts = Counts(1)

    assert [counts.take("a"), counts.take("a")] == [True, False]
    counts.give_back("a")
    assert counts.take("a")


def test_a_full_house_and_a_full_address_are_told_when_to_come_back():
    door = Door(Limits(connections=10, address_connections=2, strangers=1))
    door.admit("10.0.0.1", live=0)

    with pytest.raises(BadKnock) as strangers:
        door.admit("10.0.0.1", live=1)
    assert door.enter("10.0.0.1", "account:1")
    door.admit("10.0.0.1", live=1)
    assert door.enter("10.0.0.1", "account:2")
    with pytest.raises(BadKnock) as address:
        door.admit("10.0.0.1", live=2)
    with pytest.raises(BadKnock) as house:
        door.admit("10.0.0.2", live=10)

    assert [(bad.value.status, bad.value.retry_after) for bad in (strangers, address, house)] == [(429, 1), (429, 10), (503, 1)]


def test_who_leaves_makes_room_whether_known_or_not():
    door = Door(Limits(address_connections=1, strangers=1, account_connections=1))
    door.admit("10.0.0.1", live=0)
    door.leave("10.0.0.1", "")
    door.admit("10.0.0.1", live=0)
    assert door.enter("10.0.0.1", "account:1")
    door.leave("10.0.0.1", "account:1")

    door.admit("10.0.0.1", live=0)
    assert door.enter("10.0.0.1", "account:1")


def test_an_account_has_so_many_connections_wherever_they_come_from():
    door = Door(Limits(account_connections=1))
    door.admit("10.0.0.1", live=0)
    door.admit("10.0.0.2", live=1)

    assert [door.enter("10.0.0.1", "account:1"), door.enter("10.0.0.2", "account:1")] == [True, False]


def test_a_whole_ipv6_network_is_one_address():
    door = Door(Limits(address_connections=1))
    door.admit("2001:db8::1", live=0)

    with pytest.raises(BadKnock):
        door.admit("2001:db8::2", live=1)


def test_who_asks_too_much_is_told_first_and_then_sent_away():
    door = Door(Limits(events=1.0, events_burst=2.0))

    said = [door.say("account:1", 10, 0.0)[0] for _ in range(5)]

    assert said == [Verdict.FINE] * 2 + [Verdict.TOO_MUCH] * 2 + [Verdict.FLOOD]
    assert door.say("account:1", 10, 1.0) == (Verdict.FINE, 0.0)


def test_bytes_are_counted_too():
    door = Door(Limits(bytes=100.0, bytes_burst=1000.0))

    assert door.say("account:1", 1000, 0.0) == (Verdict.FINE, 0.0)
    assert door.say("account:1", 100, 0.0) == (Verdict.FLOOD, 1.0)
    assert door.say("account:1", 100, 1.0) == (Verdict.FINE, 0.0)
