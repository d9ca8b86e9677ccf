"""Simulated people: the same seed and address always behave in the same way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import TypeVar

import msgspec

Habit = TypeVar("Habit", bound=StrEnum)


class PhoneHabit(StrEnum):
    PRESS_1 = "press_1"
    PRESS_2 = "press_2"
    REPEAT = "repeat_then_1"
    LISTEN = "listen"
    WRONG_KEY = "wrong_key"
    HANG_UP = "hang_up"
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    BY_HAND = "by_hand"


class TextHabit(StrEnum):
    IGNORE = "ignore"
    READ = "read"
    CONFIRM = "confirm"
    LEAVE = "leave"
    OFF = "off"
    STOPPED = "stopped"
    LANDLINE = "landline"
    BY_HAND = "by_hand"


class WechatHabit(StrEnum):
    IGNORE = "ignore"
    READ = "read"
    CONFIRM = "confirm"
    LEAVE = "leave"
    BLOCKED = "blocked"
    NOT_FOLLOWING = "not_following"
    BY_HAND = "by_hand"


KEYS: dict[PhoneHabit, str] = {
    PhoneHabit.PRESS_1: "1",
    PhoneHabit.PRESS_2: "2",
    PhoneHabit.REPEAT: "31",
    PhoneHabit.WRONG_KEY: "789",
}


class Habits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Set for one address; "" leaves the choice to the mix."""

    phone: PhoneHabit | None = None
    text: TextHabit | None = None
    wechat: WechatHabit | None = None


def draw(*parts: object) -> float:
    """Evenly between 0 and 1, the same for the same parts."""
    text = "|".join(map(str, parts)).encode()
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") / (1 << 56)


def pick(weights: Mapping[Habit, float], luck: float, otherwise: Habit) -> Habit:
    mark = luck * sum(weights.values())
    for habit, weight in weights.items():
        mark -= weight
        if mark < 0:
            return habit
    return otherwise


def fate(shares: Mapping[str, float], luck: float) -> str:
    """The code whose share the draw falls into, or ""."""
    for code, share in shares.items():
        luck -= share
        if luck < 0:
            return code
    return ""


def between(bounds: tuple[float, float], luck: float) -> float:
    low, high = bounds
    return low + (high - low) * luck
