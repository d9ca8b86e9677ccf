"""Clocks of a case speak at their hours: before, at and after the end, once each, whatever befell the hub meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hub.kernel.errors import Forbidden
from tests.flows.cases.stage import HANDLER, INTAKE, CaseStage, on_stage, self_of

LI = self_of("李代表")


async def strikes(stage: CaseStage, case: UUID) -> list[tuple[str, bool]]:
    lines = await stage.see("case_trail", INTAKE, case=str(case))
    return [(line["zh"], line["late"]) for line in lines if line["event"] == "CaseClockStruck"]


async def until_struck(stage: CaseStage, case: UUID, n: int) -> list[tuple[str, bool]]:
    async def so() -> Any:
        found = await strikes(stage, case)
        return found if len(found) >= n else None

    found: list[tuple[str, bool]] = await stage.until(so)
    return found


async def test_a_limit_reminds_runs_out_and_wants_an_explanation(stage: CaseStage):
    case = await stage.in_hand()  # on Monday 2 March: five working days end on Monday the 9th
    detail = await stage.case(case)
    [clock] = detail["clocks"]
    assert (clock["due"], clock["left"], [one["day"] for one in clock["left_out"]]) == ("2026-03-09", 5, ["2026-03-07", "2026-03-08"])

    stage.later(days=6)
    assert await until_struck(stage, case, 1) == [("答复期限：到期提醒", False)]
    stage.later(days=1, hours=15)
    await until_struck(stage, case, 2)

    detail = await stage.case(case, HANDLER)
    assert [(owed["clock"], owed["mine"]) for owed in detail["owed"]] == [("answer", True)]
    assert detail["row"]["overdue"] is True
    assert [row["id"] for row in await stage.see("cases", INTAKE, stream="wishes", overdue=True)] == [str(case)]
    assert [row["id"] for row in await stage.see("case_waiting", HANDLER)] == [str(case)]
    assert "请书面说明原因" in (await stage.see("case_notices", HANDLER))[0]["zh"]
    note = {"case": str(case), "clock": "answer", "text": "施工遇雨，下周办结。"}
    with pytest.raises(Forbidden):
        await stage.wish("AnswerCaseNote", INTAKE, **note)
    await stage.wish("AnswerCaseNote", HANDLER, **note)
    assert not (await stage.case(case, HANDLER))["owed"]


async def test_what_was_missed_while_the_hub_was_away_is_told_once_each_in_order_and_marked_late(dsn: str, tmp_path: Path):
    async with on_stage(dsn, tmp_path / "before") as stage:
        case = await stage.in_hand()
    async with on_stage(dsn, tmp_path / "after", settled=True) as stage:
        stage.later(days=14)
        found = await until_struck(stage, case, 3)
        stage.clock.at -= timedelta(days=5)  # somebody puts the server's clock back, and on again
        stage.later(days=5, minutes=1)
        notices = [row for row in await stage.see("case_notices", HANDLER) if row["late"]]

    assert found == [("答复期限：到期提醒", True), ("答复期限：超期", True), ("答复期限：超期", True)]
    assert [row["zh"].partition("2026-03-09")[2][:9] for row in reversed(notices)] == ["到期，至今未办结（", "到期，请立即办理，", "到期，至今未办结（"]


async def test_the_hub_takes_the_step_that_a_clock_ends_in(stage: CaseStage):
    case = await stage.in_hand()
    await stage.take("ReplyWish", HANDLER, case, reply="已修好。")

    stage.later(days=11)

    async def closed() -> bool:
        return bool((await stage.case(case))["row"]["state"] == "closed")

    await stage.until(closed)
    told = [row["zh"] for row in await stage.see("case_notices", LI)]
    assert sum("逾期未评价办结" in zh for zh in told) == 1
    assert not any("请立即办理" in zh for zh in told), "nobody need act where the hub goes on by itself"
    trail = await stage.see("case_trail", INTAKE, case=str(case))
    assert (trail[-1]["zh"], trail[-1]["by"]["name"]) == ("逾期未评价办结", "系统")


async def test_a_notice_goes_on_the_road_once_however_often_the_errand_runs(stage: CaseStage):
    await stage.in_hand(title="关于{修路}的心愿")
    event = await stage.value("select id from es.events where type = 'WishAssigned'")

    async def sent() -> Any:
        return await stage.rows("select id, title, text, priority from dispatch.broadcast where text like '%交办%'")

    [broadcast] = await stage.until(sent)
    await stage.errand("case.tell", str(event))
    await stage.errand("case.tell", str(event))

    assert [row["id"] for row in await sent()] == [broadcast["id"]]
    assert broadcast["text"] == "心愿“关于｛修路｝的心愿”：交办，现为“办理中”。"
    assert set(await stage.who(broadcast["id"])) == {"李代表", "周经办"}
