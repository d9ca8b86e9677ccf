"""Who sees what: every view and every command of a case, tried as every role; and live, as it happens."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from hub.access.seed import seed_demo_accounts
from hub.cases.shapes import LIVES
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.lifecycle import Case, may_see, may_take
from tests.flows.cases.stage import INTAKE, OFFICE, CaseStage, official, self_of
from tests.flows.cases.wishes import WISHES
from tests.flows.gateway.visitor import Visitor, Watcher

ZHAO = self_of("赵代表")
FORMS: dict[str, dict[str, Any]] = {
    "RefuseWish": {"reason": "不属受理范围"}, "AssignWish": {"unit": "department:5"}, "ReplyWish": {"reply": "已修好。"},
}
OF_CASE = ("case", "case_trail", "case_steps", "case_version")
VIEWS: dict[str, dict[str, Any]] = {"cases": {"stream": "wishes"}, "case_notices": {}, "case_waiting": {}}
LISTS: dict[str, dict[str, Any]] = {
    "cases": {"stream": "wishes"}, "case_counts": {"stream": "wishes"}, "case_waiting": {}, "case_notices": {}, "search": {"q": "电梯"},
    "similar": {"stream": "wishes", "title": "加装电梯", "text": "老旧小区没有电梯，老人上下楼很不方便，请尽快研究解决这个问题。"},
}


def everybody() -> list[Actor]:
    city = [official(f"a {role}", role, "city") for role in Role if role not in (Role.STATION, Role.DEPUTY, Role.HANDLER, Role.HEAD)]
    elsewhere = [official(f"d {role}", role, "district:3") for role in (Role.ADMINISTRATOR, Role.INTAKE, Role.ASSIGNER, Role.COMMITTEE)]
    units = [official(f"u {role}", role, "department:6") for role in (Role.HANDLER, Role.HEAD)]
    station = Actor(id="station:17", name="十七站", roles=(Role.STATION,), scopes=("station:17",))
    return [*city, *elsewhere, *units, station, ZHAO, self_of("王代表")]


async def test_every_view_and_command_of_a_confidential_case_tried_as_every_role(stage: CaseStage):
    case = await stage.in_hand(title="加装电梯", text="老旧小区没有电梯，老人上下楼很不方便，请尽快研究解决这个问题。", confidential=True)
    known, refused = await stage.load(case), 0
    for actor in everybody():
        refused += await views_tried(stage, known, actor) + await steps_tried(stage, known, actor) + await wishes_tried(stage, case, actor)

    assert refused > 150
    assert {actor.roles[0] for actor in everybody() if may_see(WISHES, known, actor)} == {Role.ADMINISTRATOR, Role.INTAKE}


async def views_tried(stage: CaseStage, case: Case, actor: Actor) -> int:
    """How many refused."""
    if may_see(WISHES, case, actor):
        assert all([await stage.see(view, actor, case=str(case.id)) is not None for view in OF_CASE])
        return 0
    for view in OF_CASE:
        with pytest.raises(NotFound):
            await stage.see(view, actor, case=str(case.id))
    for view, params in LISTS.items():
        assert await stage.see(view, actor, **params) == [], (view, actor)
    return len(OF_CASE)


async def steps_tried(stage: CaseStage, case: Case, actor: Actor) -> int:
    others = [step for step in WISHES.steps[3:] if case.state not in step.frm or not may_take(step, case, actor)]
    for step in others:
        with pytest.raises((Forbidden, NotFound, Conflict)) as refusal:
            await stage.take(step.command, actor, case.id, **FORMS.get(step.command, {}))
        assert may_see(WISHES, case, actor) or not isinstance(refusal.value, Conflict), "who may not see it does not learn its state"
    return len(others)


async def wishes_tried(stage: CaseStage, case: UUID, actor: Actor) -> int:
    wanted = {"AnswerCaseNote": {"clock": "answer", "text": "说明"}, "RelateCases": {"other": str(case)},
              "StrikeClock": {"clock": "answer", "strike": "over"}}
    for name, fields in wanted.items():
        with pytest.raises(Refused):
            await stage.wish(name, actor, case=str(case), **fields)
    return len(wanted)


async def test_the_desk_hears_of_it_at_once_and_nobody_else(stage: CaseStage):
    await seed_demo_accounts(stage.hub.access, stage.clock.at)
    url = stage.hub.settings.url
    async with (Visitor.of(url, "intake") as intake, Visitor.of(url, "handler5") as unit, Watcher.at(url, Cookie=intake.cookie) as desk,
                Watcher.at(url, Cookie=unit.cookie) as other):
        for watcher in (desk, other):
            for view, params in VIEWS.items():
                await watcher.watch(view, **params)
        case = await stage.submitted(confidential=True)

        async def heard() -> bool:
            return {"cases", "case_notices", "case_waiting"} <= {told["view"] for told in desk.heard}

        await desk.until(heard)
        assert not other.heard
        await stage.take("AcceptWish", INTAKE, case)
        await stage.take("AssignWish", OFFICE, case, unit="department:5")

        async def assigned() -> bool:
            return {"cases", "case_notices", "case_waiting"} <= {told["view"] for told in other.heard}

        await other.until(assigned)
        await stage.take("AssignWish", OFFICE, case, unit="department:6")

        async def taken_away() -> bool:
            return all(not rows for room, rows in other.rows.items() if "notices" not in room)

        await other.until(taken_away)

        async def shown_as_they_stand() -> bool:
            return all([sorted(rows.values(), key=str) == sorted((await visitor.see(view, **VIEWS[view]))["rows"], key=str)
                        for watcher, visitor in ((desk, intake), (other, unit))
                        for room, rows in watcher.rows.items() for view in [room.partition("/")[0]]])

        await desk.until(shown_as_they_stand)


async def test_a_thousand_submissions_are_each_taken_once_and_numbered_in_order(stage: CaseStage):
    """In small: the numbers follow the order of the journal, without a gap."""
    cases = [await stage.submitted() for _ in range(12)]
    shape = LIVES["wishes"].commands["AcceptWish"]
    wanted = [msgspec.convert({"id": uuid4(), "case": case}, shape) for case in cases]

    await asyncio.gather(*(stage.ask(wish, INTAKE) for wish in (*wanted, *wanted)))

    order = [row["stream"].removeprefix("wish-") for row in await stage.rows("select stream from es.events where type = 'WishAccepted' order by pos")]
    numbers = {row["id"]: row["number"] for row in await stage.see("cases", INTAKE, stream="wishes")}
    assert [numbers[case] for case in order] == [f"心愿〔2026〕{n}号" for n in range(1, 13)]
