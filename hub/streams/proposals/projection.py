"""Rows that are counted, written in the transaction that records the events, from the case as it is then."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import load_case
from hub.cases.clocks import RECOUNT
from hub.kernel.calendar import begin_of, day_of
from hub.kernel.lifecycle import OVER, Case
from hub.kernel.messages import Recorded, kind_of
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from hub.streams.proposals.facts import INQUIRY, MOTION, Part, Proposal
from hub.streams.proposals.following import UNDECIDED
from hub.streams.proposals.messages import SessionSaved, TermChanged, YearReportSaved
from hub.streams.proposals.model import PROPOSALS

Q = load_sql(__package__)
FOLLOW, TERM, MOTIONS = "proposals.follow", "proposals.term", "proposals.motions"
GIVEN, ANSWERED = ("ProposalAssigned", "ProposalReassigned", "UnitReleased"), ("ProposalReplied", "ReplyShared", "InquiryAnswered", "InquiryAnswerRecorded")
"""Events that change whose part it is, and those that bring a letter."""
PREFIX = f"{PROPOSALS.noun}-"
TABLES = ("proposals.letter", "proposals.part", "proposals.item", "proposals.session", "proposals.term", "proposals.year_report")


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    """Events of one case that come together are one look at what it is then."""
    for stream, facts in groupby(recorded, key=lambda fact: fact.stream):
        if stream.startswith(PREFIX):
            await _case(conn, list(facts))
            continue
        for fact in facts:
            await _beside(conn, fact)
    return []


async def _beside(conn: Connection, fact: Recorded) -> None:
    match fact.event:
        case SessionSaved() as event:
            await conn.execute(Q["save_session"], event.session, event.name, event.term, event.first, event.last, event.motions_until)
            if event.motions_until > fact.at:
                await Jobs.put(conn, MOTIONS, str(event.session), event.motions_until, str(event.session))
            await Jobs.put(conn, RECOUNT, "all", fact.at, str(fact.id))
        case TermChanged() as event:
            await conn.execute(Q["save_term"], event.term, event.since, event.ends)
            await Jobs.put(conn, TERM, event.term, max(fact.at, begin_of(event.since)), event.term)
        case YearReportSaved() as event:
            await conn.execute(Q["save_year_report"], event.year, event.stage.value, event.text, msgspec.to_builtins(event.figures), fact.at,
                               fact.actor)


async def _case(conn: Connection, facts: Sequence[Recorded]) -> None:
    case = await load_case(conn, UUID(facts[0].stream.removeprefix(PREFIX)))
    if case is None:
        return
    kinds = {kind_of(fact.event) for fact in facts}
    await conn.execute(Q["save_item"], *item_of(case))
    if not kinds.isdisjoint(GIVEN):
        await conn.execute(Q["drop_parts"], case.id, list(case.facts.parts))
    if case.facts.parts:
        await conn.executemany(Q["save_part"], [(case.id, unit, *part_of(case, part)) for unit, part in case.facts.parts.items()])
    if not kinds.isdisjoint(ANSWERED):
        await conn.executemany(Q["save_letter"], [
            (case.id, one.unit, one.round, one.number, one.klass, one.text, one.public) for one in case.facts.letters])
    if any(asks_of_others(case, kind) for kind in kinds):
        await Jobs.put(conn, FOLLOW, str(case.id), facts[-1].at, str(case.id))


def asks_of_others(case: Case, event: str) -> bool:
    facts: Proposal = case.facts
    undecided = (facts.kind == MOTION and case.state in UNDECIDED) or (facts.kind == INQUIRY and case.state == "questioned")
    return bool(facts.merged) or case.state == "merged" or (event in {"CosignerLeft", "LeadPassedOn"} and undecided)


def item_of(case: Case) -> tuple[Any, ...]:
    """A row of `proposals.item`, in the order of its columns."""
    facts: Proposal = case.facts
    terminal = PROPOSALS.state(case.state).terminal
    return (
        case.id, facts.year, facts.term, facts.session, facts.kind, facts.topic, facts.delegation, next(iter(case.parties.get("lead", ())), ""),
        len(case.parties.get("cosigner", ())), case.state, facts.key is not None, facts.refusal, facts.into,
        facts.urgings, len(facts.contacts), max((one.ratio for one in facts.similar), default=0.0), facts.submitted_on, facts.accepted_on,
        facts.assigned_on, day_of(case.since) if terminal else None)


def part_of(case: Case, part: Part) -> tuple[Any, ...]:
    """A row of `proposals.part` after case and unit. What is due and overdue is the case's clock."""
    first, last = next(iter(part.replies), None), part.last
    running = case.clocks.get("reply") if part.main else case.clocks.get("assist")
    report = part.reports[-1] if part.reports else None
    late = bool(first and not first.on_time) or bool(running and first is None and OVER in running.struck)
    return (
        part.role, part.assigned, part.signed, part.opinion_on, len(part.replies), first.due if first else running.due if running else None,
        first.on if first else None, first.on_time if first else None, late, last.klass if last else "", first.rating if first else "",
        last.rating if last else "", last.promise if last else "", last.solve_by if last else None, report.on if report else None,
        report.solved if report else None, report.rating if report else "")
