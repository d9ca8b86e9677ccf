"""Every stream on one hub, and people who take steps at random: whatever a case's state knows, by whoever may, with sane forms or hostile ones."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from hub.app import Hub, hub_on
from hub.business import STREAMS
from hub.cases import load_case
from hub.cases.rebuild import _tables, rebuild
from hub.cases.shapes import LIVES, Shapes
from hub.directory.messages.commands import SaveOrganisation, SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.calendar import begin_of
from hub.kernel.clock import SetClock
from hub.kernel.errors import HubError
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case, Lifecycle, Step, may_take
from hub.spoke import Decides, Does
from hub.wire.codec import decode
from tests.flows.broadcast.stage import settings_for
from tests.flows.cases.wishes import WISH_SPOKE
from tests.hostile import Filler
from tests.lives import person, sitting, unit
from tests.patience import PATIENCE

UNITS = (11, 22)
DEPUTIES = tuple(person(n) for n in range(1, 5))
DESKS = tuple(sitting(role) for role in (Role.INTAKE, Role.ASSIGNER, Role.COMMITTEE, Role.LEGISLATOR, Role.ADMINISTRATOR))
HANDS = tuple(unit(n, role) for n in UNITS for role in (Role.HANDLER, Role.HEAD))
ACTORS = (*DEPUTIES, *DESKS, *HANDS, SYSTEM)
BUSINESS = ("cases", "search", "duties")
PICKS: dict[str, Sequence[Any]] = {
    "deputy": [derived("person", n) for n in range(1, 5)], "person": [derived("person", n) for n in range(1, 5)],
    "unit": [f"department:{n}" for n in UNITS], "rule:classes": ("A", "B", "C"), "rule:reasons": ("private", "empty", "other"), "template": ("",),
}


@dataclass(kw_only=True)
class Wanderer:
    hub: Hub
    clock: SetClock
    chance: Random
    hostile: float
    cases: dict[UUID, str] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: list[tuple[str, HubError]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """What was neither granted nor refused: there is to be none."""

    # --- what is asked ---

    def filler(self, life: Lifecycle | None) -> Filler:
        words: dict[str, Sequence[Any]] = {name: tuple(table) for name, table in life.words.items()} if life else {}
        mine: dict[str, list[UUID]] = {name: [one for one, stream in self.cases.items() if stream == which]
                for name, which in (("activity", "activities"), ("project", "legislation"), ("into", "proposals"))}
        known: dict[str, Sequence[Any]] = {"case": list(self.cases), "other": list(self.cases), "stream": tuple(LIVES), "unit": PICKS["unit"], "person": PICKS["person"],
                 "clock": [one.name for one in life.deadlines] if life else (), "seen": (1, 2)}
        return Filler(chance=self.chance, now=self.clock.now, picks=PICKS | {"case": mine["project"] + mine["into"]},
                      words={**known, **mine, **words}, hostile=self.hostile)

    async def send(self, name: str, actor: Actor, plain: dict[str, Any]) -> bool:
        raw = json.dumps(plain)
        try:
            await self.hub.desk.ask(decode(raw, self.hub.desk.rule(name).command), actor)
        except HubError as refusal:
            self.outcomes[refusal.code] += 1
            self.refusals.append((name, refusal))
            if refusal.status >= 500:
                self.broken.append(f"{name} {raw[:600]}: {refusal!r}")
            return False
        except Exception as error:  # noqa: BLE001 - that none comes through is what is tried
            self.broken.append(f"{name} as {actor.roles[0]} {raw[:900]}: {error!r}")
            return False
        self.outcomes["granted"] += 1
        return True

    async def opens(self, shapes: Shapes) -> None:
        step = self.chance.choice([step for step in shapes.life.steps if not step.frm])
        case = uuid4()
        if await self.send(step.command, self._who(step, None), self._wish(shapes, step, case)):
            self.cases[case] = shapes.life.name

    async def goes_on(self, case: UUID) -> None:
        shapes = LIVES[self.cases[case]]
        there = await self.load(case)
        if shapes.life.state(there.state).terminal and self.chance.random() < 0.8:
            await self.opens(shapes)
            return
        steps = [step for step in shapes.life.steps if there.state in step.frm] or list(shapes.life.steps)
        step = self.chance.choice(steps if self.chance.random() < 0.95 else list(shapes.life.steps))
        await self.send(step.command, self._who(step, there), self._wish(shapes, step, case))

    async def does_else(self) -> None:
        """A command that is no step of a case."""
        rule = self.chance.choice(self.others())
        life = LIVES[self.chance.choice(list(LIVES))].life
        plain = self.filler(life).form(rule.command) | {"id": str(uuid4())}
        await self.send(rule.command.__name__, self.chance.choice(ACTORS), plain)

    def others(self) -> list[Decides | Does]:
        steps = {step.command for shapes in LIVES.values() for step in shapes.life.steps}
        return [rule for spoke in self.hub.spokes if spoke.name in (*BUSINESS, *LIVES) for rule in spoke.commands if rule.command.__name__ not in steps]

    async def looks(self, times: int) -> None:
        """At any view of the business, whatever is asked for."""
        views = [view for spoke in self.hub.spokes if spoke.name in (*BUSINESS, *LIVES) for view in spoke.views]
        for _ in range(times):
            view = self.chance.choice(views)
            raw = json.dumps(self.filler(LIVES[self.chance.choice(list(LIVES))].life).form(view.params))
            try:
                await self.hub.views.fetch(view, self.hub.views.params(view, decode(raw, dict)), DESKS[-1])
            except HubError as refusal:
                self.refusals.append((view.name, refusal))
            except Exception as error:  # noqa: BLE001 - that none comes through is what is tried
                self.broken.append(f"{view.name} {raw[:600]}: {error!r}")

    def _wish(self, shapes: Shapes, step: Step, case: UUID) -> dict[str, Any]:
        return {"id": str(uuid4()), "case": str(case), "form": self.filler(shapes.life).form(step.form)}

    def _who(self, step: Step, case: Case | None) -> Actor:
        able = [actor for actor in ACTORS if may_take(step, case, actor)]
        return self.chance.choice(able if able and self.chance.random() < 0.93 else ACTORS)

    async def load(self, case: UUID) -> Case:
        async with self.hub.db.read() as conn:
            found = await load_case(conn, case)
        assert found is not None
        return found

    # --- going on ---

    async def wanders(self, moves: int) -> None:
        lives = list(LIVES.values())
        for n in range(moves):
            if n < len(lives) * 2 or self.chance.random() < 0.12:
                await self.opens(lives[n % len(lives)])
            elif self.cases and self.chance.random() < 0.85:
                await self.goes_on(self.chance.choice(list(self.cases)))
            else:
                await self.does_else()
            if self.chance.random() < 0.05:
                self.later(self.chance.choice((1, 3, 10, 40)))
                await self.until_quiet()

    def later(self, days: int) -> None:
        self.clock.at += timedelta(days=days)
        self.hub.jobs.wake()

    async def until_quiet(self) -> None:
        """Until no errand that is due waits, however many there are: each is waited for."""
        async with asyncio.timeout(PATIENCE) as limit:
            left: list[tuple[int, int]] = []
            while waiting := await self._due():
                if waiting != left:
                    left = waiting
                    limit.reschedule(asyncio.get_running_loop().time() + PATIENCE)
                await asyncio.sleep(0.02)

    async def _due(self) -> list[tuple[int, int]]:
        due = "select id, lease from work.jobs where due <= $1 and dead is null and kind <> 'duties.sweep' order by id"
        async with self.hub.db.read() as conn:
            return [(row["id"], row["lease"]) for row in await conn.fetch(due, self.clock.at)]

    async def errands_that_failed(self) -> list[str]:
        async with self.hub.db.read() as conn:
            return [f"{row['kind']} {row['key']}: {row['error']}" for row in await conn.fetch("select kind, key, error from work.jobs where error is not null")]

    async def differing(self) -> dict[str, tuple[str, str]]:
        return await rebuild(self.hub.db, self.hub.journal, keep=False)

    async def forgotten_tables(self) -> set[str]:
        """Of the streams' schemas, those that playing the journal anew neither empties nor compares."""
        known = {*_tables(()), "cases.seen"}
        async with self.hub.db.read() as conn:
            rows = await conn.fetch("select schemaname || '.' || tablename as name from pg_tables where schemaname = any($1::text[])",
                                    sorted({name.partition(".")[0] for name in known}))
        return {row["name"] for row in rows} - known


@asynccontextmanager
async def wanderer(dsn: str, data: Path, seed: int, hostile: float, day: date = date(2026, 2, 9)) -> AsyncIterator[Wanderer]:
    clock = SetClock(begin_of(day, 10))
    settings, _ = settings_for(data)
    async with hub_on(dsn, settings, clock, (WISH_SPOKE, *STREAMS)) as hub:
        await _settled(hub)
        yield Wanderer(hub=hub, clock=clock, chance=Random(seed), hostile=hostile)


async def _settled(hub: Hub) -> None:
    places = [("city", None, "云州市"), ("district:1", "city", "望江区"), *((f"department:{n}", "city", f"{n}号局") for n in UNITS)]
    for organisation, parent, name in places:
        await hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=organisation, parent=parent, name=name), SYSTEM)
    await asyncio.gather(*(hub.desk.ask(SavePerson(
        id=uuid4(), person=derived("person", n), kind=PersonKind.DEPUTY, name=f"代表{n}", org="district:1", code=f"D{n}", delegation="望江代表团",
        term="第十六届", phone=f"+861990000010{n}"), SYSTEM) for n in range(1, 5)))
