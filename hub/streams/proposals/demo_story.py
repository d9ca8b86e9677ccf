"""One case of the demo city, told in past days: steps are decided as they would be, clocks strike in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import shapes_of
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.calendar import DAY, Calendar, begin_of, day_of
from hub.kernel.ids import derived
from hub.kernel.lifecycle import (
    OVER,
    Case,
    CaseClockStruck,
    CaseNoteAnswered,
    Scene,
    Strike,
    decide,
    evolve,
    next_strike,
)
from hub.kernel.messages import Event
from hub.streams.proposals.facts import Proposal, Similar
from hub.streams.proposals.following import follow_ups
from hub.streams.proposals.model import PROPOSALS
from hub.streams.proposals.rules import ProposalRules
from hub.streams.proposals.seen import Seen

FIRST_RULES = "0"


class Now(Exception):
    """The story has come to the present day."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event of a case, and when and by whom it came."""

    at: datetime
    stream: str
    expected: int
    event: Event
    by: str


@dataclass(frozen=True, kw_only=True)
class Town:
    """Who acts in the stories. `handlers`, `heads`: by unit."""

    seen: Seen
    deputies: tuple[Actor, ...]
    handlers: dict[str, Actor]
    heads: dict[str, Actor]
    calendar: Calendar
    now: datetime


def desk(login: str, name: str, role: Role) -> Actor:
    return Actor(id=f"account:{derived('account', login)}", name=name, roles=(role,), scopes=("city",))


INTAKE = desk("intake", "代表工委", Role.INTAKE)
OFFICE = desk("govoffice", "市政府办公室", Role.ASSIGNER)
COMMITTEE = desk("committee", "主任会议", Role.COMMITTEE)


@dataclass(kw_only=True)
class Story:
    id: UUID
    town: Town
    at: datetime
    random: Random
    similar: tuple[Similar, ...] = ()
    other: Case | None = None
    joined: Story | None = None
    """Another case that was merged into this one."""
    stop: str = ""
    """The state in which it has been waiting since."""
    case: Case | None = None
    told: list[Told] = field(default_factory=list)
    rules: ProposalRules = field(default_factory=ProposalRules)

    @property
    def there(self) -> Case:
        if self.case is None:
            raise ValueError("the story has not begun")
        return self.case

    def wait(self, least: int, most: int) -> Story:
        """Some days, then a working day in office hours. Raises Now when that lies ahead."""
        day = day_of(self.at) + self.random.randint(least, most) * DAY
        while not self.town.calendar.works(day):
            day += DAY
        return self.until(max(begin_of(day, self.random.randint(9, 16)) + timedelta(minutes=self.random.randint(0, 59)),
                              self.at + timedelta(minutes=20)))

    def until(self, at: datetime) -> Story:
        if at > self.town.now:
            self._strike(self.town.now)
            raise Now
        self._strike(at)
        self.at = at
        return self

    def take(self, command: str, actor: Actor, **fields: Any) -> Story:
        step, shapes = PROPOSALS.step(command), shapes_of(PROPOSALS.name)
        form = msgspec.convert(msgspec.to_builtins(fields), step.form)
        seen = msgspec.structs.replace(self.town.seen, similar=self.similar, other=self.other)
        scene = Scene(at=self.at, actor=actor, rules=self.rules, calendar=self.town.calendar, reads=seen)
        event = decide(PROPOSALS, step, self.case, form, scene, event=shapes.events[step.event], rules=FIRST_RULES if self.case is None else "")
        self._record(shapes.codec.decode(type(event).__name__, event.schema_version, shapes.codec.encode(event)), actor.id)
        self.follow()
        if self.stop and self.there.state == self.stop:
            self._strike(self.town.now)
            raise Now
        return self

    def follow(self) -> None:
        if self.joined is None:
            return
        for one in follow_ups(self.joined.there, {self.id: self.there}, self.rules):
            target = self if one.case == self.id else self.joined
            target.at = max(target.at, self.at)
            target.take(one.command, SYSTEM, **one.form)

    def rest(self) -> None:
        """Nobody does anything more; the clocks run on until today."""
        self._strike(self.town.now)

    def explain(self, actor: Actor) -> None:
        """Whatever written answer is owed for deadlines missed."""
        for clock in tuple(self.there.owed):
            self._record(CaseNoteAnswered(clock=clock, text="因涉及多部门协调、方案反复论证，未能按期办结，今后将加强时限管理。"), actor.id)

    def _record(self, event: Event, by: str) -> None:
        version = self.case.version if self.case else 0
        self.told.append(Told(at=self.at, stream=f"{PROPOSALS.noun}-{self.id}", expected=version, event=event, by=by))
        self.case = evolve(Proposal, self.case, self.id, event, at=self.at, by=by)

    def _strike(self, until: datetime) -> None:
        """All that the clocks say up to then, and what the hub does by itself."""
        while (found := self._next()) and found[0].at <= until:
            strike, clock = found
            deadline, running = PROPOSALS.deadline(clock), self.there.clocks[clock]
            self.at = max(self.at, strike.at)
            self._record(CaseClockStruck(clock=clock, strike=strike.name, due=running.due, owes=deadline.owes and strike.name == OVER), SYSTEM.id)
            if deadline.then and strike.name == OVER:
                self.take(deadline.then, SYSTEM)

    def _next(self) -> tuple[Strike, str] | None:
        if self.case is None:
            return None
        coming = [(strike, clock) for clock, running in self.case.clocks.items()
                  if (strike := next_strike(PROPOSALS.deadline(clock), running, self.rules))]
        return min(coming, key=lambda one: (one[0].at, one[1]), default=None)
