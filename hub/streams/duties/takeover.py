"""All whom the directory knows as deputies of a term, and the register does not, taken over at once (S1-D09): a city that begins
with this register has sat for years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from hub.cases.calendars import calendar_of
from hub.cases.rules import RuleVersion, rules_for, versions_of
from hub.cases.shapes import shapes_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import Calendar, day_of
from hub.kernel.errors import Malformed, Refused
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Scene, decide
from hub.kernel.messages import Command
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.duties.mandates import MANDATES, ElectForm, Known, Term
from hub.wire.codec import convert

Q = load_sql(__package__)
STEP = MANDATES.step("TakeOverDeputy")


class TakeOverDeputies(Command, frozen=True, kw_only=True):
    """Those of the term, and those of whom the directory knows no term."""

    term: Term
    elected_on: date


class Unregistered(msgspec.Struct, frozen=True, kw_only=True):
    """`people`: rows of the directory."""

    people: Sequence[Mapping[str, Any]]
    versions: tuple[RuleVersion, ...]
    calendar: Calendar


async def _unregistered(conn: Connection, command: TakeOverDeputies, _actor: Actor) -> Unregistered:
    return Unregistered(people=[dict(row) for row in await conn.fetch(Q["not_registered"], command.term)],
                        versions=await versions_of(conn, MANDATES.name), calendar=await calendar_of(conn))


def take_over(known: Unregistered, command: TakeOverDeputies, actor: Actor, at: datetime) -> Decision:
    if not known.people:
        raise Refused(f"人员中没有尚未登记的{command.term}代表。", f"The directory has no deputy of {command.term} who is not registered yet.",
                      code="nobody", field="term")
    if command.elected_on > day_of(at):
        raise Refused("当选日期还没有到，请改正。", "The day of the election has not come yet; correct it.", field="elected_on")
    shapes = shapes_of(MANDATES.name)
    version, rules = rules_for(shapes, known.versions, None, day_of(at))

    def write(person: Mapping[str, Any]) -> Write:
        scene = Scene(at=at, actor=actor, rules=rules, calendar=known.calendar, reads=Known(name=person["name"]))
        event = decide(MANDATES, STEP, None, _form(person, command), scene, event=shapes.events[STEP.event], rules=version)
        return Write(shapes.stream_of(derived("taken over", command.id, person["person"])), 0, (event,))

    return Decision(writes=tuple(map(write, known.people)), result={"taken": len(known.people)})


def _form(person: Mapping[str, Any], command: TakeOverDeputies) -> ElectForm:
    filled = {name: value for name, value in person.items() if name != "name"} | {"term": command.term, "elected_on": str(command.elected_on)}
    try:
        return convert(filled, ElectForm)
    except Malformed as error:
        raise Refused(f"{person['name']}的资料不能登记：{error.zh}", f"{person['name']} cannot be registered: {error.en}", code="not-fit") from error


COMMANDS = (Decides(command=TakeOverDeputies, permission=Permission.INTAKE, decide=take_over, facts=_unregistered),)
