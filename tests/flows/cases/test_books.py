"""Rule sets, the calendar, papers, files and relations of cases; and the rows made anew from the journal."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest
import python_calamine
from pypdf import PdfReader

from hub.access.messages import CreateApiKey
from hub.access.tokens import make_link
from hub.cases.rebuild import rebuild
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.errors import Forbidden, Malformed, NotFound
from tests.flows.broadcast.stage import person
from tests.flows.cases.stage import HANDLER, INTAKE, CaseStage, self_of

LI, ZHAO = self_of("李代表"), self_of("赵代表")
ADMIN = Actor(id="account:admin", name="管理员", roles=(Role.ADMINISTRATOR,), scopes=("city",))


def link_of(stage: CaseStage, name: str) -> dict[str, str]:
    return {"Authorization": f"Link {make_link(stage.hub.access.key, person(name), None, stage.clock.at, timedelta(hours=1))}"}


async def test_a_case_keeps_the_rules_it_was_opened_under(stage: CaseStage):
    before = await stage.submitted()
    await stage.wish("SaveRules", ADMIN, stream="wishes", valid_from="2026-03-01", rules={"answer": {"n": 3, "unit": "workdays"}}, note="新规")
    await stage.wish("SaveRules", ADMIN, stream="wishes", valid_from="2027-01-01", rules={"answer": {"n": 1, "unit": "months"}})
    after = await stage.submitted()
    for case in (before, after):
        await stage.take("AcceptWish", INTAKE, case)
        await stage.take("AssignWish", Actor(id="account:x", name="x", roles=(Role.ASSIGNER,), scopes=("city",)), case, unit="department:5")

    assert [(await stage.case(case))["clocks"][0]["due"] for case in (before, after)] == ["2026-03-09", "2026-03-05"]
    rows = await stage.see("case_rules", INTAKE, stream="wishes")
    assert [(row["version"], row["now"], row["rules"]["answer"]["n"]) for row in rows] == [(2, False, 1), (1, True, 3), (0, False, 5)]
    with pytest.raises(Malformed) as refusal:
        await stage.wish("SaveRules", ADMIN, stream="wishes", valid_from="2026-03-01", rules={"anser": 1})
    assert "anser" in refusal.value.zh
    with pytest.raises(Forbidden):
        await stage.wish("SaveRules", INTAKE, stream="wishes", valid_from="2026-03-01", rules={})


async def test_a_calendar_that_is_brought_in_counts_from_then_on_and_shows_what_it_leaves_out(stage: CaseStage):
    key = (await stage.ask(CreateApiKey(id=uuid4(), name="日历", roles=(Role.ADMINISTRATOR,), scopes=("city",)), SYSTEM))["key"]
    sheet = "日期,类型,名称\n2026-03-04,休,植树周\n2026-03-05,休,植树周\n2026/3/7,班,植树周\n"
    form = aiohttp.FormData()
    form.add_field("file", sheet.encode("gb18030"), filename="日历.csv")
    running = await stage.in_hand()
    async with stage.web.post(f"{stage.hub.url}/api/calendar?dry_run=0&year=2026", data=form, headers={"Authorization": f"Bearer {key}"}) as answer:
        told = await answer.json()

    assert (told["applied"], [day["works"] for day in told["days"]]) == (True, [False, False, True])
    detail = await stage.case(await stage.in_hand())
    assert [(clock["due"], list(clock["left_out"])) for clock in detail["clocks"]] == [
        ("2026-03-10", [{"day": "2026-03-04", "why": "植树周"}, {"day": "2026-03-05", "why": "植树周"}, {"day": "2026-03-08", "why": "周末"}])]

    async def moved() -> bool:
        return bool((await stage.case(running))["clocks"][0]["due"] == "2026-03-10")

    await stage.until(moved)
    assert any("2026-03-10到期" in row["zh"] for row in await stage.see("case_notices", HANDLER))
    assert {"day": "2026-03-07", "works": True, "name": "植树周", "imported": True} in await stage.see("case_calendar", LI, year=2026)
    assert (await stage.see("case_days", LI, start="2026-09-30", n=3))[0]["due"] == "2026-10-10"  # a Saturday worked for National Day


async def test_the_spreadsheet_and_the_paper_hold_what_the_screen_shows(stage: CaseStage):
    case = await stage.in_hand(title="<b>修路</b>", confidential=True)
    await stage.submitted("赵代表", kind="school")
    key = (await stage.ask(CreateApiKey(id=uuid4(), name="导出", roles=(Role.INTAKE,), scopes=("city",)), SYSTEM))["key"]
    bearer = {"Authorization": f"Bearer {key}"}

    async with stage.web.get(f"{stage.hub.url}/api/export/cases/wishes.xlsx", headers=bearer) as answer:
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(await answer.read())).get_sheet_by_index(0).to_python()
    async with stage.web.get(f"{stage.hub.url}/api/cases/{case}.pdf", headers=bearer) as answer:
        assert answer.content_type == "application/pdf"
        page = "".join(page.extract_text() for page in PdfReader(io.BytesIO(await answer.read())).pages)
    async with stage.web.get(f"{stage.hub.url}/api/cases/{case}.pdf", headers=link_of(stage, "赵代表")) as hidden:
        assert hidden.status == 404

    counts = await stage.see("case_counts", INTAKE, stream="wishes", by="kind")
    kinds = [row[sheet[0].index("类别")] for row in sheet[1:]]
    assert {row["zh"]: row["n"] for row in counts} == {zh: kinds.count(zh) for zh in set(kinds)} == {"道路": 1, "教育": 1}
    assert sheet[0][-3:] == ["内容", "答复", "内部意见"]
    for words in ("<b>修路</b>", "不公开", "李代表", "5号局", "时限", "主办单位：5号局"):
        assert words in page


async def test_a_file_is_read_by_who_is_inside_its_case(stage: CaseStage):
    async def upload(who: str) -> UUID:
        form = aiohttp.FormData()
        form.add_field("file", b"photo", filename="photo.txt")
        async with stage.web.post(f"{stage.hub.url}/api/files?purpose=case", data=form, headers=link_of(stage, who)) as answer:
            return UUID((await answer.json())["id"])

    async def status(file: UUID, who: str) -> int:
        async with stage.web.get(f"{stage.hub.url}/api/files/{file}", headers=link_of(stage, who)) as answer:
            return answer.status

    file = await upload("李代表")
    case = await stage.submitted(files=[str(file)])

    assert [await status(file, who) for who in ("李代表", "赵代表")] == [200, 404]
    assert [one["name"] for one in (await stage.case(case))["files"]] == ["photo.txt"]
    with pytest.raises(Exception, match="uploaded"):
        await stage.submitted("赵代表", files=[str(file)])


async def test_related_cases_show_only_to_who_may_see_both(stage: CaseStage):
    first, second = await stage.in_hand(), await stage.submitted("赵代表", confidential=True)

    await stage.wish("RelateCases", INTAKE, case=str(first), other=str(second))

    assert [one["id"] for one in (await stage.case(first))["relations"]] == [str(second)]
    assert [(one["id"], one["towards"]) for one in (await stage.case(second))["relations"]] == [(str(first), False)]
    assert not (await stage.case(first, HANDLER))["relations"]
    with pytest.raises(NotFound):
        await stage.wish("RelateCases", LI, case=str(first), other=str(second))


async def test_rows_made_anew_from_the_journal_are_the_same_to_the_byte(stage: CaseStage):
    await stage.wish("SaveRules", ADMIN, stream="wishes", valid_from="2026-03-01", rules={"answer": {"n": 3, "unit": "workdays"}})
    case, other = await stage.in_hand(), await stage.submitted("赵代表")
    await stage.wish("RelateCases", INTAKE, case=str(case), other=str(other))
    stage.later(days=8)

    async def struck() -> Any:
        return await stage.value("select count(*) from cases.notice where zh like '%超期%' or zh like '%请立即办理%'")

    await stage.until(struck)
    await stage.take("ReplyWish", HANDLER, case, reply="已修好。")
    jobs = await stage.value("select count(*) from work.jobs where kind = 'case.clock'")

    older = "update cases.notice set zh = '旧版说法：' || zh where pos = (select min(pos) from cases.notice) returning id"
    told = await stage.value(older)
    assert await rebuild(stage.hub.db, stage.hub.journal) == {}
    assert (await stage.value("select zh from cases.notice where id = $1", told)).startswith("旧版说法："), "people were told so"
    assert await stage.value("select count(*) from work.jobs where kind = 'case.clock'") == jobs
    assert msgspec.json.decode(await stage.value("select body from cases.item where id = $1", case))["state"] == "replied"
