"""参加: who registers, signs in and out, answers; decided for one deputy alone, so that hundreds at once do not stand in each other's way.

Places are given in the order of the journal: the projection counts, nobody decides. Signing in by place or by code is judged here;
what looks wrong is kept with its doubts and counts only after a clerk's word.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

import msgspec

from hub.kernel.errors import Conflict, Forbidden, Refused
from hub.kernel.lifecycle import Case
from hub.streams.duties import messages as m
from hub.streams.duties.activities import OPEN, Activity, window

EARTH = 6_371_000.0
COARSE = 200.0
"""Metres of a phone's own doubt about where it is, beyond which it proves nothing."""
FASTEST = 80.0
"""Metres a second between two places of one person: nearly 300 km/h."""
CODE_SECONDS = 30
OFFLINE = 24 * 3600
"""Seconds for which a code read without a network may still be handed in."""
DIGITS = 10**8


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """One deputy's part in one activity, as its events make it."""

    version: int = 0
    registered: bool = False
    leave: str = ""
    refused: str = ""
    signed_in: datetime | None = None
    signed_out: datetime | None = None
    answered: bool = False


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known when somebody signs in. `phone_of`: who signed in here with the same phone. `last`: where the person was
    last seen to sign in: moment, lon, lat. `resting`: the mandate is suspended or has ended."""

    activity: Case | None
    taking: Taking
    place: int = 0
    phone_of: tuple[str, ...] = ()
    last: tuple[datetime, float, float] | None = None
    key: bytes = b""
    resting: bool = False


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Along the earth's surface."""
    a, b = radians(lat), radians(other_lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(half, 1.0)))


def code_at(key: bytes, activity: str, at: datetime) -> str:
    """Eight digits that hold for half a minute."""
    step = int(at.timestamp()) // CODE_SECONDS
    told = hmac.new(key, f"{activity}/{step}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(told[:8], 'big') % DIGITS:08d}"


def open_activity(case: Case | None, at: datetime) -> Activity:
    """Raises Refused: there is none, or it is not the time."""
    if case is None or not isinstance(case.facts, Activity):
        raise Refused("没有这个活动，可能已被删除。", "There is no such activity.", code="no-activity", field="activity")
    if case.state not in OPEN:
        raise Conflict("活动现在不能报名或签到。", "The activity is not open for that now.", code="not-open")
    return case.facts


def may_register(known: Signing, person: str, at: datetime) -> None:
    activity = open_activity(known.activity, at)
    if not (known.activity and known.activity.has("invited", frozenset((person,)))):
        raise Forbidden("这个活动没有邀请您，如有疑问请联系代表工委。", "You are not invited; ask the deputies' committee.", code="not-invited")
    if known.resting:
        raise Forbidden("您的代表职务已暂停或终止，不能报名；如有疑问请联系代表工委。",
                        "Your mandate rests or has ended; ask the deputies' committee.", code="not-in-office")
    if known.activity.state != "published" or (activity.deadline and at > activity.deadline):
        raise Conflict("报名已经截止，请联系代表工委。", "Registration is closed; ask the deputies' committee.", code="closed")
    if known.taking.refused:
        raise Conflict(f"您的报名没有被接受（{known.taking.refused}），请联系代表工委。",
                       f"Your registration was not taken ({known.taking.refused}); ask the deputies' committee.", code="refused")
    if known.taking.registered:
        raise Conflict("您已经报名。", "You are registered already.", code="registered")


def doubts_of(known: Signing, wish: m.SignInToActivity, activity: Activity, at: datetime) -> tuple[str, ...]:
    """What speaks against it; empty: it counts at once. Raises Refused where it is plainly not at the place or not the code."""
    found: list[str] = []
    if wish.way is m.Way.CODE:
        found += _code_doubts(known, wish, at)
    else:
        found += _place_doubts(known, wish, activity, at)
    if known.phone_of:
        found.append("shared_phone")
    return tuple(found)


def _code_doubts(known: Signing, wish: m.SignInToActivity, at: datetime) -> list[str]:
    read = wish.read_at or at
    if not known.activity or not 0 <= (at - read).total_seconds() <= OFFLINE:
        raise Refused("签到码已过期，请重新扫码。", "The code is too old; scan again.", code="old-code", field="code")
    steps = (0, CODE_SECONDS)
    good = {code_at(known.key, str(known.activity.id), datetime.fromtimestamp(read.timestamp() - back, tz=read.tzinfo)) for back in steps}
    if wish.code not in good:
        raise Refused("签到码不对或已更换，请看现场大屏上的新码。", "The code is wrong or has changed; read the new one.", code="wrong-code", field="code")
    return ["offline"] if (at - read).total_seconds() > 2 * CODE_SECONDS else []


def _place_doubts(known: Signing, wish: m.SignInToActivity, activity: Activity, at: datetime) -> list[str]:
    if activity.lon is None or activity.lat is None:
        raise Refused("这个活动没有设定位签到，请用签到码。", "This activity has no place set; use the code.", code="no-place")
    if wish.lon is None or wish.lat is None:
        raise Refused("没有取得位置，请允许定位后再试，或用签到码。", "No position; allow it and try again, or use the code.", code="no-position")
    away = metres(wish.lon, wish.lat, activity.lon, activity.lat)
    if away > activity.radius + min(wish.accuracy, COARSE):
        raise Refused(f"您离活动地点约{away:.0f}米，要在{activity.radius}米内才能签到。",
                      f"You are about {away:.0f} m away; sign in within {activity.radius} m.", code="too-far")
    found = ["mocked"] if wish.mocked else []
    if wish.accuracy > COARSE or wish.accuracy <= 0:
        found.append("coarse")
    if known.last and _speed(known.last, wish, at) > FASTEST:
        found.append("too_fast")
    return found


def _speed(last: tuple[datetime, float, float], wish: m.SignInToActivity, at: datetime) -> float:
    seconds = max((at - last[0]).total_seconds(), 1.0)
    return metres(last[1], last[2], wish.lon or 0.0, wish.lat or 0.0) / seconds


def may_sign_in(known: Signing, at: datetime) -> Activity:
    activity = open_activity(known.activity, at)
    hours = window(activity)
    if hours is None or not hours[0] <= at <= hours[1]:
        raise Conflict("还没有到签到时间，或签到已经结束。", "It is too early or too late to sign in.", code="not-now")
    if known.taking.signed_in:
        raise Conflict("您已经签到。", "You have signed in already.", code="signed-in")
    if not known.taking.registered:
        raise Conflict("您还没有报名，请先报名或联系现场工作人员。", "You are not registered; register first or ask the staff.", code="not-registered")
    if activity.quota and known.place > activity.quota:
        raise Conflict("您还在候补名单上，请联系现场工作人员。", "You are still on the waiting list; ask the staff.", code="waiting")
    return activity
