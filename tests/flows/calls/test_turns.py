"""One after another: roll-call and poll, by passing time."""

from __future__ import annotations

from media.calls.messages import commands as c
from media.calls.words import CallKind
from tests.flows.calls.board import DUTY, EIGHTEEN, ONE, SEVENTEEN, Board


async def test_a_roll_call_rings_each_in_turn_records_who_was_there_and_becomes_a_conference(board: Board):
    called = (ONE, SEVENTEEN, EIGHTEEN)
    call = await board.start(CallKind.ROLLCALL, *called, ring_seconds=20, talk_seconds=10)
    await board.connected(call, DUTY)
    assert await board.states(call, *called) == ["ringing", "waiting", "waiting"]

    await board.answer(call, ONE)
    await board.connected(call, ONE)
    board.later(11)
    await board.until_states(call, called, "present", "ringing", "waiting")
    board.later(21)
    await board.until_states(call, called, "present", "absent", "ringing")
    await board.answer(call, EIGHTEEN)
    await board.do(c.MarkPresent, call, ref=EIGHTEEN, present=True)
    await board.do(c.MarkPresent, call, ref=SEVENTEEN, present=True)
    assert [one["mark"] for one in (await board.members(call)).values()] == [None, True, True, True]

    await board.do(c.MakeConference, call)

    assert await board.states(call, *called) == ["ringing"] * 3
    assert (await board.row(call))["kind"] == "conference"


async def test_a_poll_rings_in_order_until_the_first_answers_and_ends_with_him(board: Board):
    called = (ONE, SEVENTEEN, EIGHTEEN)
    call = await board.start(CallKind.POLL, *called, ring_seconds=20)
    await board.connected(call, DUTY)
    board.later(21)
    await board.until_states(call, called, "unanswered", "ringing", "waiting")

    await board.answer(call, SEVENTEEN)
    assert await board.states(call, *called) == ["unanswered", "joined", "left"]
    await board.do(c.LeaveCall, call, SEVENTEEN)

    assert await board.ends(call) == "hung-up"


async def test_who_never_sends_sound_has_failed_and_who_is_cut_off_has_eight_seconds(board: Board):
    call = await board.start(CallKind.CONFERENCE, ONE, SEVENTEEN, EIGHTEEN)
    await board.answer(call, ONE, SEVENTEEN, EIGHTEEN)
    await board.connected(call, DUTY, SEVENTEEN, EIGHTEEN)
    board.later(25)
    await board.connected(call, SEVENTEEN, EIGHTEEN, up=False)
    board.later(6)
    await board.connected(call, EIGHTEEN)
    board.later(6)
    called = (ONE, SEVENTEEN, EIGHTEEN)
    await board.until_states(call, called, "failed", "left", "joined")

    assert [(await board.members(call))[one.id]["heard_seconds"] for one in called] == [0, 25, 31]
    board.presence.arrive("station:1", "a screen", board.clock.at)
    assert {one: state for one, state in (await board.lines()).items() if one.startswith("station:1")} == {
        "station:1": "fault", "station:17": "offline", "station:18": "talking"}
