"""Writes the rows of a case in the transaction that records its events. Replaying the journal writes the same rows:
what a row holds comes from the events alone, never from the clock, the directory or the rules of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.clocks import RECOUNT, drop_clock, put_clocks, put_then
from hub.cases.found import KIND, document_of, is_document
from hub.cases.messages import CalendarDaysSaved, CasesRelated, RulesSaved
from hub.cases.notices import NOTICES, keep, notices_of
from hub.cases.shapes import LIVES, Shapes, files_of, whose
from hub.cases.subscribing import rows as subscriptions
from hub.cases.subscribing.matching import audience
from hub.cases.subscribing.messages import (
    SubscriptionEnded,
    SubscriptionSaved,
    SubscriptionsMatched,
)
from hub.cases.subscribing.works import match_later
from hub.cases.told import CaseTold, project_told
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import OVER, Case, CaseClockStruck, CaseEvent, is_open, path_of, waits_for
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.search import Document, forget, index
from hub.spoke import Project, Touched

Q = load_sql(__package__)

CASES, VERSIONS, WAITING, RULES, CALENDAR = "cases", "case_version", "case_waiting", "case_rules", "case_calendar"
LEAD, UNIT = "lead", "lead_unit"
"""Relations that a list shows by name."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What stood before the event beside the case itself."""

    case: Case | None
    number: str = ""
    year: int = 0
    was: tuple[str, ...] = ()


async def project_cases(conn: Connection, recorded: Sequence[Recorded], *, live: bool = True) -> list[Touched]:
    """Not `live`: the past is written anew, which wakes nobody and sends nothing."""
    touched: list[Touched] = []
    for fact in recorded:
        found = whose(fact.stream)
        if found:
            touched += await _one(conn, *found, fact, live)
        project = found[0].project if found else own_project(fact)
        if project:
            touched += await _own_rows(conn, project, fact, live)
    return touched


async def _own_rows(conn: Connection, project: Project, fact: Recorded, live: bool) -> Sequence[Touched]:
    """A stream's own projection does not know whether the past is written anew: what it wants done was done then."""
    if live:
        return await project(conn, [fact])
    with Jobs.quiet(conn):
        return await project(conn, [fact])


def own_project(fact: Recorded) -> Project | None:
    return next((shapes.project for shapes in LIVES.values() if type(fact.event) in shapes.own_events), None)


async def _one(conn: Connection, shapes: Shapes, case_id: UUID, fact: Recorded, live: bool) -> list[Touched]:
    kept = await _kept(conn, shapes, case_id)
    case = shapes.after(kept.case, case_id, fact)
    if case is None:
        return []
    number, year = await numbered(conn, shapes, kept, fact)
    await _save(conn, shapes, case, Kept(case=kept.case, number=number, year=year, was=kept.was), fact.at)
    document = document_of(shapes, case)
    await (index(conn, document) if is_document(shapes, case) else forget(conn, KIND, case_id))
    await _keep_clocks(conn, shapes, kept.case, case, live)
    if isinstance(fact.event, CaseEvent):
        await _keep_files(conn, case_id, fact)
        if live:
            await _held_against_subscriptions(conn, shapes, kept.case, document, fact)
    told = notices_of(shapes, kept.case, case, fact)
    await keep(conn, told, fact, live)
    if live and isinstance(fact.event, CaseClockStruck) and fact.event.strike == OVER:
        await put_then(conn, shapes, case, fact)
    key = str(case_id)
    shown = [row["id"] for row in await conn.fetch(Q["notices_of_case"], case_id)] if case.facts.confidential else [notice.id for notice in told]
    return [(CASES, key), (VERSIONS, key), (WAITING, key), *((NOTICES, str(notice)) for notice in shown)]


async def _kept(conn: Connection, shapes: Shapes, case_id: UUID) -> Kept:
    row = await conn.fetchrow(Q["kept"], case_id)
    if row is None:
        return Kept(case=None)
    return Kept(case=shapes.loaded(row["body"], row["version"]), number=row["number"], year=row["year"], was=tuple(row["was"]))


async def numbered(conn: Connection, shapes: Shapes, kept: Kept, fact: Recorded) -> tuple[str, int]:
    """Numbers follow the order of the journal, so that replaying gives the same."""
    year = kept.year or day_of(fact.at).year
    if not isinstance(fact.event, CaseEvent):
        return kept.number, year
    series = shapes.life.step_of(type(fact.event).__name__).numbered
    if not series or kept.number.startswith(f"{series}〔"):
        return kept.number, year
    year = day_of(fact.at).year
    last = await conn.fetchval(Q["count_on"], series, year)
    return f"{series}〔{year}〕{last}号", year


async def _save(conn: Connection, shapes: Shapes, case: Case, kept: Kept, at: datetime) -> None:
    await conn.execute(Q["save_case"], *row_of(shapes, case, kept, at))


def row_of(shapes: Shapes, case: Case, kept: Kept, at: datetime) -> tuple[Any, ...]:
    """Of `cases.item`, in the order of its columns."""
    life, facts = shapes.life, case.facts
    refs, turn = seats_of(shapes, case)
    first = min(((running.due, clock) for clock, running in case.clocks.items()), default=(None, None))
    return (
        case.id, life.name, case.version, msgspec.json.encode(case, order="sorted"), kept.number, kept.year, facts.title, facts.kind,
        facts.topic, case.state, life.state(case.state).terminal, is_open(life, case), life.state(case.state).private, facts.confidential, list(path_of(facts.scope)),
        list(refs), list(dict.fromkeys((*kept.was, *refs, *turn))), list(turn), list(_owing(shapes, case)),
        next(iter(case.parties.get(LEAD, ())), None), list(case.parties.get(UNIT, ())), case.opened, case.since, at, *first)


def seats_of(shapes: Shapes, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(its parties, whose turn it is)."""
    turn = () if shapes.life.state(case.state).terminal else waits_for(shapes.life, case)
    return tuple(dict.fromkeys(ref for held in case.parties.values() for ref in held)), turn


def _owing(shapes: Shapes, case: Case) -> tuple[str, ...]:
    owners = (owner for clock in case.owed for owner in shapes.life.deadline(clock).owner)
    return tuple(dict.fromkeys(ref for owner in owners for ref in case.parties.get(owner, (owner,))))


async def _keep_clocks(conn: Connection, shapes: Shapes, before: Case | None, case: Case, live: bool) -> None:
    known, changed = before.clocks if before else {}, list[str]()
    for clock in known.keys() - case.clocks.keys():
        await conn.execute(Q["drop_clock"], case.id, clock)
        if live:
            await drop_clock(conn, case.id, clock)
    for clock, running in sorted(case.clocks.items()):
        if known.get(clock) != running:
            changed.append(clock)
            await conn.execute(Q["save_clock"], case.id, clock, running.started, running.due, running.extended, list(running.struck))
    if live and changed:
        await put_clocks(conn, shapes, case, changed)


async def _keep_files(conn: Connection, case_id: UUID, fact: Recorded) -> None:
    for file in files_of(fact.event.form):
        await conn.execute(Q["add_file"], case_id, file, fact.version, fact.at, fact.actor)


async def _held_against_subscriptions(conn: Connection, shapes: Shapes, before: Case | None, document: Document, fact: Recorded) -> None:
    """Where more people may see it than before."""
    known = audience(document_of(shapes, before)) if before else frozenset[str]()
    if audience(document) - known:
        await match_later(conn, fact.id, document.id, known, fact.at)


# --- what is not of one case ----------------------------------------------------------------------


async def project_shared(conn: Connection, recorded: Sequence[Recorded], *, live: bool = True) -> list[Touched]:
    """Relations, rule sets, the calendar, subscriptions; and what the hub's own steps did to cases."""
    touched: list[Touched] = []
    for fact in recorded:
        match fact.event:
            case CasesRelated() as event:
                await conn.execute(Q["relate"], event.case, event.other, event.kind, fact.actor, fact.at)
                touched += [(view, str(one)) for one in (event.case, event.other) for view in (CASES, VERSIONS)]
            case RulesSaved() as event:
                await conn.execute(Q["add_rules"], event.stream, event.version, event.valid_from, event.rules, event.note, fact.actor,
                                   event.by_name, fact.at)
                touched.append((RULES, f"{event.stream}/{event.version}"))
            case CalendarDaysSaved() as event:
                touched += await _calendar(conn, event)
                if live:
                    await Jobs.put(conn, RECOUNT, "all", fact.at, str(fact.id))
            case CaseTold() as event:
                touched += await project_told(conn, fact, event, live)
            case SubscriptionSaved() | SubscriptionEnded() | SubscriptionsMatched():
                touched += await subscriptions.project(conn, fact, live)
            case _:
                touched += await project_cases(conn, [fact], live=live)
    return touched


async def _calendar(conn: Connection, event: CalendarDaysSaved) -> list[Touched]:
    if event.year is not None:
        await conn.execute(Q["clear_year"], event.year)
    await conn.executemany(Q["save_day"], [(one.day, one.works, one.name) for one in event.days])
    return [(CALENDAR, str(one.day)) for one in event.days]
