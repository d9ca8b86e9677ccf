"""The demo city has a year of cases behind it: told once, in all states, agreeing on every screen; and its clocks run on."""

from __future__ import annotations

import asyncio
import csv
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO

from hub.cases.calendars import published
from hub.cases.demo_load import Year, tell_year
from hub.cases.demo_town import Town
from hub.cases.rebuild import rebuild
from hub.kernel.actor import Role
from hub.record import load_sql
from hub.streams.duties.activities import ACTIVITIES
from hub.streams.legislation import demo as legislation
from hub.streams.proposals import demo_load as of_proposals
from hub.streams.proposals.demo import stories_of
from hub.streams.proposals.export import export_year
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.words import WORDS
from hub.year import tell_the_year
from tests.flows.proposals.stage import INTAKE, ProposalStage, official

LAW = official("law", Role.LEGISLATOR, "city")
DUTIES = load_sql("hub.streams.duties")
MAIN = {WORDS["role"][role][0] for role in ("lead", "separate")}
RARE = {"delegation", "secretariat", "presidium", "opinion", "agenda", "resolution"}
"""A motion stands in these for a day or two of a session."""


async def tell(stage: ProposalStage, **more: int) -> None:
    await tell_the_year(stage.hub.db, stage.hub.journal, stage.hub.settings.data / "files", stage.clock, stage.hub.teller.touch, gently=False, **more)


async def states(stage: ProposalStage, stream: str) -> set[str]:
    return set(await stage.value("select array_agg(distinct state) from cases.item where stream = $1", stream))


async def test_a_believable_year_is_told_once_however_often_it_is_begun(stage: ProposalStage):
    stage.on(date(2026, 11, 23))
    with suppress(TimeoutError):
        async with asyncio.timeout(1.5):
            await tell(stage, stories=24)
    stage.later(hours=1)
    await asyncio.gather(tell(stage, stories=24), tell(stage, stories=24))
    told = await stage.value("select count(*) from es.events where type = any($1::text[])", ["ProposalDrafted", "DutyCounted", "ProjectEntered"])
    await tell(stage, stories=24)

    assert await stage.value("select count(*) from es.events where type = any($1::text[])", ["ProposalDrafted", "DutyCounted", "ProjectEntered"]) == told
    assert await stage.value("select count(*) from (select from es.events group by stream, version having count(*) > 1) twice") == 0
    assert {state.name for state in PROPOSALS.states if not state.terminal} - RARE <= await states(stage, "proposals")
    assert {state.name for state in ACTIVITIES.states} == await states(stage, "activities")
    assert await stage.value("select count(*) from dispatch.broadcast") == 0
    assert await stage.value("select count(*) from cases.seen where until < $1", stage.clock.now() - timedelta(days=6)) > 440
    assert await stage.value(
        "select count(*) from cases.clock c where c.due >= '2026-11-23'"
        " and not exists(select from work.jobs j where j.kind = 'case.clock' and j.key = c.case_id || '/' || c.clock)") == 0
    await _figures_agree(stage)
    await _duties_agree(stage)
    await _legislation_stands(stage)


async def _figures_agree(stage: ProposalStage) -> None:
    """What the screen counts is what the export lists."""
    [figures] = await stage.see("proposal_figures")
    async with stage.hub.db.read() as conn:
        lines = [*csv.DictReader(StringIO((await export_year(conn, INTAKE, {}, "csv")).decode("utf-8-sig")))]
    assert len({line["编号"] for line in lines if line["编号"]}) == await stage.value("select count(*) from cases.item where stream = 'proposals' and number <> ''")
    assert figures["parts"] == sum(line["承办方式"] in MAIN for line in lines)
    assert 0.5 < figures["satisfied"] / figures["rated"] < 0.95
    assert figures["overdue"] < figures["parts"] / 3
    assert (await stage.see("proposal_commitments", open=True)) != []


async def _duties_agree(stage: ProposalStage) -> None:
    """Every believed sign-in has its record, and scores count no other."""
    counted = await stage.value("select count(*) from duties.taking where signed_in is not null and coalesce(judged, doubts = '{}')")
    assert await stage.value("select count(*) from duties.item where origin like 'activity:%'") == counted > 300
    scores = await stage.see("duty_scores", year=2026)
    records = await stage.value("select count(*) from duties.item where year = 2026 and counts")
    assert (len(scores), sum(item["records"] for row in scores for item in row["items"])) == (440, records)
    assert len([row for row in scores if row["total"] > 0]) > 400
    assert await stage.value(f"select count(*) from ({DUTIES['uncounted_proposals']}) left_over") == 0
    assert await stage.value("select count(distinct state) from duties.mandate") == 2
    days = await stage.value("select array_agg(distinct day) from duties.item where origin like 'activity:%' and kind <> 'session'")
    assert [day for day in days if not published().works(day)] == []


async def _legislation_stands(stage: ProposalStage) -> None:
    board = await stage.see("legislation_board", LAW)
    assert {row["kind"] for row in board} == {"enact", "revise", "amend", "repeal", "congress", "plan"}
    assert len({row["state"] for row in board}) > 9
    property_law = next(row for row in board if "物业" in row["title"])
    lines = await stage.see("draft_comparison", LAW, project=property_law["id"], old=2, new=3)
    assert {"same", "changed"} <= {line["change"] for line in lines}
    assert any(line["moved"] for line in lines)
    assert await stage.value("select count(*) from cases.file c left join files.file f on f.id = c.file where f.id is null") == 0
    [criticism] = [row for row in await stage.see("legislation_overdue", LAW) if row["sort"] == "criticism"]
    assert criticism["answered"] is not None


async def test_the_rows_of_a_told_year_are_those_that_the_journal_gives(stage: ProposalStage):
    stage.on(date(2027, 2, 3))

    def told(town: Town) -> list[tuple]:
        return [*(tuple(one.told) for one in stories_of(town, stories=3)), *legislation.year_of(town)[0]]

    year = Year(first=of_proposals.sessions, told=told, last=of_proposals.term_sits, mark=of_proposals.MARK,
                settled=(*of_proposals.SETTLED, *legislation.SETTLED))
    assert await tell_year(stage.hub.db, stage.hub.journal, year, stage.clock.now(), stage.hub.teller.touch, gently=False)
    assert await rebuild(stage.hub.db, stage.hub.journal, keep=False) == {}
