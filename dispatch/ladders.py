"""The ladders a city starts with. They are data: an operator with the right may change them."""

from __future__ import annotations

from datetime import timedelta

from dispatch.messages.shapes import Ladder, Rung, Until
from dispatch.ports import ReplyOption
from dispatch.words import Channel, Priority

C = Channel

FIRST_LADDERS: tuple[Ladder, ...] = (
    Ladder(code="ordinary", name="普通", rungs=(
        Rung(channels=(C.SCREEN, C.PAGE), wait=60, until=Until.READ),
        Rung(channels=(C.WECHAT,), wait=1800, until=Until.READ, tries=2),
        Rung(channels=(C.SMS,), wait=3600, until=Until.DELIVERED, tries=2),
    )),
    Ladder(code="important", name="重要", rungs=(
        Rung(channels=(C.SCREEN, C.PAGE), wait=30),
        Rung(channels=(C.WECHAT,), wait=300, tries=2),
        Rung(channels=(C.SMS,), wait=600, tries=3),
        Rung(channels=(C.VOICE,), wait=600, tries=2),
    )),
    Ladder(code="emergency", name="紧急", bypass_quiet=True, rungs=(
        Rung(channels=(C.SCREEN, C.PAGE), wait=5),
        Rung(channels=(C.WECHAT,), wait=60, tries=2),
        Rung(channels=(C.SMS,), wait=120, tries=3),
        Rung(channels=(C.VOICE,), wait=120, tries=2),
        Rung(channels=(C.SMS, C.VOICE), wait=300, tries=2),
    )),
)

LADDER_OF: dict[Priority, str] = {priority: priority.value for priority in Priority}

LANE: dict[Priority, int] = {Priority.EMERGENCY: 0, Priority.IMPORTANT: 1, Priority.ORDINARY: 2}

TIME_TO_LIVE: dict[Priority, timedelta] = {
    Priority.ORDINARY: timedelta(days=7),
    Priority.IMPORTANT: timedelta(days=3),
    Priority.EMERGENCY: timedelta(days=1),
}

LONGEST_LIFE = timedelta(days=90)

RECEIVED = ReplyOption(code="received", label="收到", key="1")

REPEAT_KEY = "3"
FREE_KEYS = "1245678"
