"""A clock of a case is one durable job, put anew at each strike: what was missed is told in order, once each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.cases.calendars import calendar_of
from hub.cases.deciding import case_and_stream, no_case
from hub.cases.messages import AnswerCaseNote, RecountClock, StepTaken, StrikeClock
from hub.cases.rules import rules_for, versions_of
from hub.cases.shapes import Shapes
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.calendar import Calendar, day_of
from hub.kernel.errors import Conflict, Forbidden, Malformed
from hub.kernel.lifecycle import (
    DESK,
    OVER,
    Case,
    CaseClockMoved,
    CaseClockStruck,
    CaseNoteAnswered,
    Deadline,
    RuleSet,
    Running,
    Scene,
    Strike,
    blank,
    may_see,
    next_strike,
    passed_over,
    path_of,
    recounted,
    refs_of,
)
from hub.kernel.messages import Event, Recorded
from hub.record import Connection, Jobs
from hub.spoke import Decision, Write

CLOCK, THEN, RECOUNT = "case.clock", "case.then", "case.recount"


@dataclass(frozen=True, kw_only=True)
class Ticking:
    """A case with the numbers it is counted by."""

    case: Case
    shapes: Shapes
    rules: RuleSet

    def deadline(self, clock: str) -> Deadline | None:
        """None where the stream no longer has such a clock."""
        return next((one for one in self.shapes.life.deadlines if one.name == clock), None)

    def next(self, clock: str) -> Strike | None:
        deadline, running = self.deadline(clock), self.case.clocks.get(clock)
        return next_strike(deadline, running, self.rules) if deadline and running else None


async def ticking(conn: Connection, shapes: Shapes, case: Case) -> Ticking:
    versions = await versions_of(conn, shapes.life.name) if shapes.life.deadlines else ()
    return Ticking(case=case, shapes=shapes, rules=rules_for(shapes, versions, case, day_of(case.opened))[1])


async def ticking_case(conn: Connection, case: UUID) -> Ticking:
    """Raises NotFound."""
    found = await case_and_stream(conn, case)
    if found is None:
        raise no_case()
    return await ticking(conn, found[1], found[0])


# --- jobs -----------------------------------------------------------------------------------------


async def put_clocks(conn: Connection, shapes: Shapes, case: Case, clocks: list[str]) -> None:
    known = await ticking(conn, shapes, case)
    for clock in clocks:
        strike = known.next(clock)
        if strike is None:
            await drop_clock(conn, case.id, clock)
        else:
            await Jobs.put(conn, CLOCK, f"{case.id}/{clock}", strike.at, [str(case.id), clock])


async def drop_clock(conn: Connection, case: UUID, clock: str) -> None:
    await Jobs.drop(conn, CLOCK, f"{case}/{clock}")


async def put_then(conn: Connection, shapes: Shapes, case: Case, fact: Recorded) -> None:
    """What the hub itself does when the clock has run out."""
    if shapes.life.deadline(fact.event.clock).then:
        await Jobs.put(conn, THEN, f"{case.id}/{fact.event.clock}", fact.at, [str(case.id), fact.event.clock, str(fact.id)])


# --- deciding -------------------------------------------------------------------------------------


async def of_command(conn: Connection, command: Any, _actor: Actor) -> Ticking:
    return await ticking_case(conn, command.case)


def strike(known: Ticking, command: StrikeClock, actor: Actor, at: datetime) -> Decision:
    if actor.id != SYSTEM.id:
        raise Forbidden("时限由系统自己推进。", "Clocks are struck by the hub itself.", code="not-yours")
    due, deadline, running = known.next(command.clock), known.deadline(command.clock), known.case.clocks.get(command.clock)
    if due is None or deadline is None or running is None or due.name != command.strike or at < due.at:
        raise Conflict("这个时限已经停止、改期或提醒过了。", "The clock has stopped, moved or spoken already.", code="no-strike")
    struck = CaseClockStruck(clock=command.clock, strike=due.name, due=running.due, late=due.late(at), owes=deadline.owes and due.name == OVER)
    return _one(known, struck)


@dataclass(frozen=True, kw_only=True)
class Recounting:
    known: Ticking
    calendar: Calendar
    reads: Any = None


async def of_recount(conn: Connection, command: RecountClock, _actor: Actor) -> Recounting:
    known = await ticking_case(conn, command.case)
    return Recounting(known=known, calendar=await calendar_of(conn), reads=await reads_again(conn, known.shapes, command))


async def reads_again(conn: Connection, shapes: Shapes, command: RecountClock | None = None) -> Any:
    """What clocks of the stream are counted from beside the calendar; the same for all its cases."""
    reads = shapes.reads.get(RecountClock.__name__)
    return await reads(conn, command, SYSTEM) if reads else None


def recount(found: Recounting, command: RecountClock, actor: Actor, at: datetime) -> Decision:
    if actor.id != SYSTEM.id:
        raise Forbidden("时限由系统自己推进。", "Clocks are moved by the hub itself.", code="not-yours")
    now = moved(found, command.clock, at)
    if now is None:
        raise Conflict("这个时限不用改期。", "The clock need not be moved.", code="no-strike")
    started = now.started if now.started != found.known.case.clocks[command.clock].started else None
    return _one(found.known, CaseClockMoved(clock=command.clock, due=now.due, started=started, struck=_passed(found.known, command.clock, now, at)))


def _passed(known: Ticking, clock: str, now: Running, at: datetime) -> tuple[str, ...]:
    deadline = known.deadline(clock)
    return passed_over(deadline, now, known.rules, at) if deadline else ()


def moved(found: Recounting, clock: str, at: datetime) -> Running | None:
    known = found.known
    deadline, running = known.deadline(clock), known.case.clocks.get(clock)
    if deadline is None or running is None:
        return None
    return recounted(deadline, running, known.case, Scene(at=at, actor=SYSTEM, rules=known.rules, calendar=found.calendar, reads=found.reads))


def answer_note(known: Ticking, command: AnswerCaseNote, actor: Actor, _at: datetime) -> Decision:
    if not may_see(known.shapes.life, known.case, actor):
        raise no_case()
    deadline = known.deadline(command.clock)
    if deadline is None or command.clock not in known.case.owed:
        raise Conflict("没有待说明的超期，可能同事已经答复。", "No explanation is owed; a colleague may have given it.", code="nothing-owed")
    if not owes(known.case, deadline, actor):
        raise Forbidden("超期说明由责任人答复。", "Who was responsible must explain.", code="not-yours")
    if blank(command.text):
        raise Malformed("说明里没有看得见的字，请填写。", "The explanation holds nothing that can be seen.", code="blank", field="text")
    return _one(known, CaseNoteAnswered(clock=command.clock, text=command.text))


def owes(case: Case, deadline: Deadline, actor: Actor) -> bool:
    """Of a desk, those who sit there over the case's place."""
    held = refs_of(actor) & {ref for owner in deadline.owner for ref in case.parties.get(owner, (owner,))}
    return any(not ref.startswith(DESK) for ref in held) or (bool(held) and actor.covers(path_of(case.facts.scope)))


def _one(known: Ticking, event: Event) -> Decision:
    case = known.case
    return Decision(writes=(Write(known.shapes.stream_of(case.id), case.version, (event,)),), result=StepTaken(case.id, case.state))
