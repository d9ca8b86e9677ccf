"""The demo city has a year of suggestions and motions behind it, and its clocks run on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import date

from hub.record import Database, Journal
from hub.streams.proposals.demo_load import load_demo_proposals
from hub.streams.proposals.model import PROPOSALS
from tests.flows.proposals.stage import COMMITTEE, ProposalStage


async def test_a_believable_year_stands_in_all_states_and_its_clocks_run_on(stage: ProposalStage):
    stage.on(date(2026, 11, 23))
    db: Database = stage.hub.db
    journal: Journal = stage.hub.journal
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            await load_demo_proposals(db, journal, stage.clock.now(), stories=24)
    stage.later(hours=1)

    told = await load_demo_proposals(db, journal, stage.clock.now(), stories=24)
    assert len(told) > 45
    assert await load_demo_proposals(db, journal, stage.clock.now()) == []
    assert await stage.value("select count(*) from es.events where type = 'ProposalDrafted'") == len(told)

    states = set(await stage.value("select array_agg(distinct state) from cases.item"))
    waiting = {state.name for state in PROPOSALS.states if not state.terminal} - {"delegation", "secretariat", "presidium", "opinion", "agenda", "resolution"}
    assert waiting - states == set()
    [figures] = await stage.see("proposal_figures")
    assert figures["motions"] >= 1
    assert 0.5 < figures["satisfied"] / figures["rated"] < 0.95
    assert figures["overdue"] < figures["parts"] / 3
    assert (await stage.see("proposal_commitments", open=True)) != []
    assert len(await stage.see("proposal_sessions", COMMITTEE)) == 3
    assert await stage.value(
        "select count(*) from cases.clock c where c.due >= '2026-11-23'"
        " and not exists(select from work.jobs j where j.kind = 'case.clock' and j.key = c.case_id || '/' || c.clock)") == 0
