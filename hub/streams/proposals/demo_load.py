"""Writes the demo city's year into the journal: rows as if it had happened, nothing sent for what is past."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from hub.cases import case_and_stream, shapes_of
from hub.cases.calendars import calendar_of
from hub.cases.clocks import put_clocks
from hub.cases.projection import project_cases
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import day_of
from hub.kernel.ids import derived, uuid7
from hub.kernel.messages import Event, Recorded, kind_of
from hub.record import Append, Connection, Database, Entry, Journal, NewEvent, Row, load_sql
from hub.spoke import Touched
from hub.streams.proposals.demo import STORIES, sessions_around, year_of
from hub.streams.proposals.demo_story import COMMITTEE, INTAKE, Told, Town
from hub.streams.proposals.messages import SessionSaved, TermChanged
from hub.streams.proposals.seen import Deputy, Seen

Q = load_sql(__package__)
ANY = -1
AT_ONCE = 64


async def load_demo_proposals(db: Database, journal: Journal, at: datetime, stories: int = STORIES) -> list[UUID]:
    """Its cases; none where the year was told before, others' cases stand already, or the city is not the demo's. What was
    begun and not ended is told on as of the day on which it was begun."""
    async with db.read() as conn:
        begun = await conn.fetchrow(Q["demo_begun"], [f"congress-{one.id}" for one in sessions_around(day_of(at))])
        if begun is None or not begun["may"]:
            return []
        at = begun["since"] or at
        town = await _town(conn, at)
    for several in together((*_sessions(at), *year_of(town, stories), _ended(at, town))):
        await asyncio.gather(*(_append(journal, told) for told in several))
    async with db.transaction() as conn:
        cases = [row["id"] for row in await conn.fetch("select id from cases.item where stream = 'proposals'")]
        for case in cases:
            await _set_clocks(conn, case)
    return cases


def _ended(at: datetime, town: Town) -> Told:
    """The term that sits; recorded last, it says that all was told."""
    return Told(at=at, stream="congress-terms", expected=ANY, by=INTAKE.id, event=TermChanged(term=town.seen.term, since=date(2022, 1, 18)))


def together(year: Sequence[Told]) -> Iterator[list[Told]]:
    """Runs of events of different cases: written at once, they still stand in their order."""
    run: list[Told] = []
    for told in year:
        if len(run) == AT_ONCE or any(told.stream == one.stream for one in run):
            yield run
            run = []
        run.append(told)
    if run:
        yield run


async def _town(conn: Connection, at: datetime) -> Town:
    deputies = [Deputy(**dict(row)) for row in await conn.fetch(Q["all_deputies"])]
    units = {row["id"]: row["name"] for row in await conn.fetch(Q["units"])}
    workers = await conn.fetch(Q["workers"])
    return Town(
        seen=Seen(deputies={one.ref: one for one in deputies}, units=units, sessions=sessions_around(day_of(at)), in_office=len(deputies),
                  term=await conn.fetchval(Q["term"]) or ""),
        deputies=tuple(Actor(id=one.ref, name=one.name, roles=(Role.DEPUTY,), scopes=(one.ref,)) for one in deputies),
        handlers=_at_work(workers, "handler", Role.HANDLER), heads=_at_work(workers, "attendee", Role.HEAD),
        calendar=await calendar_of(conn), now=at)


def _at_work(workers: Sequence[Any], kind: str, role: Role) -> dict[str, Actor]:
    """The first of each unit."""
    return {row["org"]: Actor(id=row["ref"], name=row["name"], roles=(role,), scopes=(row["org"],)) for row in reversed(workers) if row["kind"] == kind}


def _sessions(at: datetime) -> list[Told]:
    return [
        Told(at=at, stream=f"congress-{one.id}", expected=ANY, by=COMMITTEE.id, event=SessionSaved(
            session=UUID(one.id), name=one.name, term=one.term, first=one.first, last=one.last, motions_until=one.motions_until))
        for one in sessions_around(day_of(at))]


async def _append(journal: Journal, told: Told) -> None:
    codec, event = shapes_of("proposals").codec, told.event

    async def rows_too(conn: Connection, rows: Sequence[Row]) -> list[Touched]:
        return await project_cases(conn, [_recorded(row, event) for row in rows], live=False)

    await journal.append(Append(
        cmd=derived("demo proposals", told.stream, told.expected, told.at.isoformat()), body=hashlib.sha256(b"demo year").digest(), actor=told.by, at=told.at,
        entries=(Entry(told.stream, told.expected, (NewEvent(kind_of(event), event.schema_version, uuid7(told.at), codec.encode(event)),)),),
        project=rows_too))


def _recorded(row: Row, event: Event) -> Recorded:
    return Recorded(row.pos, row.stream, row.version, row.at, row.id, row.cmd, row.actor, event)


async def _set_clocks(conn: Connection, case: UUID) -> None:
    """From now on they strike by themselves."""
    found = await case_and_stream(conn, case)
    if found and found[0].clocks:
        await put_clocks(conn, found[1], found[0], list(found[0].clocks))
