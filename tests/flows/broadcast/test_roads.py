"""One person, one road: from the ladder through the vendor and back to the board."""

from __future__ import annotations

import pytest

from dispatch.words import Channel
from tests.flows.broadcast.stage import Stage

C = Channel


async def test_a_text_message_arrives_and_its_click_confirms(stage: Stage) -> None:
    stage.habit("王代表", text="confirm")
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)))

    await stage.until_outcome(which, "王代表", "confirmed")

    assert [message.body.count("请王代表立即到岗") for message in stage.messages("王代表")] == [1]
    assert (await stage.who(which))["王代表"]["reply"] == "received"
    await stage.adds_up()


async def test_a_wechat_message_arrives_and_its_click_reads(stage: Stage) -> None:
    stage.habit("赵代表", wechat="read")
    which = await stage.send("赵代表", ladder=await stage.climbs((C.WECHAT, 60)))

    await stage.until_outcome(which, "赵代表", "read")

    assert len(stage.notices("赵代表")) == 1
    await stage.adds_up()


@pytest.mark.parametrize(("habit", "reply"), [("press_1", "received"), ("press_2", "leave"), ("repeat_then_1", "received")])
async def test_a_key_of_the_phone_answers(stage: Stage, habit: str, reply: str) -> None:
    from dispatch.ports import ReplyOption

    stage.habit("王代表", phone=habit)
    options = (ReplyOption("received", "收到"), ReplyOption("leave", "请假", needs_reason=True))
    which = await stage.send("王代表", ladder=await stage.climbs((C.VOICE, 60)), options=options)

    await stage.until_outcome(which, "王代表", "confirmed")

    row = (await stage.who(which))["王代表"]
    assert (row["reply"], row["road"]) == (reply, "voice")
    assert stage.calls("王代表")[0].heard
    await stage.adds_up()


async def test_a_machine_that_answers_is_nobody(stage: Stage) -> None:
    stage.habit("王代表", phone="machine", text="confirm")
    which = await stage.send("王代表", ladder=await stage.climbs((C.VOICE, 60), (C.SMS, 60)))
    await stage.until_tried(which, "王代表", ("voice", "delivered_machine"))

    stage.later(seconds=61)

    await stage.until_outcome(which, "王代表", "confirmed")
    await stage.adds_up()
