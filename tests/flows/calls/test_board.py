"""What a dispatcher does with calls that go on: his own, and others'."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from hub.kernel.errors import Forbidden
from hub.kernel.ids import derived
from media.calls.hosting import room_of, wish
from media.calls.messages import commands as c
from media.calls.store import Q
from media.calls.words import CallKind
from tests.flows.calls.board import DUTY, EIGHTEEN, LI, ONE, SECOND, SEVENTEEN, Board


async def test_breaking_in_listening_in_and_taking_down_are_rights_and_leave_a_trace(board: Board):
    call = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    with pytest.raises(Forbidden):
        await board.do(c.Monitor, call, EIGHTEEN)

    await board.do(c.Monitor, call, SECOND)
    assert SECOND.id not in await board.members(call, SEVENTEEN)
    assert (await board.row(call))["size"] == 2
    assert (await board.mine(SECOND))[call]["role"] == "listener"
    await board.do(c.BargeIn, call, SECOND)
    assert (await board.members(call))[SECOND.id]["role"] == "barged"
    await board.do(c.TakeDown, call, SECOND, ref=SEVENTEEN, reason="占线过久")
    await board.do(c.TakeDown, call, SECOND)

    assert await board.ends(call) == "taken-down"
    async with board.db.read() as conn:
        noted = [(row["act"], row["actor"], row["outcome"]) for row in await conn.fetch(
            "select act, actor, outcome from work.audit where act = any($1) order by id", ["Monitor", "BargeIn", "TakeDown"])]
    assert noted == [("Monitor", "station:18", "refused"), ("Monitor", SECOND.id, "ok"), ("BargeIn", SECOND.id, "ok"),
                     ("TakeDown", SECOND.id, "ok"), ("TakeDown", SECOND.id, "ok")]
    assert [one for one in await board.history(call) if one[1] == "二席"] == [
        ("CallMonitored", "二席", "二席"), ("CallMemberJoined", "二席", "二席"), ("CallMembersOut", "二席", "名station:17"),
        ("CallEnded", "二席", "")]


async def test_of_two_seats_only_the_owner_commands_a_call_until_the_other_takes_it_over(board: Board):
    call = await board.talking(ONE, SEVENTEEN)
    with pytest.raises(Forbidden) as refused:
        await board.do(c.MuteInCall, call, SECOND, ref=ONE, on=True)
    assert refused.value.code == "not-the-owner"

    await board.do(c.TakeOverCall, call, SECOND)
    await board.do(c.MuteInCall, call, SECOND, ref=ONE, on=True)

    with pytest.raises(Forbidden):
        await board.do(c.EndCall, call, DUTY)
    assert (await board.row(call))["owner_name"] == "二席"


async def test_after_a_consultation_a_caller_is_handed_over_and_without_one_the_other_rings(board: Board):
    first = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    await board.do(c.HoldCall, first, on=True)
    consulted = await board.talking(EIGHTEEN, kind=CallKind.SINGLE)
    assert ((await board.row(first))["state"], (await board.lines())[DUTY.id]) == ("held", "talking")

    await board.do(c.TransferCall, first, ref=SEVENTEEN, to=EIGHTEEN)
    assert await board.ends(consulted) == "transferred"
    assert await board.states(first, DUTY, SEVENTEEN, EIGHTEEN) == ["left", "joined", "joined"]
    await board.do(c.TakeDown, first)

    blind = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    await board.do(c.TransferCall, blind, ref=SEVENTEEN, to=ONE)
    assert await board.states(blind, DUTY, SEVENTEEN, ONE) == ["left", "joined", "ringing"]
    await board.answer(blind, ONE)
    assert (await board.row(blind))["state"] == "open"


async def test_who_answers_a_second_call_is_on_hold_in_the_first_and_can_go_back(board: Board):
    first = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    second = await board.start(CallKind.SINGLE, SEVENTEEN, by=SECOND)
    await board.answer(second, SEVENTEEN)
    assert [*await board.states(first, DUTY, SEVENTEEN), *await board.states(second, SEVENTEEN)] == ["joined", "held", "joined"]

    await board.do(c.HoldCall, first, SEVENTEEN, on=False)

    assert [*await board.states(first, SEVENTEEN), *await board.states(second, SEVENTEEN)] == ["joined", "held"]


async def music(board: Board, call: UUID) -> list[str]:
    async with board.db.read() as conn:
        return next((list(row["refs"]) for row in await conn.fetch(Q["kept_waiting"]) if row["id"] == call), [])


async def test_who_is_kept_waiting_is_told_so_and_hears_music_and_nobody_talks_meanwhile(board: Board):
    call = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    await board.do(c.HoldCall, call, on=True)
    async with board.db.read() as conn:
        room = await wish(conn, room_of(call))
    assert room
    assert {ref: (one.hear, one.talk) for ref, one in room.members.items()} == {DUTY.id: (False, False), SEVENTEEN.id: (True, False)}
    assert [(await board.mine(one))[call]["waits"] for one in (SEVENTEEN, DUTY)] == [True, False]
    assert await music(board, call) == [SEVENTEEN.id]
    assert [(await board.lines())[one.id] for one in (DUTY, SEVENTEEN)] == ["held", "held"]

    await board.do(c.HoldCall, call, on=False)
    assert await music(board, call) == []
    assert [(await board.lines())[one.id] for one in (DUTY, SEVENTEEN)] == ["talking", "talking"]
    other = await board.start(CallKind.SINGLE, SEVENTEEN, by=SECOND)
    await board.answer(other, SEVENTEEN)
    assert await music(board, call) == [DUTY.id]
    await board.do(c.LeaveCall, other, SEVENTEEN)
    await board.do(c.HoldCall, call, SEVENTEEN, on=False)

    await board.do(c.TransferCall, call, ref=SEVENTEEN, to=EIGHTEEN)
    assert await music(board, call) == [SEVENTEEN.id]
    await board.answer(call, EIGHTEEN)
    assert await music(board, call) == []


async def test_a_ringing_call_is_picked_up_for_another(board: Board):
    call = await board.start(CallKind.SINGLE, SEVENTEEN, by=SECOND)
    await board.do(c.PickUpCall, call, DUTY, ref=SEVENTEEN)

    assert await board.states(call, SECOND, SEVENTEEN, DUTY) == ["joined", "picked", "joined"]
    assert (await board.members(call))["station:17"]["picked_by"] == DUTY.id
    assert call not in await board.mine(SEVENTEEN)


async def test_an_emergency_clears_lower_calls_and_is_answered_by_itself(board: Board):
    single = await board.talking(SEVENTEEN, kind=CallKind.SINGLE)
    group = await board.talking(ONE, EIGHTEEN, LI, by=SECOND)
    urgent = await board.start(CallKind.GROUP, SEVENTEEN, EIGHTEEN, priority=9)

    assert await board.ends(single) == "preempted"
    assert await board.states(group, SECOND, ONE, EIGHTEEN, LI) == ["joined", "joined", "left", "joined"]
    assert (await board.members(group))["station:18"]["why"] == "preempted"
    assert [(await board.mine(one))[urgent]["auto_answer"] for one in (SEVENTEEN, EIGHTEEN)] == [True, True]


async def test_a_live_announcement_is_heard_by_itself_where_a_station_allows_it(board: Board):
    await board.ask(c.SetAutoAnswer(id=uuid4(), when="never"), EIGHTEEN)  # type: ignore[arg-type]
    talking = await board.talking(ONE, kind=CallKind.SINGLE, by=SECOND)
    call = await board.start(CallKind.ANNOUNCE, ONE, SEVENTEEN, EIGHTEEN)
    assert [(await board.mine(one))[call]["auto_answer"] for one in (ONE, SEVENTEEN, EIGHTEEN)] == [True, True, False]

    await board.answer(call, ONE, SEVENTEEN)
    await board.connected(call, DUTY, ONE, SEVENTEEN)
    assert await board.states(talking, ONE) == ["joined"]
    board.clock.at = board.clock.at.replace(second=40)
    await board.do(c.LeaveCall, call, ONE)
    await board.do(c.EndCall, call)

    heard = {one: (row["listen_only"], row["heard_seconds"], row["state"]) for one, row in (await board.members(call)).items()}
    assert heard == {DUTY.id: (False, 40, "left"), "station:1": (True, 40, "left"), "station:17": (True, 40, "left"),
                     "station:18": (True, 0, "unanswered")}


async def test_who_may_not_dispatch_is_no_seat_of_the_board_unless_in_a_call(board: Board):
    ref = f"account:{derived('account', 'handler')}"
    async with board.db.transaction() as conn:
        await conn.execute("insert into access.account(id, login, name, password_hash, roles, scopes, created)"
                           " values ($1, 'handler', '经办人', '', '{handler}', '{district:3}', now())", derived("account", "handler"))
    assert {DUTY.id, SECOND.id} <= (await board.lines()).keys()
    assert ref not in await board.lines()

    call = await board.start(CallKind.SINGLE, ref)
    assert (await board.lines())[ref] == "ringing"
    await board.do(c.EndCall, call, DUTY)
    assert ref not in await board.lines()
