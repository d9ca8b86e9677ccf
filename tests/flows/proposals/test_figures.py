"""What is counted equals what it counts; many at once are all counted."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from datetime import date
from uuid import UUID, uuid4

import pytest

from hub.cases.rebuild import rebuild
from hub.kernel.errors import Conflict, Forbidden
from hub.streams.proposals.counted import COUNTED as FIGURES
from hub.streams.proposals.export import export_year
from hub.streams.proposals.messages import SaveYearReport, Stage
from tests.flows.proposals.stage import (
    EDUCATION,
    HOUSING,
    INTAKE,
    OFFICE,
    PROMISE,
    TEXT,
    VIEWER,
    ProposalStage,
    deputy,
    handler,
    head,
)

COUNTED = {
    "parts": lambda row: row["unit"] != "", "replied": lambda row: row["replied"], "on_time": lambda row: row["on_time"],
    "overdue": lambda row: row["overdue"], "class_a": lambda row: row["klass"] == "A", "class_b": lambda row: row["klass"] == "B",
    "rated": lambda row: row["rating"], "satisfied": lambda row: row["rating"] == "satisfied",
    "basically": lambda row: row["rating"] == "basically", "unsatisfied": lambda row: row["rating"] == "unsatisfied",
    "first_rated": lambda row: row["first_rating"], "first_satisfied": lambda row: row["first_rating"] == "satisfied",
    "first_unsatisfied": lambda row: row["first_rating"] == "unsatisfied", "promises": lambda row: row["promise"],
    "fulfilment_rated": lambda row: row["fulfilment"], "fulfilled": lambda row: row["fulfilment"] == "fulfilled",
}


async def a_small_year(stage: ProposalStage) -> None:
    """One of each kind of end, and some on the way."""
    await stage.submitted(deputy(1))
    refused = await stage.submitted(deputy(2))
    await stage.take("RefuseProposal", INTAKE, refused, refusal="tender", explanation="属招投标结果。")
    await stage.handled(deputy(3))
    satisfied, basically, tracked = await stage.replied(deputy(4)), await stage.replied(deputy(5)), await stage.replied(deputy(6), PROMISE)
    await stage.take("RateReply", deputy(4), satisfied, rating="satisfied")
    await stage.take("RateReply", deputy(5), basically, rating="unsatisfied", reason="没有说明")
    await stage.answer(basically)
    await stage.take("RateReply", deputy(5), basically, rating="basically")
    await stage.take("RateReply", deputy(6), tracked, rating="satisfied")
    await stage.take("ReportFulfilment", head(HOUSING), tracked, solved=True, text="二百台已完成")
    await stage.take("RateFulfilment", deputy(6), tracked, fulfilment="fulfilled")
    separate = await stage.accepted(deputy(7))
    await stage.take("AssignProposal", OFFICE, separate, units=[HOUSING, EDUCATION], mode="separate")
    await stage.take("SignForProposal", handler(EDUCATION), separate, handler="李工")
    secret = await stage.accepted(deputy(8), confidential=True)
    await stage.take("AssignProposal", OFFICE, secret, units=[EDUCATION])


async def test_figures_equal_the_rows_they_count_to_the_last_one_and_each_rate_names_what_it_is_a_share_of(stage: ProposalStage):
    await a_small_year(stage)
    rows = await stage.see("proposal_parts", year=2026, size=1000)
    assert [row["name"] for row in await stage.see("proposal_figures", by="topic_year")] == ["城建环保 2026年"]
    by_unit = {row["key"]: row for row in await stage.see("proposal_figures", year=2026, by="unit")}
    for unit, figures in by_unit.items():
        mine = [row for row in rows if row["unit"] == unit]
        assert {name: figures[name] for name in COUNTED} == {name: sum(1 for row in mine if holds(row)) for name, holds in COUNTED.items()}, unit
        assert figures["cases"] == len({row["case"] for row in mine})
    [whole] = await stage.see("proposal_figures", year=2026)
    assert {name: whole[name] for name in COUNTED} == {name: sum(one[name] for one in by_unit.values()) for name in COUNTED}
    assert whole["cases"] == len({row["case"] for row in rows}) == await stage.value(
        "select count(distinct stream)::int from es.events where type = 'ProposalSubmitted'")

    async with stage.hub.db.read() as conn:
        sheet = await export_year(conn, INTAKE, {"which": "2026"}, "csv")
    lines = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert len(lines) == len(rows)
    assert Counter(line["末次评价"] for line in lines if line["末次评价"]) == {"满意": whole["satisfied"], "基本满意": whole["basically"]}

    for by, row in [("all", whole), *(("unit", one) for one in by_unit.values()), *(("class", one) for one in await stage.see("proposal_figures", by="class"))]:
        listed = {name: len(await stage.see("proposal_parts", by=by, key=row["key"], counted=name)) for name in FIGURES}
        assert listed == {name: row[name] for name in FIGURES}, (by, row["key"])
    async with stage.hub.db.read() as conn:
        sheet = await export_year(conn, INTAKE, {"p": '{"year": 2026, "counted": "satisfied"}'}, "csv")
    assert len(sheet.decode("utf-8-sig").splitlines()) == 1 + whole["satisfied"]

    rates = {one["code"]: one for one in whole["rates"]}
    assert (rates["satisfied"]["n"], rates["satisfied"]["of"], rates["satisfied"]["of_zh"]) == (2, 3, "已评价件（末次评价）")
    assert [rates[code]["n"] for code in ("satisfied", "basically", "unsatisfied")] == [2, 1, 0]
    assert sum(rates[f"first_{code}"]["share"] for code in ("satisfied", "basically", "unsatisfied")) == pytest.approx(1)
    assert (rates["reply"]["n"], rates["reply"]["of"], rates["fulfilled"]["share"]) == (3, 7, 1.0)


async def test_the_public_counts_neither_what_is_confidential_nor_what_is_before_its_desk_and_reads_the_report_when_it_is_published(stage: ProposalStage):
    await a_small_year(stage)
    [inside], [outside] = await stage.see("proposal_figures", year=2026), await stage.see("proposal_figures", VIEWER, year=2026)
    assert (inside["cases"], outside["cases"]) == (8, 5)
    assert len(await stage.see("proposals_public", VIEWER)) == 5
    async with stage.hub.db.read() as conn:
        with pytest.raises(Forbidden):
            await export_year(conn, VIEWER, {}, "csv")

    for stage_of in Stage:
        await stage.hub.desk.ask(SaveYearReport(id=uuid4(), year=2026, text="二〇二六年代表建议办理情况的报告", stage=stage_of), INTAKE)
        if stage_of is Stage.DRAFTED:
            assert (await stage.see("proposal_year", VIEWER, year=2026))[0]["text"] == ""
    [shown] = await stage.see("proposal_year", VIEWER, year=2026)
    assert (shown["stage"], shown["published"]["cases"], len(shown["units"])) == ("published", 8, 2)
    await stage.submitted(deputy(11))
    assert (await stage.see("proposal_year", year=2026))[0]["published"]["cases"] == 8
    with pytest.raises(Conflict):
        await stage.hub.desk.ask(SaveYearReport(id=uuid4(), year=2026, text="改一改已经公布的报告", stage=Stage.PUBLISHED), INTAKE)
    assert await rebuild(stage.hub.db, stage.hub.journal, keep=False) == {}, "rows made anew from the journal are the same"


async def test_of_sixty_at_once_none_is_lost_and_numbers_follow_the_order(stage: ProposalStage):
    """In small; `scripts/bench deadline` hands in a thousand."""
    stage.on(date(2026, 3, 3))
    cases = [uuid4() for _ in range(60)]
    await asyncio.gather(*(stage.take("DraftProposal", deputy(n), case, **(TEXT | {"advice": f"第{n}条建议的具体内容。"}))
                           for n, case in enumerate(cases, 1)))
    for wave in range(3):
        await asyncio.gather(*(stage.take("SubmitProposal", deputy(n), cases[n - 1], one_matter=True)
                               for n in range(20 * wave + 1, 20 * wave + 21)))

    async with stage.hub.db.read() as conn:
        rows = await conn.fetch("select c.id, c.number from cases.item c join es.events e on e.stream = 'proposal-' || c.id"
                                " where e.type = 'ProposalSubmitted' order by e.pos")
    assert [row["number"] for row in rows] == [f"建议〔2026〕{n}号" for n in range(1, 61)]
    waves = [{UUID(str(row["id"])) for row in rows[start:start + 20]} for start in range(0, 60, 20)]
    assert waves == [set(cases[start:start + 20]) for start in range(0, 60, 20)]
