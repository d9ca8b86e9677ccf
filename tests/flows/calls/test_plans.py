"""Plans started by one button, and the night service."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest

from hub.directory.messages.commands import SaveGroup, SaveRoster
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import NotFound
from media.calls.messages import commands as c
from media.calls.messages.shapes import NightBody, NightWindow, PlanBody
from media.calls.words import CallKind
from tests.flows.calls.board import DUTY, EIGHTEEN, LI, MAIN, ONE, SEVENTEEN, WANG, Board


async def test_one_button_starts_a_plan_with_whoever_belongs_to_it_now(board: Board):
    group, plan = uuid4(), uuid4()
    await board.ask(SaveGroup(id=uuid4(), group=group, name="防汛组", members=("station:1", LI.id)), SYSTEM)
    body = PlanBody(name="三区防汛", kind=CallKind.CONFERENCE, groups=(group,), orgs=("district:3",), priority=7)
    await board.ask(c.SavePlan(id=uuid4(), plan=plan, body=body))

    call = UUID((await board.ask(c.StartPlan(id=uuid4(), plan=plan)))["call"])

    row = await board.row(call)
    assert (row["kind"], row["title"], row["priority"], row["plan"]) == ("conference", "三区防汛", 7, str(plan))
    assert await board.states(call, ONE, SEVENTEEN, EIGHTEEN, LI) == ["ringing"] * 4
    assert (await board.see("call_plans"))[0]["started_at"] is not None
    await board.ask(c.DeletePlan(id=uuid4(), plan=plan))
    with pytest.raises(NotFound):
        await board.ask(c.StartPlan(id=uuid4(), plan=plan))


async def test_at_night_a_call_to_the_main_station_rings_who_is_on_duty_and_then_the_backup(board: Board):
    await board.ask(c.SaveNightService(id=uuid4(), service=NightBody(on=True, windows=(
        NightWindow(days=(1, 2, 3, 4, 5, 6, 7), starts=time(18), ends=time(8)),))))
    starts = board.clock.at + timedelta(hours=8)
    await board.ask(SaveRoster(id=uuid4(), roster=uuid4(), org="city", day=starts.date(), starts=starts, ends=starts + timedelta(hours=14),
                               person=UUID(LI.id[7:]), backup=UUID(WANG.id[7:])), SYSTEM)
    by_day = await board.start(CallKind.SINGLE, MAIN, by=SEVENTEEN)
    assert by_day in await board.mine(DUTY)
    await board.do(c.LeaveCall, by_day, SEVENTEEN)

    board.clock.at += timedelta(hours=10)
    assert [(row["now"], row["duty_names"]) for row in await board.see("night_service")] == [(True, ("李代表", "王代表"))]
    call = await board.start(CallKind.SINGLE, MAIN, by=SEVENTEEN)
    await board.connected(call, SEVENTEEN)
    assert call not in await board.mine(DUTY)
    assert await board.states(call, LI, WANG) == ["ringing", "waiting"]
    board.later(31)
    await board.until_states(call, (LI, WANG), "unanswered", "ringing")
    await board.answer(call, WANG)

    row = await board.row(call)
    assert (row["state"], row["night"]) == ("open", True)
