"""A step is asked for: what must be known is read, the tables decide, the event goes to the case's stream."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.calendars import calendar_of
from hub.cases.messages import StepTaken
from hub.cases.rules import RuleVersion, rules_for, versions_of
from hub.cases.shapes import LIVES, Shapes, file_fields, files_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import Calendar, day_of
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.lifecycle import Case, Scene, Step, decide, may_see, may_take
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write

Q = load_sql(__package__)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known when a step is decided. `elsewhere`: the id is taken by a case of another stream."""

    case: Case | None
    elsewhere: bool
    versions: tuple[RuleVersion, ...]
    calendar: Calendar
    reads: Any = None
    strange_files: tuple[UUID, ...] = ()


def no_case() -> NotFound:
    return NotFound("没有这个事项，或者您无权查看。", "There is no such case, or it is not yours to see.", code="no-case", field="case")


async def load_case(conn: Connection, case: UUID) -> Case | None:
    """Of whatever stream; never older than the journal."""
    found = await case_and_stream(conn, case)
    return found[0] if found else None


LIVES_TOLD: ContextVar[Mapping[UUID, tuple[Case, Shapes]]] = ContextVar("LIVES_TOLD", default={})  # noqa: B039 - never written to
"""Cases whose rows the open transaction has just written, known without asking."""


async def case_and_stream(conn: Connection, case: UUID) -> tuple[Case, Shapes] | None:
    if case in LIVES_TOLD.get():
        return LIVES_TOLD.get()[case]
    row = await conn.fetchrow(Q["case_body"], case)
    if row is None or row["stream"] not in LIVES:
        return None
    shapes = LIVES[row["stream"]]
    return shapes.loaded(row["body"], row["version"]), shapes


async def standing(conn: Connection, shapes: Shapes, case: UUID) -> Standing:
    found = await case_and_stream(conn, case)
    return Standing(
        case=found[0] if found and found[1].life.name == shapes.life.name else None,
        elsewhere=bool(found and found[1].life.name != shapes.life.name),
        versions=await versions_of(conn, shapes.life.name), calendar=await calendar_of(conn))


def steps_of(shapes: Shapes) -> tuple[Decides, ...]:
    """One command for each row of the life's table."""
    return tuple(
        Decides(command=shapes.commands[step.command], permission=_permission(step), facts=_facts(shapes, step), decide=_decides(shapes, step))
        for step in shapes.life.steps)


def _permission(step: Step) -> Permission:
    """What all who may take it have in common; the table itself says the rest."""
    asked = {who.permission for who in step.who}
    [only] = asked if len(asked) == 1 else [None]
    return only or Permission.SELF


def _facts(shapes: Shapes, step: Step) -> Callable[[Connection, Any, Actor], Awaitable[Standing]]:
    reads, with_files = shapes.reads.get(step.command), bool(file_fields(step.form))

    async def facts(conn: Connection, command: Any, actor: Actor) -> Standing:
        known = await standing(conn, shapes, command.case)
        return Standing(
            case=known.case, elsewhere=known.elsewhere, versions=known.versions, calendar=known.calendar,
            reads=await reads(conn, command, actor) if reads else None,
            strange_files=await _strange(conn, command, actor) if with_files else ())

    return facts


async def _strange(conn: Connection, command: Any, actor: Actor) -> tuple[UUID, ...]:
    """Files that the asker did not send for a case, and that are not in this one."""
    files = files_of(command.form)
    if not files:
        return ()
    return tuple(row["file"] for row in await conn.fetch(Q["strange_files"], list(files), command.case, actor.id))


def _decides(shapes: Shapes, step: Step) -> Callable[[Standing, Any, Actor, datetime], Decision]:
    def decided(known: Standing, command: Any, actor: Actor, at: datetime) -> Decision:
        _refuse_strangers(shapes, step, known, actor)
        version, rules = rules_for(shapes, known.versions, known.case, day_of(at))
        scene = Scene(at=at, actor=actor, rules=rules, calendar=known.calendar, reads=known.reads)
        event = decide(shapes.life, step, known.case, command.form, scene, event=shapes.events[step.event],
                       rules=version if known.case is None else "")
        _refuse_files(known)
        return Decision(
            writes=(Write(shapes.stream_of(command.case), known.case.version if known.case else 0, (event,)),),
            result=StepTaken(command.case, event.to))

    return decided


def _refuse_strangers(shapes: Shapes, step: Step, known: Standing, actor: Actor) -> None:
    """Who may not see a case is not told that it is there."""
    if known.elsewhere:
        raise no_case() if step.frm else Conflict("这个编号已被其他事项使用。", "This id belongs to another case.", code="exists")
    if known.case is not None and not may_see(shapes.life, known.case, actor) and not may_take(step, known.case, actor):
        raise no_case()


def _refuse_files(known: Standing) -> None:
    if known.strange_files:
        raise Refused("有的附件不存在，或不是您为办理事项上传的，请重新上传。",
                      "Some files do not exist or were not uploaded by you for a case; upload them again.", code="strange-file", field="form")


def scene_for(shapes: Shapes, known: Standing, actor: Actor, at: datetime) -> Scene:
    """What a button is looked at with; nothing was read for a form that is not filled in yet."""
    _, rules = rules_for(shapes, known.versions, known.case, day_of(at))
    return Scene(at=at, actor=actor, rules=rules, calendar=known.calendar)


def plain_facts(case: Case) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(case.facts)
    return plain
