"""What dispatch may rely on, whichever road a message takes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from dispatch.ports import Carrier, Outgoing, Submitted, Unsure
from dispatch.words import RANK, Channel, State, Why
from hub.kernel.clock import SystemClock
from tests.contract.carriers.stage import Stage, carrier_of
from tests.patience import PATIENCE
from tests.ports import free_port

REFUSED_AT_ONCE: dict[Channel, tuple[dict[str, Any], Why]] = {
    Channel.SMS: ({"mix": {"text": {"stopped": 1}}}, Why.OPT_OUT),
    Channel.VOICE: ({"voice": {"errors": {"21211": 1.0}}}, Why.WRONG_ADDRESS),
    Channel.WECHAT: ({"mix": {"wechat": {"not_following": 1}}}, Why.BLOCKED),
}
FAILS_LATER: dict[Channel, tuple[dict[str, Any], Why]] = {
    Channel.SMS: ({"mix": {"text": {"landline": 1}}}, Why.WRONG_ADDRESS),
    Channel.VOICE: ({"mix": {"phone": {"wrong_number": 1}}}, Why.WRONG_ADDRESS),
    Channel.WECHAT: ({"mix": {"wechat": {"blocked": 1}}}, Why.BLOCKED),
}
FAILS_FOR_NOW: dict[Channel, tuple[dict[str, Any], Why]] = {
    Channel.SMS: ({"mix": {"text": {"off": 1}}}, Why.UNREACHABLE),
    Channel.VOICE: ({"mix": {"phone": {"busy": 1}}}, Why.BUSY),
    Channel.WECHAT: ({"wechat": {"failures": {"failed: system failed": 1.0}}}, Why.VENDOR),
}
NO_CREDIT = {
    Channel.SMS: {"account_sid": "AC" + "0" * 32},
    Channel.VOICE: {"auth_token": "not the token"},
    Channel.WECHAT: {"app_secret": "not the secret"},
}


async def test_a_message_taken_is_told_to_be_delivered(stage: Stage) -> None:
    notice = stage.notice()

    taken = await stage.carrier.submit(notice)

    assert taken == Submitted(state=State.ACCEPTED, provider_id=taken.provider_id, detail=taken.detail)
    assert taken.provider_id
    await stage.door.until(
        lambda: stage.door.best(notice.attempt, taken.provider_id) is State.DELIVERED
    )


async def test_a_bad_address_refused_at_once_is_not_used_again(stage: Stage) -> None:
    knobs, why = REFUSED_AT_ONCE[stage.channel]
    await stage.turn(**knobs)

    said = await stage.carrier.submit(stage.notice())

    assert (said.state, said.why, said.spoil, said.retry_after) == (State.REJECTED, why, True, None)


async def test_a_bad_address_found_later_is_not_used_again(stage: Stage) -> None:
    knobs, why = FAILS_LATER[stage.channel]
    await stage.turn(**knobs)
    notice = stage.notice()

    taken = await stage.carrier.submit(notice)
    await stage.door.until(
        lambda: RANK[stage.door.best(notice.attempt, taken.provider_id)] == RANK[State.FAILED]
    )

    last = max(stage.door.of(notice.attempt, taken.provider_id), key=lambda seen: RANK[seen.state])
    assert (last.why, last.spoil, last.retry) == (why, True, False)


async def test_a_failure_that_may_pass_is_worth_another_try(stage: Stage) -> None:
    knobs, why = FAILS_FOR_NOW[stage.channel]
    await stage.turn(**knobs)
    notice = stage.notice()

    taken = await stage.carrier.submit(notice)
    await stage.door.until(
        lambda: RANK[stage.door.best(notice.attempt, taken.provider_id)] == RANK[State.FAILED]
    )

    last = max(stage.door.of(notice.attempt, taken.provider_id), key=lambda seen: RANK[seen.state])
    assert (last.why, last.spoil, last.retry) == (why, False, True)


async def test_too_many_at_once_are_asked_to_wait_and_then_taken(stage: Stage) -> None:
    await stage.carrier.submit(stage.notice(title="第一条"))
    await stage.strike(rate=0.001)
    await stage.carrier.submit(stage.notice(title="第二条"))

    said = await stage.carrier.submit(stage.notice(title="第三条"))
    await stage.strike(rate=0)
    again = await stage.carrier.submit(stage.notice(title="第三条"))

    assert (said.state, said.why, said.spoil, said.halt) == (State.FAILED, Why.RATE, False, False)
    assert said.retry_after is not None
    assert again.state is State.ACCEPTED


async def test_wrong_credentials_halt_the_road(stage: Stage) -> None:
    stranger = carrier_of(stage.channel, stage.simulator, stage.door.url, **NO_CREDIT[stage.channel])

    said = await stage.carrier.submit(stage.notice())
    refused = await stranger.submit(stage.notice())
    await stranger.close()

    assert said.state is State.ACCEPTED
    assert (refused.state, refused.why, refused.halt, refused.spoil) == (
        State.FAILED, Why.AUTH, True, False,
    )  # fmt: skip


async def test_a_vendor_that_refuses_has_certainly_taken_nothing(stage: Stage) -> None:
    await stage.strike(outage="refuse")

    said = await stage.carrier.submit(stage.notice())
    await stage.strike(outage="")
    again = await stage.carrier.submit(stage.notice())

    assert (said.state, said.why, said.halt) == (State.FAILED, Why.NETWORK, False)
    assert said.retry_after is not None
    assert again.state is State.ACCEPTED


async def test_a_vendor_that_says_it_is_away_is_asked_again(stage: Stage) -> None:
    outage = "error" if stage.channel is Channel.WECHAT else "unavailable"
    await stage.strike(outage=outage)

    said = await stage.carrier.submit(stage.notice())
    await stage.strike(outage="")
    again = await stage.carrier.submit(stage.notice())

    assert (said.state, said.why, said.halt) == (State.FAILED, Why.VENDOR, False)
    assert again.state is State.ACCEPTED


async def taken(carrier: Carrier, notice: Outgoing) -> None:
    """Handed over by one who is in haste, again and again until it is taken."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(Unsure):
                if (await carrier.submit(notice)).state is State.ACCEPTED:
                    return


async def breaks(carrier: Carrier, notice: Outgoing) -> None:
    """It is unsure whether it was taken. Who was held up before a byte had left him handed nothing over, and begins anew."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                said = await carrier.submit(notice)
            except Unsure:
                return
            assert said.why is Why.NETWORK


@pytest.mark.parametrize("outage", ["cut", "hang", "error"])
async def test_a_call_that_breaks_after_it_began_is_unsure(stage: Stage, hasty: Carrier, outage: str) -> None:
    if stage.channel is Channel.WECHAT:
        # With a token in hand, so that it is the message itself that breaks.
        await taken(hasty, stage.notice())
        outage = "unavailable" if outage == "error" else outage
    await stage.strike(outage=outage)

    await breaks(hasty, stage.notice())


async def test_an_unsure_message_that_was_taken_is_found(stage: Stage, hasty: Carrier) -> None:
    await taken(hasty, stage.notice(title="前一条"))
    since = SystemClock().now()
    notice = stage.notice(ADDRESS_OF_ANOTHER[stage.channel])
    await stage.strike(outage="swallow")
    await breaks(hasty, notice)
    await stage.strike(outage="")

    found = await stage.carrier.look_up(notice, "", since)

    assert found is not None
    assert found.attempt == notice.attempt
    assert found.provider_id == (await stage.kept())[0]["id"]
    assert len([row for row in await stage.kept() if row["to"] == notice.address]) == 1


async def test_an_unsure_message_that_was_not_taken_is_in_the_end_sent_once(stage: Stage, hasty: Carrier) -> None:
    await taken(hasty, stage.notice(title="前一条"))
    since = SystemClock().now()
    notice = stage.notice(ADDRESS_OF_ANOTHER[stage.channel])
    await stage.strike(outage="hang")
    await breaks(hasty, notice)
    await stage.strike(outage="")

    found = await stage.carrier.look_up(notice, "", since)
    if found is None:
        await stage.carrier.submit(notice)

    assert (found is None) == (stage.channel is not Channel.WECHAT)
    assert len([row for row in await stage.kept() if row["to"] == notice.address]) == 1


async def test_a_vendor_that_cannot_be_asked_leaves_it_unsure(stage: Stage) -> None:
    notice = stage.notice()
    nowhere = carrier_of(stage.channel, f"http://127.0.0.1:{free_port()}", stage.door.url)

    with pytest.raises(Unsure):
        await nowhere.look_up(notice, "", SystemClock().now() - timedelta(seconds=5))
    await nowhere.close()


async def test_repeated_and_disordered_callbacks_tell_the_same(stage: Stage) -> None:
    await stage.turn(duplication=1.0, disorder=0.5)
    notices = [stage.notice(f"{'o' if stage.channel is Channel.WECHAT else '+86138'}{n:08}") for n in range(8)]

    taken = [await stage.carrier.submit(notice) for notice in notices]
    pairs = [(n.attempt, t.provider_id) for n, t in zip(notices, taken, strict=True)]
    await stage.door.until(
        lambda: all(stage.door.best(*pair) is State.DELIVERED for pair in pairs)
    )

    facts = [(seen.provider_id, seen.state, seen.detail) for seen in stage.door.seen.values()]
    assert len(facts) == len(set(facts))


async def test_a_forged_callback_is_refused_and_leaves_no_trace(stage: Stage) -> None:
    notice = stage.notice()
    path = next(iter(stage.carrier.hooks))
    forged = b"MessageSid=SM1&MessageStatus=delivered&CallSid=CA1&CallStatus=completed"
    headers = {"X-Twilio-Signature": "bm90IHRydWU=", "Content-Type": "application/x-www-form-urlencoded"}
    query = "?signature=00&timestamp=1700000000&nonce=1" if stage.channel is Channel.WECHAT else ""
    address = f"{stage.door.url}/hooks/{path}/{notice.attempt}{query}"

    async with stage.web.post(address, data=forged, headers=headers) as answer:
        status = answer.status

    assert (status, stage.door.of(notice.attempt)) == (403, [])


ADDRESS_OF_ANOTHER = {
    Channel.SMS: "+8613900000001",
    Channel.VOICE: "+8613900000002",
    Channel.WECHAT: "oDeputyOpenId000002",
}
