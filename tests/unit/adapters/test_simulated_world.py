"""The pure parts of the carrier simulator: people, knobs, TwiML, and what it remembers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from scripts.carriers_sim import twiml
from scripts.carriers_sim.__main__ import arguments, knobs_of, options_of
from scripts.carriers_sim.agenda import Agenda
from scripts.carriers_sim.gate import Bucket
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.people import PhoneHabit, draw, fate, pick
from scripts.carriers_sim.store import Kept, Sms
from scripts.carriers_sim.twilio_json import segments
from tests.patience import PATIENCE

AT = datetime(2026, 11, 21, tzinfo=UTC)
words = some.text(max_size=20)


@given(words, words)
def test_luck_is_between_nothing_and_one_and_always_the_same(seed: str, address: str) -> None:
    assert 0 <= draw(seed, address) < 1
    assert draw(seed, address) == draw(seed, address)


def test_a_mix_is_met_in_the_long_run() -> None:
    mix = {PhoneHabit.BUSY: 1.0, PhoneHabit.PRESS_1: 3.0}

    busy = sum(
        pick(mix, draw(1, n), PhoneHabit.LISTEN) is PhoneHabit.BUSY for n in range(4000)
    )

    assert 900 < busy < 1100


def test_an_empty_mix_falls_back() -> None:
    assert pick({}, 0.5, PhoneHabit.LISTEN) is PhoneHabit.LISTEN


def test_a_fate_has_its_share_and_the_rest_goes_well() -> None:
    shares = {"30003": 0.25, "30005": 0.25}

    assert [fate(shares, luck) for luck in (0.1, 0.3, 0.6)] == ["30003", "30005", ""]


def test_turning_one_knob_leaves_the_others() -> None:
    first = turned(Knobs(), {"loss": 0.2, "sms": {"rate": 5}})

    second = turned(first, {"sms": {"outage": "hang"}, "mix": {"phone": {"busy": 1}}})

    assert (second.loss, second.sms.rate, second.sms.outage) == (0.2, 5, "hang")
    assert second.mix.phone == {PhoneHabit.BUSY: 1}
    assert second.mix.text == Knobs().mix.text


@pytest.mark.parametrize("wish", [{"loss": -1}, {"lose": 0}, {"mix": {"phone": {"fly": 1}}}, 3])
def test_a_wrong_wish_is_refused(wish: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        turned(Knobs(), wish)


def test_the_command_line_turns_the_same_knobs() -> None:
    told = arguments(["--loss", "0.1", "--delay", "0", "2", "--knobs", '{"wechat":{"rate":9}}', "--aes-key", ""])

    knobs, options = knobs_of(told), options_of(told)

    assert (knobs.loss, knobs.delay, knobs.wechat.rate) == (0.1, (0, 2), 9)
    assert options.account.aes_key == ""


@pytest.mark.parametrize(
    "text",
    ["", "<Response>", "<Other/>", "<Response><Dial>1</Dial></Response>",
     '<!DOCTYPE x [<!ENTITY a "b">]><Response>&a;</Response>'],
)  # fmt: skip
def test_what_is_no_twiml_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"12[12]00"):
        twiml.verbs_of(text)


def test_every_verb_is_read() -> None:
    text = (
        "<Response><Pause length='2'/><Play loop='2'>http://h/a</Play>"
        "<Gather numDigits='1' timeout='8' action='/k'><Say>你好</Say></Gather>"
        "<Redirect>/again</Redirect><Hangup/></Response>"
    )

    assert twiml.verbs_of(text) == (
        twiml.Pause(2),
        twiml.Play("http://h/a", 16.0),
        twiml.Ask((twiml.Speak("你好", 0.4),), 1, 8, "#", "/k", False),
        twiml.Go("/again"),
        twiml.End(),
    )


def test_the_oldest_is_forgotten_first() -> None:
    kept: Kept[Sms] = Kept(most=3)

    for n in range(5):
        kept.add(
            Sms(sid=f"SM{n}", to=f"+{n % 2}", sender="", service="", body="", status="sent", created=AT, updated=AT)
        )

    assert [item.sid for item in kept.newest()] == ["SM4", "SM3", "SM2"]
    assert [item.sid for item in kept.newest("+0")] == ["SM4", "SM2"]
    assert (len(kept), kept.get("SM0")) == (3, None)


def test_a_limit_lets_a_burst_through_and_then_its_rate() -> None:
    bucket = Bucket(left=10, at=0)

    at_once = sum(bucket.take(10, 0.0) for _ in range(20))
    later = sum(bucket.take(10, 0.5) for _ in range(20))

    assert (at_once, later) == (10, 5)


@pytest.mark.parametrize(("body", "count"), [("a" * 160, 1), ("a" * 161, 2), ("通" * 70, 1), ("通" * 71, 2)])
def test_segments_are_counted_as_the_carrier_bills_them(body: str, count: int) -> None:
    assert segments(body) == count


async def test_what_is_due_sooner_is_done_sooner() -> None:
    agenda, done = Agenda(), list[int]()
    finished = asyncio.Event()

    def errand(number: int, last: bool = False):
        async def act() -> None:
            done.append(number)
            if last:
                finished.set()

        return act

    agenda.after(0.01, errand(3, last=True))
    agenda.after(-2 * PATIENCE, errand(1))
    agenda.after(-PATIENCE, errand(2))
    async with asyncio.TaskGroup() as group:
        work = group.create_task(agenda.run())
        async with asyncio.timeout(PATIENCE):
            await finished.wait()
        work.cancel()

    assert done == [1, 2, 3]
