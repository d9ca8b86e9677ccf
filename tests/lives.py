"""A case of any life walked by hand: by the command's name, who, and the fields of its form; the clock is set."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec

from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import Calendar, begin_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, CaseClockStruck, CaseEvent, Lifecycle, Scene, decide, evolve

SYSTEM = Actor(id="system", name="系统", roles=(Role.ADMINISTRATOR,), scopes=("city",))


def sitting(role: Role, name: str = "") -> Actor:
    return Actor(id=f"account:{role}", name=name or role.value, roles=(role,), scopes=("city",))


def unit(n: int, role: Role = Role.HEAD) -> Actor:
    return Actor(id=f"account:{role}-{n}", name=f"单位{n}", roles=(role,), scopes=(f"department:{n}",))


def person(n: int, role: Role = Role.DEPUTY) -> Actor:
    ref = f"person:{derived('person', n)}"
    return Actor(id=ref, name=f"代表{n}", roles=(role,), scopes=(ref,))


@cache
def event_type(form: type[msgspec.Struct], name: str) -> type[CaseEvent]:
    made: type[CaseEvent] = msgspec.defstruct(name, [("form", form)], bases=(CaseEvent,), frozen=True, kw_only=True)  # type: ignore[assignment]
    return made


class LifeWalk:
    def __init__(self, life: Lifecycle, day: date, *, reads: Any = None, rules: Any = None, calendar: Calendar | None = None) -> None:
        self.life, self.reads = life, reads
        self.at = begin_of(day, 10)
        self.rules = rules or life.rules()
        self.calendar = calendar or Calendar()
        self.case: Case | None = None
        self.events: list[CaseEvent] = []
        self.id = derived(life.noun, 1)

    @property
    def there(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def facts(self) -> Any:
        return self.there.facts

    @property
    def state(self) -> str:
        return self.case.state if self.case else ""

    def due(self, clock: str) -> date | None:
        running = self.there.clocks.get(clock)
        return running.due if running else None

    def on(self, day: date) -> LifeWalk:
        self.at = begin_of(day, 10)
        return self

    def later(self, days: int) -> LifeWalk:
        self.at += timedelta(days=days)
        return self

    def take(self, command: str, actor: Actor, **fields: Any) -> LifeWalk:
        step = self.life.step(command)
        form = msgspec.convert(msgspec.to_builtins(fields), step.form)
        shape = event_type(step.form, step.event)
        scene = Scene(at=self.at, actor=actor, rules=self.rules, calendar=self.calendar, reads=self.reads)
        event = decide(self.life, step, self.case, form, scene, event=shape)
        recorded = msgspec.json.decode(msgspec.json.encode(event), type=shape)
        self.case = evolve(self.life.facts, self.case, self.id, recorded, at=self.at, by=actor.id)
        self.events.append(recorded)
        return self

    def struck(self, clock: str) -> LifeWalk:
        """The clock runs out, and the hub takes the step that stands behind it."""
        deadline, running = self.life.deadline(clock), self.there.clocks[clock]
        self.on(running.due + timedelta(days=1))
        over = CaseClockStruck(clock=clock, strike="over", due=running.due, owes=deadline.owes)
        self.case = evolve(self.life.facts, self.case, self.id, over, at=self.at, by="system")
        return self.take(deadline.then, SYSTEM) if deadline.then else self
