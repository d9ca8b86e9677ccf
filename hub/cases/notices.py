"""Who is told what: on the screen of whom it concerns, and by the roads of dispatch, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.shapes import Shapes
from hub.kernel.calendar import day_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import (
    HEAD,
    OVER,
    Case,
    CaseClockMoved,
    CaseClockStruck,
    CaseEvent,
    CaseNoteAnswered,
    Deadline,
    Lifecycle,
    Sentence,
    Step,
    path_of,
)
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched

Q = load_sql(__package__)
NOTICES = "case_notices"
TELL = "case.tell"
"""The errand that brings an event's notices on the road."""
TITLE_SHOWN = 40
OUTWARD = ("person:", "department:", "station:", HEAD)


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """`plain`: the sentence without the title where the case is confidential; it goes through other people's wires. `bare`: even the
    screen shows no title, for who is told that he may see the case no longer."""

    id: UUID
    case: UUID
    stream: str
    ref: str
    path: tuple[str, ...]
    zh: str
    en: str
    plain: str
    urgent: bool
    late: bool
    bare: bool = False


def outward(ref: str) -> bool:
    """Desks and accounts have a screen only."""
    return ref.startswith(OUTWARD)


def notices_of(shapes: Shapes, before: Case | None, case: Case, fact: Recorded) -> tuple[Notice, ...]:
    """Nobody is told of his own step."""
    match fact.event:
        case CaseEvent():
            return (*_of_step(shapes, before, case, fact), *_of_parting(shapes, before, case, fact))
        case CaseClockStruck():
            return _of_strike(shapes, case, fact)
        case CaseClockMoved() as event:
            deadline = shapes.life.deadline(event.clock)
            why = (deadline.moves if event.started or deadline.on else None) or ("工作日安排调整", "working days were rearranged")
            zh, en = f"{why[0]}，“{deadline.zh}”改为{event.due:%Y-%m-%d}到期", f"{why[1]}; “{deadline.en}” ends on {event.due:%Y-%m-%d}"
            return tuple(each(shapes, case, fact, deadline.owner, zh, en))
        case CaseNoteAnswered() as event:
            deadline = shapes.life.deadline(event.clock)
            zh, en = f"就“{deadline.zh}”超期作出了说明", f"the missed “{deadline.en}” was explained"
            return tuple(each(shapes, case, fact, deadline.copies, zh, en))
    return ()


def _of_step(shapes: Shapes, before: Case | None, case: Case, fact: Recorded) -> tuple[Notice, ...]:
    step, state = shapes.life.step_of(type(fact.event).__name__), shapes.life.state(case.state)
    arrived = state.tells if before is None or before.state != case.state else ()
    return tuple(each(shapes, case, fact, (*step.tells, *arrived), f"{step.zh}，现为“{state.zh}”", f"{step.en}; now {state.en}", urgent=step.urgent))


def _of_parting(shapes: Shapes, before: Case | None, case: Case, fact: Recorded) -> Iterator[Notice]:
    step = shapes.life.step_of(type(fact.event).__name__)
    held = (ref for relation in step.leaves for ref in (before.parties.get(relation, ()) if before else ()))
    here = {ref for refs in case.parties.values() for ref in refs}
    gone = [ref for ref in held if ref not in here]
    yield from each(shapes, case, fact, gone, f"{step.zh}，已不再由您方办理", f"{step.en}; it is no longer with you", bare=case.facts.confidential)


def _of_strike(shapes: Shapes, case: Case, fact: Recorded) -> tuple[Notice, ...]:
    event: CaseClockStruck = fact.event
    deadline = shapes.life.deadline(event.clock)
    before = event.strike.startswith("before:")
    by_itself = _by_itself(shapes.life, deadline, event)
    heard = by_itself.tells if by_itself else ()
    told = [one for one in (deadline.owner if before else (*deadline.owner, *deadline.copies)) if one not in heard]
    zh, en = _goes_on(by_itself, event) if by_itself else _strike_words(event, (event.due - day_of(fact.at)).days)
    late = ("（系统停机期间到点，补发）", " (late: the hub was away at its hour)") if event.late else ("", "")
    return tuple(each(shapes, case, fact, told, f"“{deadline.zh}”{zh}{late[0]}", f"“{deadline.en}” {en}{late[1]}", urgent=not before and not by_itself,
                      late=event.late))


def _by_itself(life: Lifecycle, deadline: Deadline, event: CaseClockStruck) -> Step | None:
    """The step with which the hub takes the case on: nobody need act, and who is told of the step need not hear of the clock."""
    step = life.step(deadline.then) if deadline.then and event.strike == OVER else None
    return step if step and step.to else None


def _goes_on(step: Step, event: CaseClockStruck) -> Sentence:
    return f"已于{event.due:%Y-%m-%d}到期，系统自动办理“{step.zh}”", f"ended on {event.due:%Y-%m-%d}; the hub does “{step.en}” by itself"


def _strike_words(event: CaseClockStruck, left: int) -> tuple[str, str]:
    due = f"{event.due:%Y-%m-%d}"
    if event.strike.startswith("before:") and left >= 0:
        return f"将于{due}到期，还有{left}天", f"ends on {due}, in {left} days"
    owes = ("，请书面说明原因", "; a written explanation is owed") if event.owes else ("", "")
    if event.strike == OVER:
        return f"已于{due}到期，请立即办理{owes[0]}", f"ended on {due}; act at once{owes[1]}"
    return f"已于{due}到期，至今未办结", f"ended on {due} and is still open"


def each(
    shapes: Shapes, case: Case, fact: Recorded, relations: Iterable[str], zh: str, en: str, *, urgent: bool = False, late: bool = False, bare: bool = False,
) -> Iterator[Notice]:
    title = case.facts.title[:TITLE_SHOWN]
    shown, called = f"{shapes.life.zh}“{title}”", f"{shapes.life.en} “{title}”"
    plain = f"一件不公开的{shapes.life.zh}" if case.facts.confidential else shown
    if bare:
        shown, called = plain, f"{shapes.life.en}, one that is not public"
    for ref in dict.fromkeys(ref for relation in relations for ref in case.parties.get(relation, (relation,) if ":" in relation else ())):
        if ref != fact.actor:
            yield Notice(
                id=derived("case notice", fact.id, ref), case=case.id, stream=shapes.life.name, ref=ref, path=path_of(case.facts.scope),
                zh=f"{shown}：{zh}。", en=f"{called}: {en}.", plain=f"{plain}：{zh}。", urgent=urgent, late=late, bare=bare)


def notice_rows(told: Sequence[Notice], fact: Recorded) -> list[tuple[Any, ...]]:
    return [(one.id, fact.pos, fact.id, one.case, one.stream, one.ref, list(one.path), fact.at, one.zh, one.en, one.plain, one.urgent, one.late, one.bare)
            for one in told]


async def keep(conn: Connection, told: Sequence[Notice], fact: Recorded, live: bool) -> list[Touched]:
    """Not `live`: the past is written anew, and nothing goes on the road."""
    if told:
        await conn.executemany(Q["add_notice"], notice_rows(told, fact))
    if live and any(outward(one.ref) for one in told):
        await Jobs.put(conn, TELL, str(fact.id), fact.at, str(fact.id))
    return [(NOTICES, str(one.id)) for one in told]
