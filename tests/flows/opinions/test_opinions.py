"""From the citizen's phone to the department and back, on a real hub: who sees what, what he is told, what it counts as."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.cases.paper import paper
from hub.cases.params import OfCase
from hub.cases.rebuild import rebuild
from hub.cases.sheets import export_cases
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from tests.flows.duties.stage import CHAIRS, TWO, uid
from tests.flows.opinions.stage import (
    CLERK,
    DISTRICT,
    ONE,
    OTHER_STATION,
    ROADS,
    SAID,
    STATION,
    WATER,
    OpinionStage,
)


async def test_a_citizen_scans_says_it_and_rates_what_came_of_it(voters: OpinionStage):
    duty, citizen = voters.duty, voters.citizen
    shown = await citizen.read("places/station:1")
    assert (shown["name"], shown["kind"], shown["hours"]) == ("望江站", "station", "周三上午")
    assert (await citizen.read(f"places/person:{uid(1)}"))["kind"] == "deputy"
    for nobody in ("station:99", f"person:{uuid4()}", "department:5", "x"):
        await citizen.read(f"places/{nobody}", status=404)
    assert "building" in [one["code"] for one in (await citizen.read("opinion-kinds"))["rows"]]

    case = await voters.said()
    [mine] = await voters.own(case)
    assert (mine["number"], mine["state"], mine["text"], mine["answer"], mine["may_rate"]) == ("民意〔2026〕1号", "received", SAID, "", False)
    await voters.rated(case, "satisfied", status=409)
    row = (await voters.case(case, STATION))["row"]
    assert "13900001111" not in row["title"]
    await duty.take("VerifyOpinion", STATION, case, verification="已电话核实，属实")
    await voters.assigned(case, STATION, deputy=uid(1))
    await voters.answered(case)
    assert (await voters.own(case))[0]["answer"] == "", "he is told what was checked"
    with pytest.raises(Refused, match="A deputy checks this one"):
        await duty.take("ConfirmOpinion", STATION, case)
    await duty.take("ConfirmOpinion", ONE, case, finding="现场看过")
    [mine] = await voters.own(case)
    assert (mine["state"], mine["answer"], mine["unit"], mine["may_rate"]) == ("told", "已更换水泵", "水务局", True)
    rating = str(uuid4())
    await voters.rated(case, "basically", id=rating, text="水大多了")
    await voters.rated(case, "basically", id=rating, text="水大多了")
    await voters.rated(case, "unsatisfied", status=409)
    shown = await voters.case(case)
    assert (shown["row"]["state"], shown["facts"]["rating"], shown["facts"]["word"], shown["facts"]["rated_by"]) == ("closed", "basically", "水大多了", "citizen")


async def test_the_same_id_is_the_same_opinion_and_what_is_wrong_is_refused(voters: OpinionStage):
    case = uuid4()
    for _ in range(2):
        assert await voters.said(id=str(case)) == case
    assert len(await voters.duty.see("cases", CLERK, stream="opinions")) == 1
    await voters.citizen.say("opinions", status=422, to="station:99", text=SAID)
    await voters.citizen.say("opinions", status=422, text=SAID, kind="moon")
    wrong: tuple[dict[str, Any], ...] = ({"text": "水"}, {"text": SAID, "phone": "call me"}, {"text": SAID, "to": "department:5"}, {"text": SAID, "state": "told"})
    for body in wrong:
        await voters.citizen.say("opinions", status=400, **body)
    await voters.rated(uuid4(), "satisfied", status=404)
    await voters.citizen.say(f"opinions/{case}/rating", status=400, rating="great")
    assert (await voters.own(uuid4())) == []


async def test_its_phone_is_seen_by_the_desk_and_the_department_alone(voters: OpinionStage):
    duty, phone = voters.duty, "13711112222"
    case = await voters.said(to=f"person:{uid(1)}", text="学校门口没有斑马线", phone=phone)
    assert phone not in str(await voters.case(case, ONE)) + str(await duty.see("case_trail", ONE, case=str(case)))
    assert phone not in str(await voters.case(case, CHAIRS))
    await voters.assigned(case)
    for inside in (CLERK, WATER):
        assert phone in str(await voters.case(case, inside))
        assert phone in str(await duty.see("case_trail", inside, case=str(case)))
    for stranger in (ROADS, TWO, OTHER_STATION):
        with pytest.raises(NotFound):
            await voters.case(case, stranger)
    async with duty.hub.db.read() as conn:
        sheets = [(await export_cases(conn, who, {"which": "opinions"}, "csv")).decode("utf-8-sig") for who in (CLERK, CHAIRS, ONE)]
        papers = [str((await paper(conn, OfCase(case), who, duty.clock.at)).__dict__) for who in (WATER, ONE)]
    assert [phone in sheet for sheet in sheets] == [True, False, False]
    assert [phone in one for one in papers] == [True, False]
    for who in (CLERK, ONE):
        assert phone not in str(await duty.see("cases", who, stream="opinions")) + str(await duty.see("case_notices", who))
    assert await duty.see("search", CLERK, q=phone) == []


async def test_each_desk_sorts_what_lies_in_its_place_and_moves_the_rest_on(voters: OpinionStage):
    duty = voters.duty
    case = await voters.said()
    assert [len(await duty.see("cases", desk, stream="opinions")) for desk in (STATION, OTHER_STATION, DISTRICT, CLERK)] == [1, 0, 0, 1]
    with pytest.raises(Refused, match="is here already"):
        await duty.take("MoveOpinion", STATION, case, station="station:1", reason="测试一下")
    await duty.take("MoveOpinion", STATION, case, district="district:2", reason="位于云溪区")
    assert [len(await duty.see("cases", desk, stream="opinions")) for desk in (STATION, OTHER_STATION, DISTRICT)] == [0, 0, 1]
    await duty.take("MoveOpinion", DISTRICT, case, reason="涉及全市管网")
    assert (await voters.case(case))["facts"]["scope"] == "city"

    again = await voters.said(text="小区停水已经三天，没有人来修")
    with pytest.raises(Refused, match="into itself"):
        await duty.take("MergeOpinion", CLERK, again, into=again)
    with pytest.raises(Refused, match="no such opinion"):
        await duty.take("MergeOpinion", STATION, again, into=case)
    await duty.take("MergeOpinion", CLERK, again, into=case)
    await voters.assigned(case)
    await voters.answered(case)
    await duty.take("ConfirmOpinion", CLERK, case)
    told = {row["id"]: (row["answer"], row["may_rate"]) for row in await voters.own(case, again)}
    assert told == {str(case): ("已更换水泵", True), str(again): ("已更换水泵", False)}

    async def related() -> bool:
        return [one["id"] for one in (await voters.case(again))["relations"]] == [str(case)]

    await duty.until(related)
    refused = await voters.said(text="我和邻居的案子法院判错了")
    await duty.take("RefuseOpinion", STATION, refused, topic="court", answer="请依法向上一级法院上诉。")
    assert [(row["state_zh"], row["answer"]) for row in await voters.own(refused)] == [("不属受理范围", "请依法向上一级法院上诉。")]


async def test_it_goes_back_from_the_unit_from_the_check_and_once_from_the_citizen(voters: OpinionStage):
    duty = voters.duty
    case = await voters.said()
    await voters.assigned(case, unit="department:6")
    await duty.take("ReturnOpinion", ROADS, case, reason="属水务局职责")
    with pytest.raises(NotFound):
        await voters.case(case, ROADS)
    await voters.assigned(case)
    await duty.take("AcceptOpinion", WATER, case)
    await duty.take("ExtendOpinion", WATER, case, reason="需要停水施工")
    with pytest.raises(Refused, match="put off once"):
        await duty.take("ExtendOpinion", WATER, case, reason="还要再等等")
    await duty.take("AnswerOpinion", WATER, case, answer="已修好")
    await duty.take("RejectOpinion", CLERK, case, reason="现场还是没有水")
    assert (await voters.case(case))["row"]["state"] == "handling"
    await duty.take("AnswerOpinion", WATER, case, answer="已换泵")
    await duty.take("ConfirmOpinion", CLERK, case)
    await voters.rated(case, "unsatisfied", text="还是没有水")
    shown = await voters.case(case)
    assert (shown["row"]["state"], shown["facts"]["reopened"], (await voters.own(case))[0]["answer"]) == ("received", True, "")
    await duty.take("AnswerOpinionNow", CLERK, case, kind="building", answer="管网改造已列入明年计划")
    await duty.take("RateOpinion", CLERK, case, rating="unsatisfied", word="电话里说等不了")
    shown = await voters.case(case)
    assert (shown["row"]["state"], shown["facts"]["rating"], shown["facts"]["rated_by"]) == ("closed", "unsatisfied", "desk")


async def test_what_a_deputy_hears_counts_once_and_becomes_a_draft(voters: OpinionStage):
    duty, case = voters.duty, uuid4()
    file = await duty.paper(ONE)
    await duty.take("RecordOpinion", ONE, case, came="visit", text="村里老人看病要坐一小时车", kind="health", place="上坪村", files=[file], name="李大爷")
    with pytest.raises(Refused, match="heard himself"):
        await duty.take("RecordOpinion", ONE, uuid4(), came="visit", text="替别人录的一条意见", deputy=uid(2))
    with pytest.raises(Refused, match="Choose reception"):
        await duty.take("RecordOpinion", ONE, uuid4(), came="scan", text="冒充群众自己提交")
    entered = uuid4()
    await duty.take("RecordOpinion", STATION, entered, came="reception", text="公交末班车太早", kind="traffic", deputy=uid(1))
    with pytest.raises(Forbidden):
        await duty.take("RecordOpinion", OTHER_STATION, uuid4(), came="phone", text="别的站的意见在这里录", station="station:1")
    await voters.assigned(case, kind="health")
    for unit in ("department:5", "department:6"):
        await voters.assigned(entered, unit=unit, kind="traffic")
    await duty.take("RaiseOpinion", ONE, case)
    with pytest.raises(Refused, match="draft suggestion already"):
        await duty.take("RaiseOpinion", ONE, case)

    async def done() -> bool:
        return bool((await voters.case(case, ONE))["relations"]) and len(await duty.see("cases", ONE, stream="duty_records")) == 2

    await duty.until(done)
    [draft] = await duty.see("cases", ONE, stream="proposals")
    [shown] = await duty.see("case", ONE, case=draft["id"])
    assert (shown["facts"]["situation"], [one["id"] for one in shown["files"]]) == ("群众反映：村里老人看病要坐一小时车（地点：上坪村）", [file])
    assert "李大爷" not in str(shown), "who said it stays behind"
    records = await duty.see("cases", ONE, stream="duty_records")
    assert {(one["kind"], one["title"]) for one in records} == {("visit", "民意：医疗卫生"), ("reception", "民意：交通出行")}


async def test_the_figures_are_those_of_the_raw_rows_and_the_journal_tells_the_same(voters: OpinionStage):
    duty = voters.duty
    said = [await voters.said(text=f"第{n}次反映小区停水的问题") for n in range(6)]
    for case, rating in zip(said, ("satisfied", "basically", "unsatisfied", ""), strict=False):
        await voters.assigned(case)
        await voters.answered(case)
        await duty.take("ConfirmOpinion", CLERK, case)
        await duty.take("RateOpinion", CLERK, case, rating=rating) if rating else None
    await duty.take("RefuseOpinion", CLERK, said[4], topic="petition", answer="请到信访局反映。")
    shares = {one["code"]: (one["n"], one["of"]) for one in (await voters.figures())["rates"]}
    assert shares == {"resolved_rated": (2, 3), "resolved_told": (2, 4), "handled": (5, 6), "overdue": (0, 3)}
    rows = await duty.see("opinion_rows", CLERK)
    assert sum(row["rating"] in ("satisfied", "basically") for row in rows) == 2
    assert sum(bool(row["answered"]) or row["state"] == "refused" for row in rows) == 5
    by_unit = {row["zh"]: (row["received"], row["told"]) for row in await duty.see("opinion_figures", CLERK, by="unit")}
    assert by_unit == {"水务局": (4, 4), "（未填）": (2, 0)}
    assert [row["key"] for row in await duty.see("opinion_figures", CLERK, by="month")] == ["2026-05"]
    [most] = await duty.see("opinion_frequent", CLERK)
    assert (most["what"], most["zh"], most["n"]) == ("kind", "城建环境", 6)
    assert [(await voters.figures(desk)).get("received") for desk in (STATION, OTHER_STATION)] == [6, None]

    duty.at(duty.clock.at + timedelta(days=20))

    async def closed() -> bool:
        return (await voters.own(said[3]))[0]["state"] == "closed"

    await duty.until(closed)
    figures = await voters.figures()
    assert (figures["overdue"], figures["open"]) == (2, 2)
    assert [row["id"] for row in await duty.see("opinion_rows", CLERK, overdue=True)] != []
    assert await rebuild(duty.hub.db, duty.hub.journal, keep=False) == {}


async def test_the_pages_of_figures_are_told_to_the_desks_over_the_place_and_to_no_other(voters: OpinionStage):
    case = await voters.said()
    for name in ("opinion_figures", "opinion_rows", "opinion_frequent"):
        view = voters.duty.hub.views.by_name[name]
        assert view.room
        assert view.reread
        async with voters.duty.hub.db.read() as conn:
            [change] = await view.reread(conn, [str(case)])
        assert [view.room(None, desk) in change.rooms for desk in (CLERK, STATION, OTHER_STATION)] == [True, True, False]


async def test_nobody_speaks_for_the_hub(voters: OpinionStage):
    case: UUID = await voters.said()
    for actor in (CLERK, ONE, WATER):
        with pytest.raises((Forbidden, NotFound, Conflict)):
            await voters.duty.take("TellOpinion", actor, uuid4(), text=SAID)
        with pytest.raises((Forbidden, NotFound, Conflict)):
            await voters.duty.take("CloseOpinion", actor, case)
