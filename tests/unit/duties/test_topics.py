"""Who is proposed for a topic, and what a group of an activity still needs."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases.subscribing.matching import Spoken, Subscription, matched
from hub.kernel.lifecycle import Case
from hub.streams.duties.activities import Activity
from hub.streams.duties.talks import Talk, wishes
from hub.streams.duties.topics import Booker, balanced, fits

BOOKERS = tuple(Booker(ref=ref, place=place, specialities=specialities, held=held) for place, (ref, specialities, held) in enumerate(
    (("一", (), 0), ("二", ("城建",), 2), ("三", ("城建", "教育"), 1), ("四", (), 1), ("五", ("教育",), 0)), 1))


@pytest.mark.parametrize(("quota", "wanted", "proposed"), [
    (2, (), ("一", "五")), (3, ("城建",), ("三", "二", "一")), (0, ("教育",), ("五", "三", "一", "四", "二")), (9, (), ("一", "五", "三", "四", "二")),
])
def test_the_balance_goes_by_speciality_then_by_fewest_topics_then_by_who_came_first(quota, wanted, proposed):
    assert balanced(BOOKERS, quota, wanted) == proposed


@given(st.permutations(BOOKERS), st.integers(0, 6), st.sets(st.sampled_from(("城建", "教育"))))
def test_the_balance_does_not_depend_on_the_order_it_is_read_in(shuffled, quota, wanted):
    chosen = balanced(shuffled, quota, tuple(wanted))
    assert chosen == balanced(BOOKERS, quota, tuple(wanted))
    left = [one for one in BOOKERS if one.ref not in chosen]
    assert not [one for one in left if wanted and fits(tuple(wanted), one.specialities)
                for other in BOOKERS if other.ref in chosen and not fits(tuple(wanted), other.specialities)]


def talk(state: str, **more) -> Talk:
    at = datetime(2026, 5, 11, tzinfo=UTC)
    case = Case(id=uuid4(), state=state, since=at, opened=at, opened_by="", rules="", version=1, facts=Activity(title="视察"))
    return msgspec.structs.replace(Talk(case=case), **more)


@pytest.mark.parametrize(("now", "asked"), [
    (talk("draft"), []), (talk("held"), []), (talk("published"), ["CreateGroup"]), (talk("published", clerk="account:1"), ["CreateGroup", "GiveStanding"]),
    (talk("published", stands=True, present=frozenset(("a", "b")), wanted=("a", "c"), parted=("b", "d")), ["AddMembers", "RemoveMembers"]),
    (talk("closed", stands=True, present=frozenset(("a", "clerk")), wanted=("a",), parted=("clerk",), clerk="clerk"), []),
    (talk("held", stands=True), ["CloseGroup"]), (talk("cancelled", stands=True), ["CloseGroup"]),
])
def test_a_group_stands_while_its_activity_is_open_and_follows_who_takes_part(now, asked):
    assert [type(one).__name__ for one in wishes(uuid4(), now)] == asked


SPOKEN = Spoken(stream="proposals", folded="关于加装电梯的建议", inside="停车难", codes={"proposals/education": "教育"})


@pytest.mark.parametrize(("fields", "inside", "word"), [
    ({"words": ("電梯",)}, False, "電梯"), ({"words": ("停车",)}, False, None), ({"words": ("停车",)}, True, "停车"),
    ({"topics": ("proposals/education",)}, False, "教育"), ({"words": ("电梯",), "streams": ("activities",)}, True, None),
])
def test_a_subscription_matches_what_its_holder_reads(fields, inside, word):
    one = Subscription(**({"id": uuid4(), "holder": "person:1", "words": (), "topics": (), "streams": ()} | fields))
    assert matched(one, SPOKEN, inside=inside) == word
