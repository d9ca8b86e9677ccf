"""One case of a demo city, told in past days: its steps are decided as they would have been, its clocks strike in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from hub.cases.shapes import shapes_of
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.calendar import DAY, Calendar, begin_of, day_of
from hub.kernel.errors import Refused
from hub.kernel.lifecycle import (
    OVER,
    Case,
    CaseClockStruck,
    CaseNoteAnswered,
    Lifecycle,
    Scene,
    Strike,
    decide,
    evolve,
    next_strike,
)
from hub.kernel.messages import Event

B = TypeVar("B")
FIRST_RULES = "0"


class Now(Exception):
    """The story has come to the present day."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event, when and by whom it came. `life`: the stream whose codec knows it; empty for what is not of one stream."""

    at: datetime
    life: str
    stream: str
    event: Event
    by: str


class Enclosed(NamedTuple):
    """A file that a step encloses. `made` gives its bytes, the same ones each time."""

    id: UUID
    name: str
    by: str
    made: Callable[[], bytes]


def _nothing(_story: Any) -> None:
    return None


@dataclass(kw_only=True)
class Story(Generic[B]):
    """`beside`: what the stream knows beside the case; `reads` gives from it what guards look at; `follow` is called after each step.
    `stop`: the state in which the case has been waiting since."""

    life: Lifecycle
    id: UUID
    at: datetime
    now: datetime
    calendar: Calendar
    random: Random
    beside: B
    reads: Callable[[Story[B]], Any] = _nothing
    follow: Callable[[Story[B]], None] = _nothing
    stop: str = ""
    case: Case | None = None
    told: list[Told] = field(default_factory=list)
    rules: Any = None

    def __post_init__(self) -> None:
        self.rules = self.life.rules()

    @property
    def there(self) -> Case:
        if self.case is None:
            raise ValueError("the story has not begun")
        return self.case

    def wait(self, least: int, most: int) -> Story[B]:
        """Some days, then a working day in office hours. Raises Now when that lies ahead."""
        day = day_of(self.at) + self.random.randint(least, most) * DAY
        while not self.calendar.works(day):
            day += DAY
        return self.until(max(begin_of(day, self.random.randint(9, 16)) + timedelta(minutes=self.random.randint(0, 59)),
                              self.at + timedelta(minutes=20)))

    def until(self, at: datetime) -> Story[B]:
        """Raises Now when that lies ahead."""
        if at > self.now:
            self._strike(self.now)
            raise Now
        self._strike(at)
        self.at = max(self.at, at)
        return self

    def take(self, command: str, actor: Actor, **fields: Any) -> Story[B]:
        step, shapes = self.life.step(command), shapes_of(self.life.name)
        form = msgspec.convert(msgspec.to_builtins(fields), step.form)
        scene = Scene(at=self.at, actor=actor, rules=self.rules, calendar=self.calendar, reads=self.reads(self))
        event = decide(self.life, step, self.case, form, scene, event=shapes.events[step.event], rules=FIRST_RULES if self.case is None else "")
        self._record(shapes.codec.decode(type(event).__name__, event.schema_version, shapes.codec.encode(event)), actor.id)
        self.follow(self)
        if self.stop and self.there.state == self.stop:
            self._strike(self.now)
            raise Now
        return self

    def rest(self) -> None:
        """Nobody does anything more; the clocks run on until today."""
        self._strike(self.now)

    def explain(self, actor: Actor, text: str) -> Story[B]:
        """Whatever written answer is owed for deadlines missed."""
        for clock in tuple(self.there.owed):
            self._record(CaseNoteAnswered(clock=clock, text=text), actor.id)
        return self

    def _record(self, event: Event, by: str) -> None:
        self.told.append(Told(at=self.at, life=self.life.name, stream=f"{self.life.noun}-{self.id}", event=event, by=by))
        self.case = evolve(self.life.facts, self.case, self.id, event, at=self.at, by=by)

    def _strike(self, until: datetime) -> None:
        """All that the clocks say up to then, and what the hub does by itself."""
        while (found := self._next()) and found[0].at <= until:
            strike, clock = found
            deadline, running = self.life.deadline(clock), self.there.clocks[clock]
            self.at = max(self.at, strike.at)
            self._record(CaseClockStruck(clock=clock, strike=strike.name, due=running.due, owes=deadline.owes and strike.name == OVER), SYSTEM.id)
            if deadline.then and strike.name == OVER:
                with suppress(Refused):
                    self.take(deadline.then, SYSTEM)

    def _next(self) -> tuple[Strike, str] | None:
        if self.case is None:
            return None
        coming = [(strike, clock) for clock, running in self.case.clocks.items()
                  if (strike := next_strike(self.life.deadline(clock), running, self.rules))]
        return min(coming, key=lambda one: (one[0].at, one[1]), default=None)


Stream = tuple[Told, ...]
"""All of one stream, in its order."""


def placed(life: Lifecycle, told: Stream) -> datetime:
    """Where it stands among others: cases that are numbered, by the hour in which they got their number."""
    numbered = {step.event for step in life.steps if step.numbered}
    return next((one.at for one in told if type(one.event).__name__ in numbered), told[0].at)


def in_order(streams: Iterable[Stream]) -> list[Stream]:
    return sorted((one for one in streams if one), key=lambda told: (placed(shapes_of(told[0].life).life, told), told[0].stream))
