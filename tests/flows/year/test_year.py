"""The demo city has a year of cases behind it: told once, in all states, agreeing on every screen; and its clocks run on."""

from __future__ import annotations

import asyncio
import csv
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO

from hub.cases.calendars import published
from hub.cases.demo_load import Year, tell_year
from hub.cases.demo_subscribed import subscribed
from hub.cases.demo_town import Town
from hub.cases.rebuild import rebuild
from hub.gateway.archive import sha256_of
from hub.kernel.actor import Role
from hub.record import load_sql
from hub.streams.duties import demo_appeals, demo_topics
from hub.streams.duties.activities import ACTIVITIES
from hub.streams.duties.booking import TOPICS_OPEN
from hub.streams.duties.demo_wishes import wishes
from hub.streams.duties.topics import TOPICS
from hub.streams.legislation import demo as legislation
from hub.streams.legislation.demo_filings import filings_of
from hub.streams.opinions import demo as opinions
from hub.streams.opinions.model import OPINIONS
from hub.streams.proposals import demo_load as of_proposals
from hub.streams.proposals.demo import stories_of
from hub.streams.proposals.export import export_year
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.words import WORDS
from hub.streams.snapshots import demo as snapshots
from hub.streams.snapshots.model import SNAPSHOTS
from hub.year import tell_the_year
from tests.flows.proposals.stage import INTAKE, ProposalStage, official

LAW = official("law", Role.LEGISLATOR, "city")
DUTIES = load_sql("hub.streams.duties")
MAIN = {WORDS["role"][role][0] for role in ("lead", "separate")}
RARE = {"delegation", "secretariat", "presidium", "opinion", "agenda", "resolution", "questioned", "answering", "answered", "reanswer"}
"""A motion or an inquiry stands in these for a day or two of a session."""


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
    await _snapshots_agree(stage)
    await _opinions_agree(stage)
    await _topics_and_appeals_stand(stage)
    await _files_are_what_they_say(stage)


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


async def _snapshots_agree(stage: ProposalStage) -> None:
    """In every state, the promised shares kept, each one that was taken up counted once and named by its kind alone."""
    assert await states(stage, SNAPSHOTS.name) == {state.name for state in SNAPSHOTS.states}
    [figures] = await stage.see("snapshot_figures")
    assert figures["announced"] == figures["underway"] + figures["dropped"] + figures["ended"] > 100
    assert [one["code"] for one in figures["rates"] if one["share"] < one["target"]] == []
    rows = await stage.see("snapshot_sendings", size=500)
    assert len([row for row in rows if row["attempts"] > 1]) > 5
    assert len([row for row in rows if not row["online"]]) > 5
    taken_up = await stage.value("select count(distinct stream) from es.events where type in ('SnapshotPassedOn', 'SnapshotAnswered')")
    assert await stage.value("select count(*) from duties.item where origin like 'snapshot:%'") == taken_up > 70
    assert await stage.value("select count(*) from duties.item where origin like 'snapshot:%' and title not like '随手拍：____'") == 0
    assert await stage.value("select count(*) from cases.item where stream = 'snapshots' and owes <> '{}'") > 1


async def _opinions_agree(stage: ProposalStage) -> None:
    """In every state, mostly handled and mostly to people's content; what deputies heard counts once, by its kind alone."""
    assert await states(stage, OPINIONS.name) == {state.name for state in OPINIONS.states}
    [figures] = await stage.see("opinion_figures")
    assert figures["received"] == figures["handled"] + await stage.value("select count(*) from opinions.item where answered is null and ended is null") == 60
    shares = {one["code"]: one["share"] for one in figures["rates"] if one["target"]}
    assert [code for code, share in shares.items() if share < 0.8] == []
    assert (figures["unsatisfied"] > 0, figures["again"] > 2, figures["overdue"] > 0) == (True, True, True)
    assert await stage.value("select count(*) from duties.item where origin like 'opinion:%' and title like '民意：%'") > 10
    assert await stage.value("select count(distinct what) from (select came as what from opinions.item) told") == 6


async def _topics_and_appeals_stand(stage: ProposalStage) -> None:
    assert await states(stage, TOPICS.name) == {state.name for state in TOPICS.states}
    assert await states(stage, "score_appeals") == {"submitted", "changed", "kept", "withdrawn"}
    assert await states(stage, "law_filings") == {"filed", "revoked", "corrected", "asked", "review", "returned", "sent"}
    offered = await stage.see("year_topics", year=2026)
    assert len([row for row in offered if row["state"] == "open" and row["booked"]]) == 3
    assert await stage.value("select max(n) from (select count(*) as n from duties.booking group by year, person) held") <= 3
    to_confirm = next(row for row in offered if row["state"] == "closed")
    proposed = [row for row in await stage.see("topic_bookings", topic=to_confirm["id"]) if row["proposed"]]
    assert len(proposed) == to_confirm["quota"] < to_confirm["booked"]
    chosen = await stage.value("select count(*) from duties.booking where chosen")
    assert chosen == sum(row["quota"] for row in offered if row["state"] in {"confirmed", "finished"})
    assert await stage.value("select count(*) from cases.subscription") == 17
    assert await stage.value("select count(distinct subscription) from cases.subscription_hit") > 10
    assert await stage.value("select count(*) from cases.notice where zh like '您订阅的%'") == await stage.value("select count(*) from cases.subscription_hit")


async def _files_are_what_they_say(stage: ProposalStage) -> None:
    folder = stage.hub.settings.data / "files"
    async with stage.hub.db.read() as conn:
        kept = {row["sum"] for row in await conn.fetch("select distinct encode(sha256, 'hex') as sum from files.file")}
    assert len(kept) > 20
    assert {one for one in kept if sha256_of(folder / one) != one} == set()


async def test_the_rows_of_a_told_year_are_those_that_the_journal_gives(stage: ProposalStage):
    stage.on(date(2027, 2, 3))

    def told(town: Town) -> list[tuple]:
        bookings, topics = demo_topics.year_of(town, town.residents)
        cases = [*(tuple(one.told) for one in stories_of(town, stories=3)), *legislation.year_of(town)[0], *filings_of(town)[0], *topics,
                 *snapshots.streams(snapshots.year_of(town, town.residents)), *opinions.streams(opinions.year_of(town, town.residents)), *demo_appeals.year_of(town, town.residents)]
        saved, alerts = subscribed(wishes(town, town.residents), cases, town.now)
        return [*bookings, *saved, *cases, *alerts]

    def told_alike(town: Town) -> list[tuple]:
        first, second = told(town), told(town)
        assert first == second, "the same day gives the same year"
        return first

    year = Year(first=of_proposals.sessions, told=told_alike, last=of_proposals.term_sits, mark=of_proposals.MARK,
                settled=(*of_proposals.SETTLED, *legislation.SETTLED, *snapshots.SETTLED, *opinions.SETTLED, TOPICS_OPEN))
    assert await tell_year(stage.hub.db, stage.hub.journal, year, stage.clock.now(), stage.hub.teller.touch, gently=False)
    assert await rebuild(stage.hub.db, stage.hub.journal, keep=False) == {}
