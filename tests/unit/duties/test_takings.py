"""Signing in: near enough, at the right time, with the code of the moment; what looks wrong is kept with its doubts."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from hub.streams.duties import messages as m
from hub.streams.duties.activities import Activity
from hub.streams.duties.takings import (
    CODE_SECONDS,
    Signing,
    Taking,
    code_at,
    doubts_of,
    may_register,
    may_sign_in,
    metres,
)

AT = datetime.fromisoformat("2026-05-20T09:00:00+08:00")
HALL = (120.6994, 27.9943)
KEY = b"k" * 32
ME = "person:1"
ACTIVITY = Activity(title="老旧小区视察", kind="inspection", starts=AT, ends=AT + timedelta(hours=3), place="望江街道", lon=HALL[0], lat=HALL[1], radius=300,
                    quota=2, deadline=AT - timedelta(days=1))


REGISTERED = Taking(registered=True)


def known(state="published", taking=REGISTERED, **more):
    case = Case(id=derived("activity", 1), state=state, since=AT, opened=AT, opened_by="x", rules="0", version=1, facts=ACTIVITY,
                parties={"invited": (ME, "person:2")})
    return Signing(activity=case, taking=taking, key=KEY, **more)


def wish(way=m.Way.PLACE, lon=HALL[0], lat=HALL[1], accuracy=15.0, **more):
    return m.SignInToActivity(id=uuid4(), activity=derived("activity", 1), way=way, lon=lon, lat=lat, accuracy=accuracy, **more)


def doubts(one, at=AT, **more):
    return doubts_of(known(**more), one, ACTIVITY, at)


def why(call, *arguments):
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.zh


def test_distances_are_those_of_the_earth():
    assert metres(*HALL, *HALL) == 0
    assert abs(metres(120.0, 28.0, 120.0, 28.01) - 1112) < 1
    assert abs(metres(120.0, 28.0, 120.01, 28.0) - 982) < 1


def test_within_the_circle_counts_and_outside_does_not():
    assert doubts(wish()) == ()
    assert doubts(wish(lat=HALL[1] + 0.0026)) == ()
    assert "要在300米内" in why(doubts, wish(lat=HALL[1] + 0.01))


def test_a_coarse_or_mocked_place_is_doubtful():
    assert doubts(wish(accuracy=500.0)) == ("coarse",)
    assert doubts(wish(accuracy=0.0, mocked=True)) == ("mocked", "coarse")


def test_nobody_is_at_two_places_in_ten_minutes():
    far = (AT - timedelta(minutes=10), 120.2, 30.2)
    assert doubts(wish(), last=far) == ("too_fast",)
    assert doubts(wish(), last=(AT - timedelta(hours=6), 120.2, 30.2)) == ()


def test_one_phone_for_two_people_is_doubtful():
    assert doubts(wish(device="d1"), phone_of=("person:2",)) == ("shared_phone",)


def test_the_code_holds_for_half_a_minute_and_its_follower():
    code = code_at(KEY, str(derived("activity", 1)), AT)
    assert doubts(wish(m.Way.CODE, code=code)) == ()
    assert doubts(wish(m.Way.CODE, code=code), AT + timedelta(seconds=CODE_SECONDS)) == ()
    assert "不对或已更换" in why(doubts, wish(m.Way.CODE, code=code), AT + timedelta(seconds=3 * CODE_SECONDS))
    assert "不对或已更换" in why(doubts, wish(m.Way.CODE, code="00000000"))


def test_a_code_read_without_a_network_is_judged_by_when_it_was_read():
    code = code_at(KEY, str(derived("activity", 1)), AT)
    assert doubts(wish(m.Way.CODE, code=code, read_at=AT), AT + timedelta(hours=5)) == ("offline",)
    assert "已过期" in why(doubts, wish(m.Way.CODE, code=code, read_at=AT), AT + timedelta(hours=25))
    assert "已过期" in why(doubts, wish(m.Way.CODE, code=code, read_at=AT + timedelta(hours=1)), AT)


def test_one_signs_in_from_an_hour_before_to_an_hour_after():
    for minutes, fits in ((-61, False), (-60, True), (240, True), (241, False)):
        at = AT + timedelta(minutes=minutes)
        if fits:
            assert may_sign_in(known(), at) == ACTIVITY
        else:
            assert "签到时间" in why(may_sign_in, known(), at)


def test_who_waits_for_a_place_does_not_sign_in():
    assert may_sign_in(known(place=2), AT) == ACTIVITY
    assert "候补名单" in why(may_sign_in, known(place=3), AT)
    assert "没有报名" in why(may_sign_in, known(taking=Taking()), AT)
    assert "已经签到" in why(may_sign_in, known(taking=Taking(registered=True, signed_in=AT)), AT)
    assert "不能报名或签到" in why(may_sign_in, known(state="cancelled"), AT)


def test_only_the_invited_register_and_in_time():
    fresh = known(taking=Taking())
    may_register(fresh, ME, AT - timedelta(days=2))
    with pytest.raises(Forbidden):
        may_register(fresh, "person:9", AT - timedelta(days=2))
    for other in (known(taking=Taking()), known(state="closed", taking=Taking())):
        with pytest.raises(Conflict):
            may_register(other, ME, AT)
    with pytest.raises(Conflict):
        may_register(known(), ME, AT - timedelta(days=2))
