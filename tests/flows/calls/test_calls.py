"""Single calls, group calls and conferences."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hub.kernel.errors import Conflict, Forbidden, NotFound
from media.calls.messages import commands as c
from media.calls.words import CallKind
from tests.flows.calls.board import DUTY, EIGHTEEN, MAIN, ONE, SECOND, SEVENTEEN, THIRD, Board


async def test_a_single_call_is_answered_and_ends_when_either_hangs_up(board: Board):
    call = await board.start(CallKind.SINGLE, SEVENTEEN)
    rings = (await board.mine(SEVENTEEN))[call]
    assert (rings["state"], rings["owner_name"], rings["missed"]) == ("ringing", "值班员", False)
    assert (await board.lines())["station:17"] == "ringing"

    await board.answer(call, SEVENTEEN)
    assert ((await board.row(call))["state"], (await board.lines())["station:17"]) == ("open", "talking")
    await board.do(c.LeaveCall, call, SEVENTEEN)

    assert await board.ends(call) == "hung-up"
    assert call not in await board.mine(SEVENTEEN)
    with pytest.raises(Conflict):
        await board.do(c.AnswerCall, call, SEVENTEEN)


async def test_a_call_that_is_declined_or_not_answered_ends_and_says_so(board: Board):
    declined = await board.start(CallKind.SINGLE, SEVENTEEN)
    await board.do(c.DeclineCall, declined, SEVENTEEN, reason="正在接待")
    missed = await board.start(CallKind.SINGLE, EIGHTEEN)
    board.later(31)

    assert (await board.ends(declined), await board.ends(missed)) == ("declined", "unanswered")
    assert (await board.members(declined))["station:17"]["why"] == "declined：正在接待"
    assert (await board.mine(EIGHTEEN))[missed]["missed"]
    assert (await board.lines())["station:18"] == "offline"


async def test_a_group_call_takes_in_whoever_answers_and_who_comes_late(board: Board):
    call = await board.start(CallKind.GROUP, ONE, SEVENTEEN, EIGHTEEN)
    await board.answer(call, ONE)
    await board.connected(call, DUTY, ONE)
    board.later(31)
    everybody = (DUTY, ONE, SEVENTEEN, EIGHTEEN)
    await board.until_states(call, everybody, "joined", "joined", "unanswered", "unanswered")

    await board.answer(call, SEVENTEEN)

    assert await board.states(call, *everybody) == ["joined", "joined", "joined", "unanswered"]


async def test_who_declined_or_left_may_come_in_as_long_as_it_goes_on_and_who_was_removed_may_not(board: Board):
    call = await board.start(CallKind.GROUP, ONE, SEVENTEEN, EIGHTEEN)
    await board.answer(call, ONE, SEVENTEEN)
    await board.connected(call, DUTY, ONE, SEVENTEEN)
    await board.do(c.DeclineCall, call, EIGHTEEN)
    await board.do(c.LeaveCall, call, SEVENTEEN)
    assert [(await board.mine(one))[call]["late"] for one in (ONE, SEVENTEEN, EIGHTEEN)] == [False, True, True]

    await board.do(c.LockCall, call, on=True)
    assert [call in await board.mine(one) for one in (ONE, SEVENTEEN, EIGHTEEN)] == [True, False, False]
    await board.do(c.LockCall, call, on=False)
    await board.answer(call, EIGHTEEN)
    await board.do(c.RemoveFromCall, call, ref=ONE)

    assert await board.states(call, ONE, SEVENTEEN, EIGHTEEN) == ["left", "left", "joined"]
    assert [call in await board.mine(one) for one in (ONE, SEVENTEEN)] == [False, True]
    await board.do(c.EndCall, call)
    assert call not in await board.mine(SEVENTEEN)


async def test_a_call_that_everybody_but_one_has_forgotten_ends_by_itself_when_it_was_said(board: Board):
    short = await board.start(CallKind.CONFERENCE, ONE, idle_seconds=30)
    usual = await board.start(CallKind.CONFERENCE, SEVENTEEN)
    for call, one in ((short, ONE), (usual, SEVENTEEN)):
        await board.answer(call, one)
        await board.connected(call, DUTY, one)
        await board.do(c.LeaveCall, call, one)
    board.later(31)

    assert await board.ends(short) == "idle"
    assert (await board.row(usual))["state"] == "open"
    board.later(100)
    assert await board.ends(usual) == "idle"


async def test_a_conference_adds_removes_mutes_locks_and_lets_some_only_listen(board: Board):
    call = await board.talking(ONE, SEVENTEEN, kind=CallKind.CONFERENCE)
    await board.do(c.MuteInCall, call, ref=ONE, on=True)
    await board.do(c.ListenOnly, call, ref=SEVENTEEN, on=True)
    assert [(await board.mine(one))[call]["may_talk"] for one in (ONE, SEVENTEEN)] == [False, False]

    await board.do(c.LockCall, call, on=True)
    for wish, by in ((c.AddToCall(id=uuid4(), call=call, targets=("station:18",)), DUTY), (c.BargeIn(id=uuid4(), call=call), SECOND)):
        with pytest.raises(Conflict) as locked:
            await board.ask(wish, by)
        assert locked.value.code == "call-locked"
    await board.do(c.LockCall, call, on=False)
    await board.do(c.AddToCall, call, targets=("station:18",))
    await board.do(c.RemoveFromCall, call, ref=ONE)

    assert await board.states(call, DUTY, ONE, SEVENTEEN, EIGHTEEN) == ["joined", "left", "joined", "ringing"]
    with pytest.raises(Conflict):
        await board.do(c.AnswerCall, call, ONE)


async def test_a_station_calls_the_main_station_and_one_of_its_operators_takes_it(board: Board):
    with pytest.raises(Forbidden):
        await board.start(CallKind.SINGLE, EIGHTEEN, by=SEVENTEEN)
    call = await board.start(CallKind.SINGLE, MAIN, by=SEVENTEEN)
    assert [(await board.mine(one))[call]["ref"] for one in (DUTY, SECOND, MAIN)] == ["station:0"] * 3
    assert call not in await board.mine(THIRD)

    await board.answer(call, SECOND)

    assert (await board.row(call))["owner"] == SECOND.id
    assert await board.states(call, SEVENTEEN, MAIN, SECOND) == ["joined", "picked", "joined"]
    assert call not in await board.mine(DUTY)
    with pytest.raises(Conflict):
        await board.answer(call, DUTY)


async def test_nobody_calls_or_looks_beyond_his_scope(board: Board):
    with pytest.raises(NotFound):
        await board.start(CallKind.SINGLE, ONE, by=THIRD)
    mine = await board.start(CallKind.SINGLE, SEVENTEEN, by=THIRD)
    city = await board.start(CallKind.SINGLE, EIGHTEEN)

    assert [row["id"] for row in await board.see("calls", THIRD)] == [str(mine)]
    assert {row["id"] for row in await board.see("calls", DUTY)} == {str(mine), str(city)}
    for act in (c.Monitor, c.BargeIn, c.TakeOverCall):
        with pytest.raises(NotFound):
            await board.do(act, city, THIRD)
    assert set(await board.lines(THIRD)) == {"station:17", "station:18", THIRD.id}
