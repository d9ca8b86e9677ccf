"""The tables themselves for a screen: lives, rule sets, the calendar, and how a limit is counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from hub.cases.calendars import calendar_of, merged
from hub.cases.params import CalendarParams, CountedDaysParams, RulesParams
from hub.cases.reading import columns_of
from hub.cases.rows import CalendarRow, ClockRow, LeftOutDay, LifecycleRow, RuleSetRow
from hub.cases.rules import rules_from, valid_on, versions_of
from hub.cases.seats import oversees
from hub.cases.shapes import LIVES, Shapes, drawn
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor
from hub.kernel.calendar import YEARS, Span, Unit, day_of
from hub.kernel.clock import Clock
from hub.kernel.errors import Malformed, NotFound
from hub.kernel.lifecycle import Lifecycle, Who, as_table, diagram
from hub.record import Connection, load_sql
from hub.spoke import Page

Q = load_sql(__package__)


class SettingViews:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def today(self) -> date:
        return day_of(self._clock.now())

    async def lifecycles(self, _conn: Connection, _params: NoParams, actor: Actor) -> Page:
        found = [lifecycle(shapes, actor) for shapes in LIVES.values()]
        return Page(found, len(found))

    async def rules(self, conn: Connection, params: RulesParams, _actor: Actor) -> Page:
        shapes = LIVES.get(params.stream)
        if shapes is None:
            raise NotFound(f"没有名为“{params.stream}”的业务。", f"There is no stream {params.stream!r}.", field="stream")
        now = valid_on(await versions_of(conn, params.stream), self.today)
        saved = [_rule_row(shapes, dict(row), now.version if now else 0) for row in await conn.fetch(Q["rule_rows"], params.stream)]
        first = RuleSetRow(id=f"{params.stream}/0", stream=params.stream, version=0, valid_from=None, rules=msgspec.to_builtins(shapes.life.rules()),
                           note="", by_name="", at=None, now=now is None, form=drawn_rules(shapes))
        return Page([*saved, first], len(saved) + 1)

    async def calendar(self, conn: Connection, params: CalendarParams, _actor: Actor) -> Page:
        rows = await conn.fetch(Q["calendar_days"])
        ours, whole = {row["day"] for row in rows}, merged((row["day"], row["works"], row["name"]) for row in rows)
        found = [CalendarRow(day=day, works=works, name=name, imported=day in ours)
                 for works, days in ((False, whole.off), (True, whole.on)) for day, name in days.items() if day.year == params.year]
        return Page(sorted(found, key=lambda one: one.day), len(found))

    async def counted(self, conn: Connection, params: CountedDaysParams, _actor: Actor) -> Page:
        if params.start.year not in YEARS:
            raise Malformed(f"请填{YEARS[0]}年到{YEARS[-1]}年之间的日期。", f"Give a day between {YEARS[0]} and {YEARS[-1]}.", field="start")
        calendar, unit = await calendar_of(conn), Unit(params.unit)
        due = calendar.after(params.start, Span(params.n, unit))
        skipped = calendar.left_out(params.start, due) if unit is Unit.WORKDAYS else ()
        row = ClockRow(clock="", zh="", en="", started=params.start, due=due, unit=params.unit, left=calendar.counted(self.today, due, unit),
                       left_out=tuple(LeftOutDay(one.day, one.why) for one in skipped), overdue=due < self.today, extended=False, source="")
        return Page([row], 1)


def drawn_rules(shapes: Shapes) -> dict[str, Any]:
    schema = msgspec.json.schema(shapes.life.rules)
    shapes_within = dict(schema.get("$defs", {}))
    return {**shapes_within.pop(shapes.life.rules.__name__, {}), **({"$defs": shapes_within} if shapes_within else {})}


def lifecycle(shapes: Shapes, actor: Actor) -> LifecycleRow:
    life = shapes.life
    return LifecycleRow(
        name=life.name, noun=life.noun, zh=life.zh, en=life.en,
        states=[{"name": one.name, "zh": one.zh, "en": one.en, "tone": one.tone, "terminal": one.terminal, "public": one.public} for one in life.states],
        steps=[{"command": one.command, "event": one.event, "zh": one.zh, "en": one.en, "from": list(one.frm),
                "to": one.to if isinstance(one.to, str) else "", "who": [_who(life, who) for who in one.who], "form": drawn(one.form),
                "source": one.source} for one in life.steps],
        clocks=[{"name": one.name, "zh": one.zh, "en": one.en, "source": one.source} for one in life.deadlines],
        relations=dict(life.relations), words={name: dict(words) for name, words in life.words.items()}, facts=_drawn_facts(life),
        opens=tuple(one.command for one in life.steps if not one.frm), family=life.family, columns=columns_of(shapes),
        oversees=oversees(life, actor), diagram=diagram(life), table=as_table(life))


def _who(life: Lifecycle, who: Who) -> dict[str, str]:
    return {"relation": who.relation, "zh": life.relations.get(who.relation, (who.relation, ""))[0], "permission": str(who.permission or "")}


def _drawn_facts(life: Lifecycle) -> dict[str, Any]:
    schema = msgspec.json.schema(life.facts)
    found: dict[str, Any] = schema.get("$defs", {}).get(life.facts.__name__, {}).get("properties", {})
    return found


def _rule_row(shapes: Shapes, row: dict[str, Any], now: int) -> RuleSetRow:
    body = row.pop("body")
    return RuleSetRow(**row, id=f"{row['stream']}/{row['version']}", rules=msgspec.to_builtins(rules_from(shapes, body)), now=row["version"] == now,
                      form=drawn_rules(shapes))
