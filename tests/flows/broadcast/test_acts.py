"""What an operator does with a broadcast, and what follows from it for people and vendors."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from dispatch.messages.commands import (
    ApproveBroadcast,
    CancelBroadcast,
    ExtendBroadcast,
    NoteByHand,
    Receipt,
    ReceiptState,
    RejectBroadcast,
    ReportReceipts,
    RetryDead,
)
from dispatch.ports import ReplyOption
from dispatch.words import Channel, Outcome
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from tests.flows.broadcast.stage import (
    APPROVER,
    DISTRICT_3,
    MORNING,
    OPERATOR,
    Stage,
    person,
    self_of,
    wish,
)

C = Channel
NIGHT = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)


async def report(stage: Stage, name: str, which: UUID, state: ReceiptState, reply: str = "", reason: str = "") -> object:
    delivery = UUID((await stage.who(which))[name]["id"])
    item = Receipt(delivery=delivery, state=state, at=stage.clock.at, reply=reply, reason=reason)
    return await stage.ask(ReportReceipts(id=uuid4(), items=(item,)), self_of(name))


async def test_sending_twice_is_sending_once(stage: Stage) -> None:
    command = wish("王代表", ladder=await stage.climbs((C.SMS, 60)))

    answers = [await stage.ask(command), await stage.ask(command), *await asyncio.gather(*map(stage.ask, [command] * 4))]

    assert answers == [answers[0]] * 6
    assert await stage.value("select count(*) from dispatch.broadcast") == 1
    await stage.until_outcome(command.id, "王代表", "delivered")
    assert len(stage.messages("王代表")) == 1


async def test_the_same_id_with_other_words_is_refused(stage: Stage) -> None:
    command = wish("王代表")
    await stage.ask(command)

    with pytest.raises(Conflict):
        await stage.ask(msgspec.structs.replace(command, title="别的通知"))


async def test_the_same_cancel_asked_at_once_from_two_places_gets_one_answer(stage: Stage) -> None:
    which = await stage.send("王代表")
    command = CancelBroadcast(id=uuid4(), broadcast=which, reason="误发")

    answers = await asyncio.gather(*map(stage.ask, [command] * 5))

    assert answers == [{"broadcast": str(which)}] * 5


async def test_cancelling_stops_what_waits_and_marks_the_inbox(stage: Stage) -> None:
    stage.clock.at = NIGHT
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)))
    await stage.until_tried(which, "王代表", ("sms", "planned"))

    await stage.ask(CancelBroadcast(id=uuid4(), broadcast=which, reason="误发"))
    stage.later(hours=10)
    await stage.hub.planner.plan_once()

    assert await stage.tries(which) == [("sms", "suppressed", "cancelled")]
    assert (await stage.card(which))["reason"] == "误发"
    assert await stage.outcome(which, "王代表") == "cancelled"
    assert [row["cancelled"] for row in await stage.see("inbox", self_of("王代表"))] == [True]
    assert stage.messages("王代表") == []
    await stage.adds_up()


async def test_cancelling_takes_back_calls_that_wait_at_the_vendor(stage: Stage) -> None:
    names = await stage.crowd(3)
    stage.turn(calls_per_second=0.001)
    which = await stage.send(*names, ladder=await stage.climbs((C.VOICE, 60)))

    async def taken() -> bool:
        return len(stage.world.store.calls) == 3 and "submitting" not in {state for _, state, _ in await stage.tries(which)}

    await stage.until(taken)
    waiting = [call.sid for call in stage.world.store.calls.newest() if call.status == "queued"]
    await stage.ask(CancelBroadcast(id=uuid4(), broadcast=which))

    async def recalled() -> bool:
        return all(call.status == "canceled" for call in stage.world.store.calls.newest() if call.sid in waiting)

    await stage.until(recalled)
    assert waiting
    await stage.adds_up()


async def test_a_broadcast_needs_a_second_person_where_it_says_so(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), approval=True)
    assert (await stage.card(which))["state"] == "awaiting_approval"
    with pytest.raises(Forbidden) as own:
        await stage.ask(ApproveBroadcast(id=uuid4(), broadcast=which), msgspec.structs.replace(APPROVER, id=OPERATOR.id))
    with pytest.raises(Forbidden):
        await stage.ask(ApproveBroadcast(id=uuid4(), broadcast=which), OPERATOR)
    assert stage.messages("王代表") == []

    await stage.ask(ApproveBroadcast(id=uuid4(), broadcast=which), APPROVER)

    await stage.until_outcome(which, "王代表", "delivered")
    assert own.value.code == "own-broadcast"


async def test_a_rejected_broadcast_goes_nowhere_and_says_why(stage: Stage) -> None:
    which = await stage.send("王代表", approval=True)

    await stage.ask(RejectBroadcast(id=uuid4(), broadcast=which, reason="时间写错了"), APPROVER)

    card = await stage.card(which)
    assert (card["state"], card["reason"]) == ("rejected", "时间写错了")
    with pytest.raises(Conflict) as refused:
        await stage.ask(ApproveBroadcast(id=uuid4(), broadcast=which), APPROVER)
    assert refused.value.code == "wrong-state"


async def test_what_was_approved_for_later_waits_for_its_hour(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), approval=True, send_at=MORNING + timedelta(hours=1))

    await stage.ask(ApproveBroadcast(id=uuid4(), broadcast=which), APPROVER)
    assert (await stage.card(which))["state"] == "scheduled"
    stage.later(hours=1, seconds=1)

    async def sent() -> bool:
        return len(stage.messages("王代表")) == 1

    await stage.until(sent)


async def test_a_drill_says_so_everywhere_and_is_found_by_itself(stage: Stage) -> None:
    which = await stage.send("王代表", ladder=await stage.climbs((C.SMS, 60)), drill=True)
    await stage.until_outcome(which, "王代表", "delivered")
    await stage.send("王代表")

    assert stage.messages("王代表")[-1].body.startswith("【演练】【防汛通知】")
    assert [row["title"] for row in await stage.see("inbox", self_of("王代表")) if row["id"] and row["drill"]] == ["【演练】防汛通知"]
    assert [row["id"] for row in await stage.see("broadcasts", drill=True)] == [str(which)]


async def test_an_answer_may_be_changed_and_the_newest_stands(stage: Stage) -> None:
    options = (ReplyOption("received", "收到"), ReplyOption("leave", "请假", needs_reason=True))
    which = await stage.send("王代表", options=options, ladder=await stage.climbs((C.PAGE, 60)))
    await report(stage, "王代表", which, ReceiptState.CONFIRMED, reply="received")
    await stage.until_outcome(which, "王代表", "confirmed")

    stage.later(seconds=30)
    await report(stage, "王代表", which, ReceiptState.CONFIRMED, reply="leave", reason="出差在外")

    async def changed() -> bool:
        row = (await stage.who(which))["王代表"]
        return (row["reply"], row["reply_label"], row["reason"]) == ("leave", "请假", "出差在外")

    await stage.until(changed)
    board = {row["key"]: row["total"] for row in await stage.see("board", broadcast=str(which)) if row["kind"] == "reply"}
    assert {reply: n for reply, n in board.items() if n} == {"leave": 1}
    await stage.adds_up()


@pytest.mark.parametrize(("more", "code"), [({"reply": "nonsense"}, "no-option"), ({"reply": "leave"}, "reason-needed"),
                                            ({"reply": "leave", "reason": "  "}, "reason-needed")])
async def test_only_offered_replies_are_taken_and_reasons_where_asked(stage: Stage, more: dict[str, str], code: str) -> None:
    which = await stage.send("王代表", options=(ReplyOption("leave", "请假", needs_reason=True),))

    with pytest.raises(Refused) as refused:
        await report(stage, "王代表", which, ReceiptState.CONFIRMED, **more)

    assert refused.value.code == code
    assert await stage.value("select count(*) from dispatch.inbox where told ->> 'source' = 'receipt'") == 0
    await stage.until_quiet()
    assert await stage.outcome(which, "王代表") != "confirmed"


async def test_nobody_tells_for_somebody_else(stage: Stage) -> None:
    which = await stage.send("王代表")
    delivery = UUID((await stage.who(which))["王代表"]["id"])
    items = (Receipt(delivery=delivery, state=ReceiptState.CONFIRMED, at=stage.clock.at),)

    answer = await stage.ask(ReportReceipts(id=uuid4(), items=items), self_of("李代表"))
    with pytest.raises(Forbidden):
        await stage.ask(ReportReceipts(id=uuid4(), items=items), OPERATOR)

    assert answer == {"taken": 0, "unknown": (str(delivery),)}
    assert await stage.outcome(which, "王代表") != "confirmed"


async def test_a_word_by_hand_confirms_and_stands_in_the_trail(stage: Stage) -> None:
    which = await stage.send("钱列席")
    delivery = UUID((await stage.who(which))["钱列席"]["id"])

    await stage.ask(NoteByHand(id=uuid4(), delivery=delivery, outcome=Outcome.CONFIRMED, note="当面告知"))

    await stage.until_outcome(which, "钱列席", "confirmed")
    line = next(row for row in await stage.see("evidence", delivery=str(delivery)) if row["source"] == "operator")
    assert line["detail"] == "值班员：当面告知"
    with pytest.raises(Refused) as refused:
        await stage.ask(NoteByHand(id=uuid4(), delivery=delivery, outcome=Outcome.UNREACHABLE, note="x"))
    assert refused.value.code == "not-by-hand"
    with pytest.raises(NotFound):
        await stage.ask(NoteByHand(id=uuid4(), delivery=delivery, outcome=Outcome.READ, note="x"), DISTRICT_3)
    await stage.adds_up()


async def test_what_was_given_up_is_listed_and_can_be_tried_again(stage: Stage) -> None:
    stage.habit("王代表", phone="no_answer")
    which = await stage.send("王代表", ladder=await stage.climbs((C.VOICE, 60)))
    await stage.until_outcome(which, "王代表", "unreachable")
    dead = await stage.see("dead", broadcast=str(which))
    assert [(row["name"], row["channel"], row["why"]) for row in dead] == [("王代表", "voice", "no_answer")]
    stage.habit("王代表", phone="press_1")

    answers = [await stage.ask(RetryDead(id=uuid4(), attempts=(UUID(dead[0]["id"]),))) for _ in range(2)]

    assert [answer["queued"] for answer in answers] == [1, 0]
    await stage.until_outcome(which, "王代表", "confirmed")
    assert await stage.see("dead", broadcast=str(which)) == []
    await stage.adds_up()


async def test_an_address_that_blocks_us_is_spared_by_the_next_broadcast(stage: Stage) -> None:
    stage.habit("赵代表", wechat="blocked")
    code = await stage.climbs((C.WECHAT, 60))
    first = await stage.send("赵代表", ladder=code)
    await stage.until_outcome(first, "赵代表", "unreachable")
    stage.later(seconds=1)

    async def spoiled() -> bool:
        return bool(await stage.value("select openid_bad from directory.person where id = $1", person("赵代表")))

    await stage.until(spoiled)
    second = await stage.send("赵代表", ladder=code)

    await stage.until_tried(second, "赵代表", ("wechat", "suppressed"))
    assert (await stage.tries(second))[0][2] == "blocked"
    assert len(stage.notices("赵代表")) == 1


async def test_a_longer_life_is_seen_in_the_inbox(stage: Stage) -> None:
    which = await stage.send("王代表")

    await stage.ask(ExtendBroadcast(id=uuid4(), broadcast=which, expires_at=MORNING + timedelta(days=20)))

    assert (await stage.see("inbox", self_of("王代表")))[0]["expires_at"].startswith("2026-03-22")


async def test_of_a_district_only_its_own_is_reached_and_seen(stage: Stage) -> None:
    with pytest.raises(Forbidden) as refused:
        await stage.send("赵代表", actor=DISTRICT_3)
    mine = await stage.send("王代表", actor=DISTRICT_3)
    citys = await stage.send("王代表")

    assert refused.value.code == "audience-out-of-scope"
    assert [row["id"] for row in await stage.see("broadcasts", DISTRICT_3)] == [str(mine)]
    for view in ("broadcast", "board", "recipients", "curve"):
        with pytest.raises(NotFound):
            await stage.see(view, DISTRICT_3, broadcast=str(citys))
    with pytest.raises(NotFound):
        await stage.ask(CancelBroadcast(id=uuid4(), broadcast=citys), DISTRICT_3)
