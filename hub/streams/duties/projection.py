"""Rows of duties, written in the transaction that records the events; places in an activity are given here, in the journal's order."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import load_case
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from hub.streams.duties import messages as m
from hub.streams.duties.activities import ACTIVITIES, remind_at
from hub.streams.duties.appeals import APPEALS, Appeal
from hub.streams.duties.mandates import MANDATES, Mandate, missed
from hub.streams.duties.records import RECORDS, Record
from hub.streams.duties.scoring_messages import DutyYearFrozen, ScoreRated

Q = load_sql(__package__)
COUNT, MOVED_UP, FREEZE, REMIND, WARN, TALK = "duties.count", "duties.moved_up", "duties.freeze", "duties.remind", "duties.warn", "duties.talk"
REFUSED, REGISTER = "duties.refused", "duties.register"
TAKINGS, SCORES, DUTIES = "activity_takings", "duty_scores", "my_activities"
ACTIVITY_TABLES = ("duties.taking", "duties.activity_key")
FOLLOWED = ("ActivityPublished", "ActivityHeld", "ActivityCancelled")
IN_THE_DIRECTORY = ("DeputyMoved", "DeputyCorrected")
"""After these the directory is to say what the register says."""
RECORD_TABLES = ("duties.item", "duties.frozen_year", "duties.rating")
MANDATE_TABLES = ("duties.mandate",)
APPEAL_TABLES = ("duties.appeal",)


async def project_activities(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        kept = WRITES.get(type(fact.event))
        if kept:
            await kept(conn, fact, fact.event)
            touched.append((TAKINGS, f"{fact.event.activity}/{fact.event.person}"))
            await _follow(conn, fact, fact.event.activity)
        elif type(fact.event).__name__ in FOLLOWED:
            activity = UUID(fact.stream.removeprefix(f"{ACTIVITIES.noun}-"))
            if type(fact.event).__name__ == "ActivityPublished":
                await _published(conn, fact, activity)
            await _follow(conn, fact, activity)
    return touched


async def _published(conn: Connection, fact: Recorded, activity: UUID) -> None:
    await conn.execute(Q["save_key"], activity, hashlib.sha256(fact.cmd.bytes + fact.id.bytes).digest())
    case = await load_case(conn, activity)
    due = remind_at(case.facts) if case else None
    if due and due > fact.at:
        await Jobs.put(conn, REMIND, str(activity), due, [str(activity), due.isoformat()])


async def _follow(conn: Connection, fact: Recorded, activity: UUID) -> None:
    """Its group of who takes part."""
    await Jobs.put(conn, TALK, str(activity), fact.at, [str(activity)])


async def _joined(conn: Connection, fact: Recorded, event: m.ActivityJoined) -> None:
    await conn.execute(Q["joined"], event.activity, event.person, fact.version, fact.pos)


async def _left(conn: Connection, fact: Recorded, event: m.ActivityLeft | m.ActivityLeaveAsked | m.RegistrationRefused) -> None:
    before = await conn.fetchval(Q["place"], event.activity, event.person)
    leave = event.reason if isinstance(event, m.ActivityLeaveAsked) else ""
    refused = event.reason if isinstance(event, m.RegistrationRefused) else ""
    await conn.execute(Q["left"], event.activity, event.person, fact.version, leave, refused)
    if refused:
        await Jobs.put(conn, REFUSED, str(fact.id), fact.at, [str(event.activity), event.person, refused, str(fact.id)])
    case = await load_case(conn, event.activity)
    quota = case.facts.quota if case else 0
    lucky = await conn.fetchval(Q["moved_up"], event.activity, quota) if quota and before <= quota else None
    if lucky:
        await Jobs.put(conn, MOVED_UP, str(fact.id), fact.at, [str(event.activity), lucky, str(fact.id)])


async def _signed_in(conn: Connection, fact: Recorded, event: m.ActivitySignedIn) -> None:
    await conn.execute(Q["signed_in"], event.activity, event.person, fact.version, event.at, event.way.value, event.lon, event.lat, event.device,
                       list(event.doubts), fact.pos)
    if not event.doubts:
        await _to_count(conn, fact, event.activity, event.person)


async def _signed_out(conn: Connection, fact: Recorded, event: m.ActivitySignedOut) -> None:
    await conn.execute(Q["signed_out"], event.activity, event.person, fact.version, fact.at)


async def _answered(conn: Connection, fact: Recorded, event: m.ActivityAnswered) -> None:
    await conn.execute(Q["answered"], event.activity, event.person, fact.version, list(event.answers))


async def _judged(conn: Connection, fact: Recorded, event: m.SignInJudged) -> None:
    await conn.execute(Q["judged"], event.activity, event.person, fact.version, event.valid, event.note)
    await _to_count(conn, fact, event.activity, event.person)


async def _to_count(conn: Connection, fact: Recorded, activity: UUID, person: str) -> None:
    await Jobs.put(conn, COUNT, f"{activity}/{person}", fact.at, [str(activity), person])


WRITES: dict[type[Any], Callable[[Connection, Recorded, Any], Awaitable[None]]] = {
    m.ActivityJoined: _joined, m.ActivityLeft: _left, m.ActivityLeaveAsked: _left, m.RegistrationRefused: _left, m.ActivitySignedIn: _signed_in,
    m.ActivitySignedOut: _signed_out, m.ActivityAnswered: _answered, m.SignInJudged: _judged,
}


async def project_records(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        match fact.event:
            case DutyYearFrozen() as event:
                await conn.execute(Q["freeze_year"], event.year, fact.at)
                await Jobs.put(conn, FREEZE, str(event.year), fact.at, event.year)
            case ScoreRated() as event:
                await conn.execute(Q["save_rating"], event.year, event.person, event.rater.value, msgspec.to_builtins(event.points), fact.actor, fact.at)
                touched.append((SCORES, event.person))
            case _ if fact.stream.startswith(f"{RECORDS.noun}-"):
                touched += await _item(conn, UUID(fact.stream.removeprefix(f"{RECORDS.noun}-")))
    return touched


async def _item(conn: Connection, record: UUID) -> list[Touched]:
    case = await load_case(conn, record)
    if case is None or not isinstance(case.facts, Record):
        return []
    facts = case.facts
    [person] = case.parties["lead"]
    await conn.execute(Q["save_item"], case.id, person, facts.kind, facts.on, facts.year, facts.hours, facts.origin, case.state, facts.title)
    return [(SCORES, person)]


async def project_mandates(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    for fact in recorded:
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{MANDATES.noun}-")))
        if case is not None and isinstance(case.facts, Mandate):
            await conn.execute(Q["save_mandate"], case.id, f"person:{case.facts.person}", case.facts.term, case.facts.delegation, case.state, missed(case))
            if type(fact.event).__name__ == "AbsenceRecorded" and not fact.event.form.approved:
                await Jobs.put(conn, WARN, str(fact.id), fact.at, [str(case.id), missed(case)])
            if type(fact.event).__name__ in IN_THE_DIRECTORY:
                await Jobs.put(conn, REGISTER, str(case.id), fact.at, str(case.id))
    return []


async def project_appeals(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{APPEALS.noun}-")))
        if case is not None and isinstance(case.facts, Appeal):
            [person] = case.parties["lead"]
            await conn.execute(Q["save_appeal"], case.id, case.facts.year, person, case.state, case.facts.points)
            touched.append((SCORES, person))
    return touched
