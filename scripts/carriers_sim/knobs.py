"""What can be turned while it runs. Unknown names and values out of measure are refused."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from scripts.carriers_sim.people import PhoneHabit, TextHabit, WechatHabit

Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0, le=600)]
Weight = Annotated[float, Meta(ge=0, le=1_000_000)]
Outage = Literal["", "refuse", "cut", "error", "unavailable", "hang", "swallow"]
"""refuse: the vendor's own port is closed (on the shared port as cut);
cut: the connection is reset; error: HTTP 500 (WeChat: -1); unavailable: HTTP 503;
hang: no answer and nothing taken; swallow: taken and delivered, but no answer."""


class Road(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    outage: Outage = ""
    outage_share: Share = 1.0
    rate: Annotated[float, Meta(ge=0, le=1_000_000)] = 0.0
    """Requests a second before the vendor says "too many"; 0: no limit."""
    errors: dict[str, Share] = {}
    """Code in the answer to a send → share of the sends."""
    failures: dict[str, Share] = {}
    """Code of a failure told later → share of the messages."""


class Platform(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The province's. `rejects`: share of the single cases sent back, until they are corrected; `garbled`: of the receipts signed by
    somebody else; `slow`: seconds until what was received is applied and the receipt brought; `guides`: share of the suggestions that
    guidance follows on."""

    outage: Outage = ""
    outage_share: Share = 1.0
    rejects: Share = 0.0
    garbled: Share = 0.0
    slow: Seconds = 0.0
    guides: Share = 0.0


def _phone() -> dict[PhoneHabit, float]:
    return {
        PhoneHabit.PRESS_1: 55,
        PhoneHabit.PRESS_2: 8,
        PhoneHabit.REPEAT: 5,
        PhoneHabit.LISTEN: 6,
        PhoneHabit.WRONG_KEY: 2,
        PhoneHabit.HANG_UP: 2,
        PhoneHabit.MACHINE: 5,
        PhoneHabit.BUSY: 6,
        PhoneHabit.NO_ANSWER: 8,
        PhoneHabit.WRONG_NUMBER: 3,
    }


def _text() -> dict[TextHabit, float]:
    return {
        TextHabit.CONFIRM: 40,
        TextHabit.LEAVE: 5,
        TextHabit.READ: 15,
        TextHabit.IGNORE: 35,
        TextHabit.OFF: 3,
        TextHabit.STOPPED: 2,
    }


def _wechat() -> dict[WechatHabit, float]:
    return {
        WechatHabit.CONFIRM: 50,
        WechatHabit.LEAVE: 6,
        WechatHabit.READ: 14,
        WechatHabit.IGNORE: 24,
        WechatHabit.BLOCKED: 3,
        WechatHabit.NOT_FOLLOWING: 3,
    }


class Mix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights; they need not sum to anything."""

    phone: dict[PhoneHabit, Weight] = msgspec.field(default_factory=_phone)
    text: dict[TextHabit, Weight] = msgspec.field(default_factory=_text)
    wechat: dict[WechatHabit, Weight] = msgspec.field(default_factory=_wechat)


class Knobs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    delay: tuple[Seconds, Seconds] = (0.2, 1.5)
    think: tuple[Seconds, Seconds] = (1.0, 8.0)
    """How long people take before they open a message, pick up, or press a key."""
    loss: Share = 0.0
    duplication: Share = 0.0
    disorder: Share = 0.0
    calls_per_second: Annotated[float, Meta(gt=0, le=100_000)] = 50.0
    """Further calls wait in the queue, as they do at the vendor (whose default is 1)."""
    sms: Road = Road()
    voice: Road = Road()
    wechat: Road = Road()
    province: Platform = Platform()
    mix: Mix = Mix()


def turned(knobs: Knobs, wish: object) -> Knobs:
    """What is not named stays; tables (errors, failures, a mix) are replaced whole.

    Raises msgspec.ValidationError with the place and the reason.
    """
    if not isinstance(wish, dict):
        raise msgspec.ValidationError("Expected an object of knobs")
    known = msgspec.to_builtins(knobs)
    for name, value in wish.items():
        nested = name in {"sms", "voice", "wechat", "province", "mix"} and isinstance(value, dict)
        known[name] = {**known[name], **value} if nested else value
    return msgspec.convert(known, Knobs)
