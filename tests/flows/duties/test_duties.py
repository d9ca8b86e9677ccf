"""An activity from the notice to the score, on a real hub; records by hand, disputed and frozen; mandates that end by the law."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.streams.duties.sheet import export_scores
from tests.flows.duties.stage import (
    CHAIRS,
    CLERK,
    FOUR,
    HALL,
    ONE,
    STARTS,
    THREE,
    TWO,
    DutyStage,
    uid,
)
from tests.lives import SYSTEM


async def test_an_activity_from_the_notice_to_the_score(duty: DutyStage):
    case = await duty.published(questions=[{"text": "改造进度如何", "kind": "one", "choices": ["快", "慢"]}, {"text": "还有什么意见"}])
    assert "发布" in (await duty.see("case_notices", ONE))[0]["zh"]
    await duty.ask("RegisterForActivity", ONE, activity=case)
    with pytest.raises(Conflict):
        await duty.ask("SignInToActivity", ONE, activity=case, way="place", accuracy=10.0, **HALL)

    duty.at(STARTS - timedelta(minutes=5))
    assert (await duty.ask("SignInToActivity", ONE, activity=case, way="place", accuracy=10.0, **HALL))["doubts"] == []
    assert [(await duty.part(case, who))["away"] for who in (ONE, CLERK)] == [0, 0]
    await duty.ask("AnswerActivity", ONE, activity=case, answers=["快", "电梯要加快"])
    await duty.ask("SignOutOfActivity", ONE, activity=case)
    counted = [(row["answer"], row["people"], row["of"]) for row in await duty.see("activity_answers", CLERK, activity=str(case))]
    assert counted == [("快", 1, 1), ("慢", 0, 1), ("电梯要加快", 1, 1)]

    async def scored() -> bool:
        return await duty.score(ONE) == 3.0

    await duty.until(scored)
    [record] = await duty.see("cases", ONE, stream="duty_records")
    assert (record["title"], record["kind"], record["state"]) == ("老旧小区改造视察", "inspection", "counted")
    assert [one["stream"] for one in await duty.see("search", ONE, q="老旧小区改造视察")] == ["activities"]
    [listed] = await duty.see("cases", ONE, stream="activities")
    assert (listed["shown"]["starts"][:10], listed["shown"]["place"], listed["shown"]["quota"]) == ("2026-05-20", "望江街道", 0)
    [book] = await duty.see("deputy_book", ONE, person=str(uid(1)), year=2026)
    assert ([one["title"] for one in book["records"]], book["score"]["total"]) == (["老旧小区改造视察"], 3.0)
    assert (await duty.see("deputy_book", TWO, person=str(uid(1)), year=2026))[0]["score"] is None


async def test_places_go_by_the_order_of_registration_and_move_up(duty: DutyStage):
    case = await duty.published(quota=2)
    await asyncio.gather(*(duty.ask("RegisterForActivity", one, activity=case) for one in (ONE, TWO, THREE)))
    rows = await duty.see("activity_takings", CLERK, activity=str(case))
    assert [(row["place"], row["waiting"]) for row in rows] == [(1, False), (2, False), (3, True)]
    by_ref = {one.id: one for one in (ONE, TWO, THREE)}
    first, last = by_ref[rows[0]["person"]], by_ref[rows[2]["person"]]
    duty.at(STARTS)
    with pytest.raises(Conflict, match="waiting"):
        await duty.ask("SignInToActivity", last, activity=case, way="place", accuracy=10.0, **HALL)
    await duty.ask("AskActivityLeave", first, activity=case, reason="出差")
    assert (await duty.part(case, last))["waiting"] is False

    async def told() -> bool:
        async with duty.hub.db.read() as conn:
            return bool(await conn.fetchval("select true from dispatch.broadcast where title = '活动候补转正'"))

    await duty.until(told)
    await duty.ask("SignInToActivity", last, activity=case, way="place", accuracy=10.0, **HALL)


async def test_a_registration_that_a_clerk_refuses_gives_its_place_to_the_next_and_says_why(duty: DutyStage):
    case = await duty.published(quota=1)
    for one in (ONE, TWO):
        await duty.ask("RegisterForActivity", one, activity=case)
    with pytest.raises(Forbidden):
        await duty.ask("RefuseRegistration", TWO, activity=case, person=str(uid(1)), reason="想先参加")
    with pytest.raises(Conflict, match="not registered"):
        await duty.ask("RefuseRegistration", CLERK, activity=case, person=str(uid(3)), reason="名额已满")
    await duty.ask("RefuseRegistration", CLERK, activity=case, person=str(uid(1)), reason="本次面向基层代表")

    assert [(row["refused"], row["waiting"]) for row in (await duty.part(case, ONE), await duty.part(case, TWO))] == [("本次面向基层代表", False), ("", False)]
    await duty.until(duty.notice(ONE, "您的报名没有被接受：本次面向基层代表。"))
    with pytest.raises(Conflict, match="was not taken"):
        await duty.ask("RegisterForActivity", ONE, activity=case)


async def test_the_report_of_an_inspection_is_answered_within_three_months_and_archived_after_it(duty: DutyStage):
    report, meal = await duty.published(), await duty.published(kind="group")
    duty.at(STARTS + timedelta(hours=4))
    for case in (report, meal):
        await duty.take("EndActivity", CLERK, case)
        await duty.take("SumUpActivity", CLERK, case, summary="提出意见十一条")
    clocks = {case: {one["clock"]: one["due"] for one in (await duty.see("case", CLERK, case=str(case)))[0]["clocks"]} for case in (report, meal)}
    assert clocks == {report: {"feedback": "2026-08-20"}, meal: {"archive": "2026-06-19"}}
    with pytest.raises(Refused, match="no report"):
        await duty.take("RecordFeedback", CLERK, meal, feedback="意见已经整改")
    await duty.take("RecordFeedback", CLERK, report, feedback="意见已逐条办理")
    await duty.until(duty.notice(ONE, "登记反馈"))
    duty.at(STARTS + timedelta(days=40))
    await duty.until(duty.state_is(report, "archived"))


async def test_a_doubtful_sign_in_counts_after_a_clerks_word(duty: DutyStage):
    case = await duty.published()
    for one in (ONE, TWO):
        await duty.ask("RegisterForActivity", one, activity=case)
    duty.at(STARTS)
    [shown] = await duty.see("activity_code", CLERK, activity=str(case))
    await duty.ask("SignInToActivity", ONE, activity=case, way="code", code=shown["code"], device="phone-1")
    assert (await duty.ask("SignInToActivity", TWO, activity=case, way="code", code=shown["code"], device="phone-1"))["doubts"] == ["shared_phone"]
    assert [(await duty.part(case, one))["counts"] for one in (ONE, TWO)] == [True, False]
    with pytest.raises(Forbidden):
        await duty.ask("JudgeSignIn", ONE, activity=case, person=str(uid(2)), valid=True, note="我看见他了")
    await duty.ask("JudgeSignIn", CLERK, activity=case, person=str(uid(2)), valid=True, note="现场核实，手机没电借用")

    async def scored() -> bool:
        return await duty.score(TWO) == 3.0

    async def taken_back() -> bool:
        return await duty.score(TWO) == 0.0

    await duty.until(scored)
    await duty.ask("JudgeSignIn", CLERK, activity=case, person=str(uid(2)), valid=False, note="监控显示没有到场")
    await duty.until(taken_back)
    await duty.until(duty.notice(TWO, "撤销计入，现为“不予计入”"))
    await duty.ask("JudgeSignIn", CLERK, activity=case, person=str(uid(2)), valid=True, note="复核监控，确已到场")
    await duty.until(scored)
    for stranger in (uid(9), uid(1)):
        with pytest.raises((Refused, Conflict)):
            await duty.ask("SignInByHand", CLERK, activity=case, person=str(stranger), note="现场代签")


async def test_only_its_groups_are_invited_and_only_deputies_in_office(duty: DutyStage):
    mandate = uuid4()
    await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(3)), term="第十六届", delegation="望江代表团", elected_on="2022-01-20")
    await duty.take("SuspendDeputy", CHAIRS, mandate, topic="custody")
    case = await duty.published(groups=["望江代表团"])
    assert {one["ref"] for one in (await duty.see("case", CLERK, case=str(case)))[0]["parties"]["invited"]} == {ONE.id, TWO.id}
    for other in (THREE, FOUR):
        with pytest.raises((Forbidden, NotFound)):
            await duty.ask("RegisterForActivity", other, activity=case)


async def test_a_record_by_hand_is_reviewed_disputed_and_frozen(duty: DutyStage):
    case = uuid4()
    with pytest.raises(Refused, match="not come yet"):
        await duty.take("RecordDuty", ONE, uuid4(), title="走访", kind="visit", on="2026-06-01", text="走访十户")
    await duty.take("RecordDuty", ONE, case, title="走访十户群众", kind="visit", on="2026-05-10", text="走访十户", hours=2.0)
    await duty.take("RefuseDuty", CLERK, case, answer="缺少照片")
    assert await duty.score(ONE) == 0.0
    await duty.take("DisputeDuty", ONE, case, dispute="有社区证明")
    assert await duty.score(ONE) == 0.0
    await duty.take("CorrectDuty", CLERK, case, kind="visit", hours=2.0, answer="核实属实")
    await duty.take("DisputeDuty", ONE, case, dispute="应为三小时")
    assert await duty.score(ONE) == 2.0
    await duty.take("CorrectDuty", CLERK, case, kind="visit", hours=2.0, answer="只有两小时")
    assert await duty.score(ONE) == 2.0

    with pytest.raises(Refused, match="not over"):
        await duty.ask("FreezeDutyYear", CLERK, year=2026)
    duty.on(date(2027, 1, 10))
    await duty.ask("FreezeDutyYear", CLERK, year=2026)

    async def frozen() -> bool:
        return bool((await duty.row(case))["state"] == "frozen")

    await duty.until(frozen)
    assert [(row["total"], row["frozen"]) for row in await duty.see("duty_scores", ONE, year=2026)] == [(2.0, True)]
    with pytest.raises(Refused, match="frozen"):
        await duty.take("RecordDuty", ONE, uuid4(), title="补登走访", kind="visit", on="2026-12-10", text="走访")


async def test_scores_equal_the_rows_they_count_and_versions_can_be_asked_for(duty: DutyStage):
    for n, actor in enumerate((ONE, TWO, THREE), 1):
        for _ in range(n):
            case = uuid4()
            await duty.take("RecordDuty", actor, case, title="接待选民", kind="reception", on="2026-05-10", text="接待")
            await duty.take("ApproveDuty", CLERK, case)
    rows = await duty.see("duty_scores", CLERK, year=2026)
    assert [(row["name"], row["total"], row["rank"], row["of"]) for row in rows] == [
        ("代表3", 6.0, 1, 4), ("代表2", 4.0, 2, 4), ("代表1", 2.0, 3, 4), ("代表4", 0.0, 4, 4)]
    async with duty.hub.db.read() as conn:
        sheet = (await export_scores(conn, CLERK, {"which": "2026"}, "csv")).decode("utf-8-sig").splitlines()
        with pytest.raises(Forbidden):
            await export_scores(conn, ONE, {"which": "2026"}, "xlsx")
    assert [line.split(",")[:4] for line in sheet[:3]] == [["名次", "代表", "代表团", "总分"], ["1", "代表3", "望江代表团", "6"], ["2", "代表2", "望江代表团", "4"]]
    assert sum(item["records"] for row in rows for item in row["items"]) == len(await duty.see("cases", CLERK, stream="duty_records", size=100))

    rules = (await duty.see("case_rules", CLERK, stream="duty_records"))[-1]["rules"]
    rules["items"] = [item | {"each": 4.0} if item["code"] == "voters" else item for item in rules["items"]]
    await duty.ask("SaveRules", SYSTEM, stream="duty_records", valid_from="2026-01-01", rules=rules, note="提高联系选民分值")
    assert [row["total"] for row in await duty.see("duty_scores", CLERK, year=2026)] == [12.0, 8.0, 4.0, 0.0]
    assert [row["total"] for row in await duty.see("duty_scores", CLERK, year=2026, version=0)] == [6.0, 4.0, 2.0, 0.0]


async def test_who_is_moved_to_another_delegation_is_invited_with_it(duty: DutyStage):
    mandate = uuid4()
    await duty.take("TakeOverDeputy", CLERK, mandate, person=str(uid(4)), term="第十六届", delegation="云溪代表团", elected_on="2022-01-20")
    await duty.take("MoveDeputy", CLERK, mandate, delegation="望江代表团")
    await duty.take("CorrectDeputy", FOUR, mandate, post="社区书记")

    async def entered() -> bool:
        async with duty.hub.db.read() as conn:
            row = await conn.fetchrow("select delegation, post, phone from directory.person where id = $1", uid(4))
        return tuple(row or ()) == ("望江代表团", "社区书记", "+8619900000104")

    await duty.until(entered)
    case = await duty.published(groups=["望江代表团"])
    assert FOUR.id in {one["ref"] for one in (await duty.see("case", CLERK, case=str(case)))[0]["parties"]["invited"]}


async def test_a_mandate_ends_after_two_sessions_missed(duty: DutyStage):
    mandate = uuid4()
    await duty.take("ElectDeputy", CLERK, mandate, person=str(uid(4)), kind="by_election", term="第十六届", elected_on="2026-03-01")
    await duty.take("CheckCredentials", CHAIRS, mandate, valid=True, report="资格有效")
    await duty.take("AnnounceDeputy", CHAIRS, mandate, announced_on="2026-03-10")
    await duty.take("RecordAbsence", CLERK, mandate, session="第五次会议", held_on="2026-04-01", approved=False)
    assert await duty.score(FOUR) == -5.0
    with pytest.raises(Refused, match="recorded already"):
        await duty.take("RecordAbsence", CLERK, mandate, session="第五次会议", held_on="2026-04-02", approved=False)
    with pytest.raises(Refused, match="two are needed"):
        await duty.take("EndMandate", CHAIRS, mandate, topic="absent", ended_on="2026-05-01")
    await duty.take("RecordAbsence", CLERK, mandate, session="第六次会议", held_on="2026-05-01", approved=False)
    await duty.take("EndMandate", CHAIRS, mandate, topic="absent", ended_on="2026-05-11")
    assert (await duty.row(mandate))["state"] == "terminated"
    await duty.take("AnnounceEnd", CHAIRS, mandate, end_announced_on="2026-05-12")
    with pytest.raises(Refused, match="announced on"):
        await duty.take("AnnounceEnd", CHAIRS, mandate, end_announced_on="2026-05-13")
