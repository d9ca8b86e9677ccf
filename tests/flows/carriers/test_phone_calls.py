"""A call from its first ring to the pressed key, TwiML and signatures included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from dispatch.words import Channel, State, Why
from hub.kernel.clock import SystemClock
from tests.contract.carriers.stage import Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged(Channel.VOICE) as one:
        yield one


async def ring(stage: Stage, habit: str, until: State, **own: Any) -> tuple[Any, list[Any]]:
    await stage.turn(mix={"phone": {habit: 1}}, **own)
    notice = stage.notice()
    await stage.carrier.submit(notice)
    await stage.door.until(lambda: stage.door.best(notice.attempt) is until)
    return notice, stage.door.of(notice.attempt)


async def call_of(stage: Stage) -> dict[str, Any]:
    return (await stage.kept())[0]


@pytest.mark.parametrize(("habit", "reply"), [("press_1", "received"), ("press_2", "leave")])
async def test_a_pressed_key_confirms_with_its_answer(stage: Stage, habit: str, reply: str) -> None:
    _, seen = await ring(stage, habit, State.CONFIRMED)

    assert [one.reply for one in seen if one.state is State.CONFIRMED] == [reply]


async def test_three_plays_it_again_and_then_one_confirms(stage: Stage) -> None:
    notice, seen = await ring(stage, "repeat_then_1", State.CONFIRMED)

    call = await call_of(stage)
    assert [one.reply for one in seen if one.state is State.CONFIRMED] == ["received"]
    assert sum("请各联络站立即到岗" in words for words in call["heard"]) == 2
    assert call["pressed"] == "31"
    assert notice.attempt == seen[0].attempt


async def ended(stage: Stage, attempt: Any) -> dict[str, Any]:
    """The call as the vendor keeps it once its last callback has come."""
    await stage.door.until(
        lambda: any(seen.detail.startswith("completed") for seen in stage.door.of(attempt))
    )
    return await call_of(stage)


async def test_three_wrong_keys_end_the_call_without_an_answer(stage: Stage) -> None:
    notice, _ = await ring(stage, "wrong_key", State.DELIVERED)

    call = await ended(stage, notice.attempt)

    assert call["pressed"] == "789"
    assert call["heard"][-1].startswith("没有收到有效的按键")
    assert sum("没有听清" in words for words in call["heard"]) == 2
    assert stage.door.best(notice.attempt) is State.DELIVERED


async def test_a_mailbox_is_not_a_person(stage: Stage) -> None:
    notice, _ = await ring(stage, "machine", State.DELIVERED_MACHINE)

    call = await ended(stage, notice.attempt)

    assert call["answered_by"] == "machine_start"
    assert sum("请各联络站立即到岗" in words for words in call["heard"]) == 1
    assert stage.door.best(notice.attempt) is State.DELIVERED_MACHINE


@pytest.mark.parametrize(("habit", "why"), [("busy", Why.BUSY), ("no_answer", Why.NO_ANSWER)])
async def test_who_cannot_be_had_now_may_be_called_again(stage: Stage, habit: str, why: Why) -> None:
    _, seen = await ring(stage, habit, State.FAILED)

    assert [(one.why, one.retry) for one in seen if one.state is State.FAILED] == [(why, True)]


async def test_a_call_that_waits_can_be_taken_back(stage: Stage) -> None:
    await stage.turn(mix={"phone": {"by_hand": 1}})
    taken = await stage.carrier.submit(stage.notice())

    assert await stage.carrier.cancel(taken.provider_id)
    assert not await stage.carrier.cancel(taken.provider_id)
    assert (await call_of(stage))["status"] == "canceled"


async def test_by_hand_one_answers_and_presses(stage: Stage) -> None:
    await stage.turn(mix={"phone": {"by_hand": 1}})
    notice = stage.notice()
    taken = await stage.carrier.submit(notice)
    told = {"call": taken.provider_id}
    await stage.door.until(
        lambda: any(seen.detail == "ringing" for seen in stage.door.of(notice.attempt))
    )

    assert await stage.post("answer", told) == 204
    await stage.door.until(lambda: len(stage.door.answers) >= 4)
    assert await stage.post("press", {**told, "digits": "2"}) == 204
    await stage.door.until(lambda: stage.door.best(notice.attempt) is State.CONFIRMED)

    assert [one.reply for one in stage.door.of(notice.attempt) if one.reply] == ["leave"]
    assert await stage.post("press", {**told, "digits": "x"}) == 422


async def test_a_lost_callback_is_made_good_by_asking(stage: Stage) -> None:
    await stage.turn(mix={"phone": {"busy": 1}}, loss=1.0)
    notice = stage.notice()
    taken = await stage.carrier.submit(notice)

    async def found() -> State | None:
        seen = await stage.carrier.look_up(notice, taken.provider_id, SystemClock().now())
        return None if seen is None else seen.state

    states = [await found()]
    while states[-1] is not State.FAILED and len(states) < 500:
        states.append(await found())
    assert states[-1] is State.FAILED
    assert stage.door.of(notice.attempt) == []
    assert await stage.carrier.look_up(notice, "CA" + "0" * 32, SystemClock().now()) is None
