"""Rule sets and the calendar: who may change them, and what is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from hub.cases.calendars import published
from hub.cases.messages import (
    CalendarDay,
    CalendarDaysSaved,
    RulesSaved,
    SaveCalendarDays,
    SaveRules,
)
from hub.cases.rules import RuleVersion, rules_from, strangers, versions_of
from hub.cases.shapes import LIVES, Shapes
from hub.kernel.actor import CITY, Actor
from hub.kernel.calendar import SATURDAY
from hub.kernel.errors import Forbidden, Malformed, NotFound
from hub.kernel.lifecycle import RuleSet
from hub.record import Connection
from hub.spoke import Decision, Write

ANY = -1
FARTHEST = range(2000, 2101)
"""Years whose arrangement may be saved."""
LEADS = range(367)
"""Days before the end on which a reminder may be set."""


@dataclass(frozen=True, kw_only=True)
class Books:
    shapes: Shapes | None
    versions: tuple[RuleVersion, ...]


async def books(conn: Connection, command: SaveRules, _actor: Actor) -> Books:
    shapes = LIVES.get(command.stream)
    return Books(shapes=shapes, versions=await versions_of(conn, command.stream) if shapes else ())


def save_rules(known: Books, command: SaveRules, actor: Actor, _at: datetime) -> Decision:
    require_city(actor)
    if known.shapes is None:
        raise NotFound(f"没有名为“{command.stream}”的业务。", f"There is no stream {command.stream!r}.", field="stream")
    strange = strangers(known.shapes, command.rules)
    if strange:
        raise Malformed(f"规则里没有“{strange[0][:40]}”这一项，请改正后再保存。", f"There is no rule {strange[0][:40]!r}.", field=f"rules.{strange[0][:40]}")
    rules = rules_from(known.shapes, command.rules)
    _refuse_leads(known.shapes, rules)
    _refuse_backwards(known.shapes, rules)
    kept = msgspec.to_builtins(rules)
    version = max((one.version for one in known.versions), default=0) + 1
    saved = RulesSaved(stream=command.stream, version=version, valid_from=command.valid_from, rules=kept, note=command.note, by_name=actor.name)
    return Decision(writes=(Write(f"rules-{command.stream}", version - 1, (saved,)),), result={"version": version})


def _refuse_leads(shapes: Shapes, rules: RuleSet) -> None:
    for name in {deadline.leads for deadline in shapes.life.deadlines if deadline.leads}:
        wrong = next((lead for lead in getattr(rules, name) if lead not in LEADS), None)
        if wrong is not None:
            raise Malformed(f"不能在到期前{wrong}天提醒，请填0到{LEADS[-1]}之间的天数。", f"No reminder {wrong} days before; give 0 to {LEADS[-1]} days.",
                            field=f"rules.{name}")


def _refuse_backwards(shapes: Shapes, rules: RuleSet) -> None:
    """A limit that ends before it begins is none."""
    for name in {deadline.limit for deadline in shapes.life.deadlines if isinstance(deadline.limit, str) and deadline.limit}:
        if getattr(rules, name).n < 0:
            raise Malformed("期限不能是负数，请改正后再保存。", "A limit cannot be negative.", field=f"rules.{name}")


async def nothing(_conn: Connection, _command: object, _actor: Actor) -> None:
    """The decision rests on what was sent alone."""


def save_days(_known: None, command: SaveCalendarDays, actor: Actor, _at: datetime) -> Decision:
    require_city(actor)
    for place, one in enumerate(command.days):
        _refuse_day(one, f"days.{place}", command.year)
    if len({one.day for one in command.days}) < len(command.days):
        raise Malformed("同一天出现了两次，请去掉一行。", "A day stands twice; remove one of the lines.", field="days")
    saved = CalendarDaysSaved(days=tuple(sorted(command.days, key=lambda one: one.day)), year=command.year)
    return Decision(writes=(Write("calendar-city", ANY, (saved,)),), result={"days": len(command.days), "known_until": _known_until(command)})


def _refuse_day(one: CalendarDay, field: str, year: int | None) -> None:
    if one.day.year not in FARTHEST:
        raise Malformed(f"{one.day} 不在{FARTHEST[0]}年到{FARTHEST[-1]}年之间，请检查这一行。", f"{one.day} lies too far away.", field=field)
    if year is not None and one.day.year != year:
        raise Malformed(f"{one.day} 不在 {year} 年，请检查这一行。", f"{one.day} is not in {year}.", field=field)
    if one.works and one.day.weekday() < SATURDAY and one.day not in published().off:
        raise Malformed(f"{one.day} 本来就是工作日，不用标为上班。", f"{one.day} is a working day already.", field=field)


def _known_until(command: SaveCalendarDays) -> date | None:
    return max([one.day for one in command.days] + [day for day in [published().known_until] if day], default=None)


def require_city(actor: Actor) -> None:
    if CITY not in actor.scopes:
        raise Forbidden("这项设置对全市有效，只能由市级工作人员修改。", "This holds for the whole city; only its own desks change it.")
