"""One case: what is known of it, its clocks with the days they leave out, its buttons and its trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.calendars import calendar_of
from hub.cases.clocks import owes
from hub.cases.deciding import (
    Standing,
    case_and_stream,
    no_case,
    plain_facts,
    scene_for,
    standing,
)
from hub.cases.listing import rows_by_id
from hub.cases.names import Names, names_of, parties, party, refs_in
from hub.cases.params import OfCase, StepsParams
from hub.cases.rows import (
    CaseDetail,
    CaseFile,
    ClockRow,
    FilledField,
    LeftOutDay,
    OwedRow,
    Party,
    RelatedCase,
    StepRow,
    TrailRow,
)
from hub.cases.rules import rules_for, versions_of
from hub.cases.shapes import LIVES, Shapes, drawn, words_of
from hub.kernel.actor import Actor
from hub.kernel.calendar import Calendar, Span, Unit, day_of
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import (
    Case,
    CaseClockMoved,
    CaseClockStruck,
    CaseEvent,
    CaseNoteAnswered,
    Deadline,
    RuleSet,
    Running,
    Scene,
    Step,
    kept_from,
    may_see,
    may_take,
    refuses_already,
    sees_inside,
    takeable,
)
from hub.record import Connection, load_sql

Q = load_sql(__package__)
ALWAYS_OPEN = ("title", "kind", "topic", "scope", "confidential")


async def seen_case(conn: Connection, case: UUID, actor: Actor) -> tuple[Case, Shapes]:
    """Raises NotFound, alike for what is not there and what is not to be seen."""
    found = await case_and_stream(conn, case)
    if found is None or not may_see(found[1].life, found[0], actor):
        raise no_case()
    return found


# --- the case -------------------------------------------------------------------------------------


async def detail(conn: Connection, params: OfCase, actor: Actor, at: datetime) -> CaseDetail:
    case, shapes = await seen_case(conn, params.case, actor)
    inside, known = sees_inside(shapes.life, case, actor), await standing(conn, shapes, case.id)
    names = await names_of(conn, {ref for refs in case.parties.values() for ref in refs})
    [row] = await rows_by_id(conn, [case.id], day_of(at))
    _, rules = rules_for(shapes, known.versions, case, day_of(at))
    return CaseDetail(
        row=row, id=case.id, rules=case.rules, inside=inside, facts=_facts(shapes, case, actor, inside),
        parties={relation: parties(refs, names) for relation, refs in case.parties.items() if refs},
        clocks=tuple(_clock(shapes, case, name, running, rules, known.calendar, day_of(at)) for name, running in sorted(case.clocks.items())),
        owed=tuple(_owed(shapes.life.deadline(name), since, case, actor) for name, since in sorted(case.owed.items())) if inside else (),
        files=await _files(conn, case.id) if inside else (), relations=await _relations(conn, case.id, actor))


def _facts(shapes: Shapes, case: Case, actor: Actor, inside: bool) -> dict[str, Any]:
    plain, kept = plain_facts(case), kept_from(shapes.life, case, actor)
    shown = plain if inside else {*ALWAYS_OPEN, *shapes.life.prose, *shapes.life.open_facts}
    return {name: value for name, value in plain.items() if name in shown and name not in kept}


def _clock(shapes: Shapes, case: Case, name: str, running: Running, rules: RuleSet, calendar: Calendar, today: date) -> ClockRow:
    deadline = shapes.life.deadline(name)
    unit = _unit(deadline, case, rules)
    skipped = calendar.left_out(running.started, running.due) if unit is Unit.WORKDAYS else ()
    return ClockRow(
        clock=name, zh=deadline.zh, en=deadline.en, started=running.started, due=running.due, unit=unit.value,
        left=calendar.counted(today, running.due, unit), left_out=tuple(LeftOutDay(one.day, one.why) for one in skipped),
        overdue=running.due < today, extended=running.extended, source=deadline.source)


def _unit(deadline: Deadline, case: Case, rules: RuleSet) -> Unit:
    if deadline.on is not None:
        return Unit.DAYS
    limit: Span | None = deadline.limit(case, rules) if callable(deadline.limit) else getattr(rules, deadline.limit)
    return limit.unit if limit else Unit.DAYS


def _owed(deadline: Deadline, since: date, case: Case, actor: Actor) -> OwedRow:
    return OwedRow(clock=deadline.name, zh=deadline.zh, en=deadline.en, since=since, mine=owes(case, deadline, actor))


async def _files(conn: Connection, case: UUID) -> tuple[CaseFile, ...]:
    return tuple(CaseFile(**dict(row), url=f"/api/files/{row['id']}") for row in await conn.fetch(Q["files_of_case"], case))


async def _relations(conn: Connection, case: UUID, actor: Actor) -> tuple[RelatedCase, ...]:
    """Those of which the asker may see the other end."""
    rows: list[RelatedCase] = []
    for link in await conn.fetch(Q["related"], case):
        found = await case_and_stream(conn, link["id"])
        if found is None or not may_see(found[1].life, found[0], actor):
            continue
        state = found[1].life.state(found[0].state)
        number = await conn.fetchval("select number from cases.item where id = $1", link["id"])
        rows.append(RelatedCase(id=link["id"], stream=found[1].life.name, number=number, title=found[0].facts.title, state_zh=state.zh,
                                state_en=state.en, kind=link["kind"], towards=link["towards"]))
    return tuple(rows)


# --- its buttons ----------------------------------------------------------------------------------


async def steps(conn: Connection, params: StepsParams, actor: Actor, at: datetime) -> list[StepRow]:
    if params.case is None:
        return await _opening(conn, params.stream, actor, at)
    case, shapes = await seen_case(conn, params.case, actor)
    known = await standing(conn, shapes, case.id)
    scene = scene_for(shapes, known, actor, at)
    return [_step(shapes, step, case, scene) for step in takeable(shapes.life, case, actor) if not step.own_screen]


async def _opening(conn: Connection, stream: str, actor: Actor, at: datetime) -> list[StepRow]:
    shapes = LIVES.get(stream)
    if shapes is None:
        raise NotFound(f"没有名为“{stream[:40]}”的业务。", f"There is no stream {stream[:40]!r}.", field="stream")
    known = await _nothing_yet(conn, shapes)
    scene = scene_for(shapes, known, actor, at)
    return [_step(shapes, step, None, scene) for step in shapes.life.steps
            if not step.frm and not step.own_screen and may_take(step, None, actor)]


async def _nothing_yet(conn: Connection, shapes: Shapes) -> Standing:
    return Standing(case=None, elsewhere=False, versions=await versions_of(conn, shapes.life.name), calendar=await calendar_of(conn))


def _step(shapes: Shapes, step: Step, case: Case | None, scene: Scene) -> StepRow:
    why = None if step.command in shapes.reads else refuses_already(step, case, scene)
    known = _facts(shapes, case, scene.actor, True) if case else {}
    return StepRow(
        command=step.command, zh=step.zh, en=step.en, form=drawn(step.form), source=step.source,
        fills={name: known[name] for name in step.form.__struct_fields__ if name in known},
        why_not_zh=why[0] if why else "", why_not_en=why[1] if why else "")


# --- its trail ------------------------------------------------------------------------------------


async def trail(conn: Connection, params: OfCase, actor: Actor) -> list[TrailRow]:
    """From the journal itself. Who is not inside sees the steps and not what was filled in."""
    case, shapes = await seen_case(conn, params.case, actor)
    rows = [row for row in await conn.fetch(Q["trail"], shapes.stream_of(case.id)) if row["type"] in shapes.codec]
    by = await names_of(conn, {row["actor"] for row in rows})
    inside, state = sees_inside(shapes.life, case, actor), ""
    kept = kept_from(shapes.life, case, actor)
    lines: list[TrailRow] = []
    for row in rows:
        event = shapes.codec.decode(row["type"], row["schema"], row["data"])
        state = event.to if isinstance(event, CaseEvent) else state
        line = _line(shapes, row, event, state, by, inside)
        if line is not None:
            lines.append(msgspec.structs.replace(line, fields=tuple(one for one in line.fields if one.name not in kept)))
    return await _named(conn, lines)


async def _named(conn: Connection, lines: Sequence[TrailRow]) -> list[TrailRow]:
    named = [set(refs_in([field.value for field in line.fields])) for line in lines]
    names = await names_of(conn, set().union(*named))
    return [msgspec.structs.replace(line, names={ref: names[ref] for ref in sorted(refs)}) for line, refs in zip(lines, named, strict=True)]


def _line(shapes: Shapes, row: Any, event: Any, state: str, names: Names, inside: bool) -> TrailRow | None:
    told = _told(shapes, row["type"], event)
    if told is None or (not inside and not isinstance(event, CaseEvent)):
        return None
    zh, en, fields = told
    now = shapes.life.state(state)
    return TrailRow(
        id=row["id"], version=row["version"], at=row["at"], by=party(row["actor"], names) or Party("", ""), event=row["type"], zh=zh, en=en,
        state=now.name, state_zh=now.zh, state_en=now.en, fields=tuple(fields) if inside else (), late=isinstance(event, CaseClockStruck) and event.late)


def _told(shapes: Shapes, kind: str, event: Any) -> tuple[str, str, Sequence[FilledField]] | None:
    match event:
        case CaseEvent():
            step = shapes.life.step_of(kind)
            return step.zh, step.en, _filled(step, event)
        case CaseClockStruck():
            clock = shapes.life.deadline(event.clock)
            ended = ("到期", "ended") if clock.then else ("超期", "overdue")
            word = ("到期提醒", "reminder") if event.strike.startswith("before:") else ended
            return f"{clock.zh}：{word[0]}", f"{clock.en}: {word[1]}", [FilledField(name="due", zh="到期日", en="Due", value=event.due.isoformat())]
        case CaseClockMoved():
            clock = shapes.life.deadline(event.clock)
            return f"{clock.zh}：工作日{'或会期' if clock.moves else ''}调整后改期", f"{clock.en}: moved", [FilledField(name="due", zh="到期日", en="Due", value=event.due.isoformat())]
        case CaseNoteAnswered():
            clock = shapes.life.deadline(event.clock)
            return f"{clock.zh}：超期说明", f"{clock.en}: explanation", [FilledField(name="text", zh="说明", en="Explanation", value=event.text)]
    return None


def _filled(step: Step, event: Any) -> list[FilledField]:
    words, plain = words_of(step.form), msgspec.to_builtins(event.form)
    return [FilledField(name=name, zh=words[name][0], en=words[name][1], value=plain[name]) for name in step.form.__struct_fields__
            if plain.get(name) not in (None, "", (), [], {})]
