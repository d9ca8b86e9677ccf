"""A local regulation on a real hub: two readings, an overdue node, comments by article, editions side by side, shelves."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from hub.kernel.errors import Forbidden, Refused
from tests.flows.legislation.stage import CHAIRS, CLERK, DEPUTY, SECOND, UNIT, LawStage


async def commented(law: LawStage, case: UUID, article: str, text: str) -> UUID:
    comment = uuid4()
    await law.take("CommentOnDraft", DEPUTY, comment, project=str(case), article=article, text=text)
    return comment


async def test_two_readings_with_one_overdue_node(law: LawStage):
    case = await law.open_for_comment()
    first = await commented(law, case, "第三条", "每月一次太少，建议每半月一次。")
    second = await commented(law, case, "", "建议尽快出台。")
    law.on(date(2026, 7, 16))
    await law.until(law.state_is(case, "review"))

    await law.take("ReviseDraft", CLERK, case, text=SECOND, evaluated="可行", note="采纳检查频次")
    await law.take("ShowProvince", CLERK, case, province_seen="2026-07-16")
    law.on(date(2026, 9, 1))
    await law.until(law.notice(UNIT, "请书面说明原因"))
    [board] = await law.see("legislation_board")
    assert [one["node"] for one in board["nodes"] if not one["done"] and one["planned"] < "2026-09-01"] == ["second", "vote"]
    await law.ask("AnswerCaseNote", UNIT, case=case, clock="node", text="因防汛推迟会议。")

    meeting = {"meeting": "第四十二次会议", "meeting_on": "2026-09-10"}
    with pytest.raises(Refused, match="answer"):
        await law.take("DistributeBill", CLERK, case, **meeting)
    await law.take("AnswerComment", CLERK, first, verdict="adopted", reason="改为每半月")
    await law.take("AnswerComment", CLERK, second, verdict="not", reason="与条文无关")
    await law.take("DistributeBill", CLERK, case, **meeting)
    law.on(date(2026, 9, 10))
    await law.take("HoldReading", CLERK, case, held_on="2026-09-10")
    await law.take("PrepareVote", CLERK, case, **meeting)
    await law.take("VoteOnBill", CHAIRS, case, held_on="2026-09-10", members=45, yes=43, no=1, abstain=1)
    assert (await law.row(case))["state"] == "passed"


async def test_comments_stand_by_article_and_editions_side_by_side(law: LawStage):
    case = await law.open_for_comment()
    await commented(law, case, "第三条", "每月一次太少。")
    with pytest.raises(Refused, match="has no"):
        await commented(law, case, "第九条", "没有这一条。")
    [counted] = await law.see("comments_by_article", DEPUTY, project=str(case))
    assert (counted["edition"], counted["id"]) == (1, f"1/{counted['article']}")
    assert len(await law.see("draft_comments", project=str(case), edition=1)) == counted["comments"]
    assert await law.see("draft_comments", project=str(case), edition=2) == []
    assert (counted["article"], counted["comments"], counted["open"]) == ("第3条", 1, 1)
    [listed] = await law.see("cases", stream="law_comments")
    title = (await law.row(case))["title"]
    assert listed["shown"]["project"] == title
    assert title in {one["title"] for one in await law.see("search", DEPUTY, q="应当每月检查一次")}

    law.on(date(2026, 7, 17))
    await law.until(law.state_is(case, "review"))
    await law.take("ReviseDraft", CLERK, case, text=SECOND)
    assert [one["n"] for one in await law.see("draft_editions", DEPUTY, project=str(case))] == [1, 2]
    rows = await law.see("draft_comparison", project=str(case), old=1, new=2)
    changes = {row["new"][0]["name"]: (row["change"], row["moved"] or row["renumbered"]) for row in rows}
    assert (changes["第1条"], changes["第3条"][1], changes["第4条"][0]) == (("same", False), True, "added")
    assert changes["第2条"][0] == "changed"
    assert await law.see("search", DEPUTY, q="处五千元罚款") == [], "a text that is not open is not found"


async def test_what_is_suggested_is_collated_and_taken_into_a_project(law: LawStage):
    idea, case = uuid4(), await law.planned()
    await law.take("SuggestProject", DEPUTY, idea, title="制定电梯安全条例", text="电梯事故多发，需要立法。", source="wechat")
    await law.take("CollateSuggestion", CLERK, idea, topic="urban_rural", batch="2026年征集")
    with pytest.raises(Refused, match="no such project"):
        await law.take("AdoptSuggestion", CLERK, idea, project=str(uuid4()))
    await law.take("AdoptSuggestion", CLERK, idea, project=str(case))
    assert "纳入项目" in (await law.see("case_notices", DEPUTY))[0]["zh"]


async def test_a_project_becomes_a_template_and_a_template_a_project(law: LawStage):
    case = await law.planned()
    await law.ask("SaveProjectTemplate", CLERK, code="enact-2026", name="制定项目（2026）", kind="enact", project=case)
    [template] = await law.see("project_templates")
    assert [one["node"] for one in template["nodes"]][:3] == ["draft", "committee", "list"]
    again = uuid4()
    await law.take("EnterProject", CLERK, again, title="养犬管理条例", subject="urban_rural", template="enact-2026")
    with pytest.raises(Refused, match="no such template"):
        await law.take("EnterProject", CLERK, uuid4(), title="养犬管理条例", subject="urban_rural", template="gone")
    await law.ask("RemoveProjectTemplate", CLERK, code="enact-2026")
    assert await law.see("project_templates") == []


async def test_laws_are_found_as_they_were_in_force_on_a_day(law: LawStage):
    for title, begin, end in (("旧养犬办法", "2010-01-01", "2026-03-01"), ("新养犬条例", "2026-03-01", None)):
        await law.ask("SaveLawDocument", CLERK, document=uuid4(), shelf="law", title=title, valid_from=begin, valid_until=end, text="第一条 养犬。")
    await law.ask("SaveLawDocument", CLERK, document=uuid4(), shelf="news", title="外地立法动态", text="某市制定养犬条例。")
    laws = await law.see("law_documents", shelf="law")
    assert {one["title"]: one["valid_from"] for one in laws} == {"旧养犬办法": "2010-01-01", "新养犬条例": "2026-03-01"}
    assert [one["title"] for one in await law.see("law_documents", shelf="law", on="2026-03-01")] == ["新养犬条例"]
    assert {one["title"] for one in await law.see("search", DEPUTY, q="养犬条例")} == {"新养犬条例", "外地立法动态"}
    await law.ask("SaveLawDocument", CLERK, document=uuid4(), shelf="expert", title="专家库：张教授")
    assert {one["title"] for one in await law.see("law_documents", DEPUTY)} == {"旧养犬办法", "新养犬条例", "外地立法动态"}
    assert len(await law.see("law_documents")) == 4
    with pytest.raises(Forbidden):
        await law.ask("SaveLawDocument", DEPUTY, document=uuid4(), shelf="law", title="不行的")
