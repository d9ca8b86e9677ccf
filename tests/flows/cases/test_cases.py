"""A case goes over all desks: each sees what is his, presses what he may, and is told what concerns him."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import msgspec
import pytest

from hub.cases.shapes import LIVES
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from tests.flows.cases.stage import HANDLER, INTAKE, OFFICE, OTHER_UNIT, CaseStage, ref, self_of

LI, ZHAO = self_of("李代表"), self_of("赵代表")


async def test_a_case_goes_from_the_deputy_over_all_desks_to_its_end(stage: CaseStage):
    case = await stage.in_hand()
    await stage.take("ReplyWish", HANDLER, case, reply="已修好。")
    await stage.take("RateWish", LI, case)

    [row] = await stage.see("cases", INTAKE, stream="wishes")
    assert (row["number"], row["state"], row["lead"]["name"], row["unit"]["name"]) == ("心愿〔2026〕1号", "closed", "李代表", "5号局")
    trail = await stage.see("case_trail", INTAKE, case=str(case))
    assert [(line["zh"], line["by"]["name"]) for line in trail][:2] == [("提交", "李代表"), ("受理", INTAKE.id)]
    assert trail[0]["fields"][0] == {"name": "title", "zh": "标题", "en": "Title", "value": "关于修路的心愿"}


async def test_each_has_the_buttons_that_are_his_and_hears_why_not(stage: CaseStage):
    case = await stage.submitted()

    assert [step["command"] for step in await stage.see("case_steps", INTAKE, case=str(case))] == ["AcceptWish", "RefuseWish"]
    assert await stage.see("case_steps", LI, case=str(case)) == []
    _, opening = await stage.see("case_steps", LI, stream="wishes")
    assert opening["form"]["properties"]["files"]["pick"] == "file"
    with pytest.raises(Forbidden):
        await stage.take("AcceptWish", OFFICE, case)
    with pytest.raises(Conflict) as other_state:
        await stage.take("AssignWish", OFFICE, case, unit="department:5")
    assert "待审查" in other_state.value.zh


async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(stage: CaseStage):
    case = await stage.submitted()

    answers = await asyncio.gather(
        stage.take("AcceptWish", INTAKE, case), stage.take("RefuseWish", INTAKE, case, reason="不属受理范围"), return_exceptions=True)

    assert sorted(type(one).__name__ for one in answers) == ["Conflict", "dict"]


async def test_asking_twice_is_asking_once(stage: CaseStage):
    case = await stage.submitted()
    wish = msgspec.convert({"id": uuid4(), "case": case}, LIVES["wishes"].commands["AcceptWish"])

    first, second = await stage.ask(wish, INTAKE), await stage.ask(wish, INTAKE)

    assert first == second
    assert (await stage.see("cases", INTAKE, stream="wishes"))[0]["version"] == 2


async def test_nobody_else_learns_of_a_confidential_case(stage: CaseStage):
    case = await stage.in_hand(confidential=True)
    await stage.take("ReplyWish", HANDLER, case, reply="已处理。")

    for stranger, step, form in ((ZHAO, "RateWish", {}), (OTHER_UNIT, "ReplyWish", {"reply": "不是我的"})):
        assert await stage.see("cases", stranger, stream="wishes") == []
        assert await stage.see("case_counts", stranger, stream="wishes") == []
        assert await stage.see("case_notices", stranger) == []
        for view in ("case", "case_steps", "case_trail", "case_version"):
            with pytest.raises(NotFound):
                await stage.see(view, stranger, case=str(case))
        with pytest.raises(NotFound):
            await stage.take(step, stranger, case, **form)


async def test_everybody_sees_what_is_public_but_not_the_inside(stage: CaseStage):
    case = await stage.in_hand()
    await stage.take("ReplyWish", HANDLER, case, reply="已修好。")

    shown = await stage.case(case, ZHAO)

    assert (shown["inside"], shown["facts"]["reply"], "inner" in shown["facts"]) == (False, "已修好。", False)
    assert not any(line["fields"] for line in await stage.see("case_trail", ZHAO, case=str(case)))


async def test_a_guard_says_what_to_do_and_reads_what_it_needs(stage: CaseStage):
    case = await stage.submitted()
    await stage.take("AcceptWish", INTAKE, case)

    with pytest.raises(Refused) as refusal:
        await stage.take("AssignWish", OFFICE, case, unit="department:99")
    assert refusal.value.zh == "department:99不存在，请重新选择。"
    with pytest.raises(Refused) as refusal:
        await stage.submitted(text="很" * 201)
    assert "200" in refusal.value.zh


async def test_what_waits_for_me_and_what_i_am_told(stage: CaseStage):
    case = await stage.submitted()

    assert [row["id"] for row in await stage.see("case_waiting", INTAKE)] == [str(case)]
    assert await stage.see("case_waiting", OFFICE) == []
    [notice] = await stage.see("case_notices", INTAKE)
    assert (notice["case"], notice["unread"], "关于修路的心愿" in notice["zh"]) == (str(case), True, True)
    await stage.wish("ReadNotices", INTAKE, until=notice["at"])
    assert [row["unread"] for row in await stage.see("case_notices", INTAKE)] == [False]
    await stage.take("AcceptWish", INTAKE, case)
    assert [row["id"] for row in await stage.see("case_waiting", OFFICE)] == [str(case)]
    assert await stage.see("case_waiting", INTAKE) == []
    [told] = await stage.see("case_notices", LI)
    assert told["zh"] == "心愿“关于修路的心愿”：受理，现为“已受理”。"


async def test_counts_name_what_they_are_a_share_of(stage: CaseStage):
    await stage.submitted()
    await stage.in_hand(kind="school")

    counts = {row["key"]: (row["zh"], row["n"], row["of"], row["of_zh"]) for row in await stage.see("case_counts", INTAKE, stream="wishes", by="kind")}

    assert counts == {"road": ("道路", 1, 2, "您能看到的全部心愿"), "school": ("教育", 1, 2, "您能看到的全部心愿")}
    assert {row["zh"]: row["n"] for row in await stage.see("case_counts", INTAKE, stream="wishes", by="unit")} == {"未填写": 1, "5号局": 1}
    assert {row["zh"]: row["n"] for row in await stage.see("case_counts", INTAKE, stream="wishes", by="deputy")} == {"李代表": 2}
    assert ref("李代表") == (await stage.see("case_counts", INTAKE, stream="wishes", by="deputy"))[0]["key"]


async def test_a_case_is_found_by_who_may_see_it_as_soon_as_it_stands(stage: CaseStage):
    case = await stage.submitted(title="关于加装电梯的心愿", text="老旧小区没有电梯。", confidential=True)

    assert [row["id"] for row in await stage.see("search", LI, q="电梯")] == [str(case)]
    assert [row["id"] for row in await stage.see("search", INTAKE, q="小区没有")] == [str(case)]
    for stranger in (ZHAO, HANDLER, OTHER_UNIT):
        assert await stage.see("search", stranger, q="电梯") == []


async def test_a_draft_is_private_to_its_parties_until_it_is_sent(stage: CaseStage):
    case = uuid4()
    await stage.take("DraftWish", LI, case, title="关于加装电梯的心愿", text="老旧小区没有电梯。")

    for desk in (INTAKE, OFFICE):
        assert [await stage.see(view, desk, stream="wishes") for view in ("cases", "case_counts")] == [[], []]
        assert await stage.see("search", desk, q="电梯") == []
        with pytest.raises(NotFound):
            await stage.case(case, desk)
    assert [row["state"] for row in await stage.see("cases", LI, stream="wishes")] == ["draft"]
    await stage.take("SendWish", LI, case)
    assert [row["state"] for row in await stage.see("cases", INTAKE, stream="wishes")] == ["review"]
    assert [row["id"] for row in await stage.see("search", INTAKE, q="电梯")] == [str(case)]
