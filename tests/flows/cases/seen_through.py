"""Everybody tries every door of the business at cases that are not his. Who may see what is asked of the model alone (`may_see`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import msgspec

from hub.cases.paper import paper
from hub.cases.params import OfCase
from hub.cases.shapes import LIVES
from hub.cases.sheets import export_cases
from hub.cases.spoke import DESKS as DESKS_OF_STREAMS
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import Conflict, Malformed, Refused
from hub.kernel.lifecycle import Case, may_see, may_take
from hub.spoke import View
from hub.streams.proposals.export import export_year
from tests.flows.cases.wanderer import BUSINESS, DEPUTIES, DESKS, HANDS, Wanderer
from tests.lives import person, unit

SAMPLE, SHORT = 10, 6
NOWHERE = "\x00"
EVERYBODY_S = ("lifecycles", "case_rules", "case_calendar", "case_days", "search_abilities")
"""Views that show tables, no cases."""
COUNTED = ("snapshot_sendings",)
"""Views whose rows are what figures count: a case stands there by its number alone."""
HEARD_OF = ("case_notices",)
"""Who was told of a case while it lay on his desk keeps what he was told, unless it is confidential: then at most that it is his no longer."""
GIVEN: dict[str, Any] = {"year": 2026, "start": "2026-02-09", "n": 5, "old": 1, "new": 2, "q": "电梯", "title": "电梯", "text": "电梯加装老旧小区停车道路学校医院" * 4}


def everybody() -> list[Actor]:
    district = [Actor(id=f"account:d-{role}", name="", roles=(role,), scopes=("district:1",)) for role in (Role.ADMINISTRATOR, Role.INTAKE)]
    plain = [Actor(id=f"account:{role}", name="", roles=(role,), scopes=("city",)) for role in (Role.OPERATOR, Role.VIEWER)]
    station = Actor(id="station:17", name="", roles=(Role.STATION,), scopes=("station:17",))
    return [DEPUTIES[0], *DESKS, HANDS[0], *district, *plain, station, unit(33), person(9)]


@dataclass(kw_only=True)
class Outsiders:
    one: Wanderer
    cases: dict[UUID, Case]
    known: dict[str, set[UUID]] = field(default_factory=dict)

    @classmethod
    async def of(cls, one: Wanderer) -> Outsiders:
        """With the cases that the hub has opened itself, e.g. what a deputy's suggestion counts."""
        async with one.hub.db.read() as conn:
            one.cases |= {row["id"]: row["stream"] for row in await conn.fetch("select id, stream from cases.item")}
        return cls(one=one, cases={case: await one.load(case) for case in one.cases})

    def hidden(self, actor: Actor) -> set[UUID]:
        """But those whose id stands in what he may see (merged into, speaks of): that says nothing of the case itself."""
        if actor.id not in self.known:
            unseen = {case for case, there in self.cases.items() if not may_see(LIVES[self.one.cases[case]].life, there, actor)}
            seen = " ".join(str(msgspec.to_builtins(there.facts)) for case, there in self.cases.items() if case not in unseen)
            self.known[actor.id] = {case for case in unseen if str(case) not in seen}
        return self.known[actor.id]

    def sampled(self, actor: Actor) -> list[UUID]:
        """Of each stream and state one first."""
        kinds = {(self.one.cases[case], self.cases[case].state): case for case in sorted(self.hidden(actor))}
        return list(kinds.values())[:SAMPLE]

    # --- views ---

    def views(self) -> list[View]:
        found = [view for spoke in self.one.hub.spokes if spoke.name in (*BUSINESS, *LIVES) for view in spoke.views]
        return [view for view in found if view.name not in EVERYBODY_S]

    async def views_that_tell(self) -> list[str]:
        return [f"{view.name} tells {actor.roles[0]} of {actor.scopes[0]} of {self.one.cases[case]} {self.cases[case].state}"
                for actor in everybody() for view in self.views() if actor.may(view.permission)
                async for case in self._told(view, actor)]

    async def _told(self, view: View, actor: Actor) -> AsyncIterator[UUID]:
        hidden = self.hidden(actor)
        for params in self._asked(view, actor):
            shown = await self._shown(view, params, actor)
            for case in hidden:
                if view.name in HEARD_OF and not self.cases[case].facts.confidential:
                    continue
                if self._mark(view, case) in shown:
                    yield case

    def _mark(self, view: View, case: UUID) -> str:
        """What betrays it: its number; its title, where that is long enough to be no other's."""
        if view.name not in (*COUNTED, *HEARD_OF):
            return str(case)
        title = str(self.cases[case].facts.title)
        return title if len(title) > SHORT else NOWHERE

    def _asked(self, view: View, actor: Actor) -> Iterator[dict[str, Any]]:
        needed = [field.name for field in msgspec.structs.fields(view.params) if field.required]
        about = next((name for name in ("case", "activity", "project", "document") if name in needed or (name == "case" and view.name == "case_steps")), "")
        several: list[tuple[str, Any]] = [(about, str(case)) for case in self.sampled(actor)] if about else [("", "")]
        if "stream" in needed:
            several = [("stream", stream) for stream in LIVES]
        if "person" in needed:
            several = [("person", ref.id.removeprefix("person:")) for ref in DEPUTIES]
        for name, value in several:
            any_ = self.one.filler(None).form(view.params)
            yield {key: GIVEN.get(key, any_[key]) for key in needed} | ({name: value} if name else {}) | {
                key: GIVEN[key] for key in ("title", "text") if view.name in ("similar", "related")}

    async def _shown(self, view: View, params: dict[str, Any], actor: Actor) -> str:
        views = self.one.hub.views
        try:
            shown = await views.fetch(view, views.params(view, params), actor)
        except Malformed as wrong:
            raise AssertionError(f"{view.name} cannot be tried with {params}: {wrong.en}") from wrong
        except Refused:
            return ""
        return str(msgspec.to_builtins(shown.rows))

    # --- files ---

    async def files_that_tell(self) -> list[str]:
        found: list[str] = []
        async with self.one.hub.db.read() as conn:
            for actor in everybody():
                titles = {self.cases[case].facts.title for case in self.hidden(actor)} - {self.cases[case].facts.title for case in self.cases.keys() - self.hidden(actor)}
                for stream in LIVES:
                    sheet = (await export_cases(conn, actor, {"which": stream}, "csv")).decode("utf-8-sig")
                    found += [f"export {stream} to {actor.roles[0]}: {title}" for title in titles if len(title) > 3 and title in sheet]
                for case in self.sampled(actor):
                    found += await self._paper(conn, case, actor)
                try:
                    sheet = (await export_year(conn, actor, {}, "csv")).decode("utf-8-sig")
                except Refused:
                    continue
                found += [f"year to {actor.roles[0]}: {title}" for title in titles if len(title) > 3 and title in sheet]
        return found

    async def _paper(self, conn: Any, case: UUID, actor: Actor) -> list[str]:
        try:
            await paper(conn, OfCase(case), actor, self.one.clock.at)
        except Refused:
            return []
        return [f"paper of {self.one.cases[case]} to {actor.roles[0]}"]

    # --- commands ---

    async def commands_that_work(self) -> list[str]:
        """Who neither sees a case nor may take the step is refused, and not told in which state it is."""
        found: list[str] = []
        for actor in everybody():
            for case in self.sampled(actor):
                shapes, there = LIVES[self.one.cases[case]], self.cases[case]
                for step in self.one.chance.sample(shapes.life.steps, 2):
                    if not step.frm or may_take(step, there, actor):
                        continue
                    plain = {"id": str(uuid4()), "case": str(case), "form": self.one.filler(shapes.life).form(step.form)}
                    found += await self._tried(shapes.commands[step.command], plain, actor)
        return found

    async def commands_of_the_city_that_a_district_does(self) -> list[str]:
        """What a stream has beyond its cases holds for the whole city."""
        found: list[str] = []
        for rule in self.one.others():
            for actor in everybody():
                if rule.permission in DESKS_OF_STREAMS and actor.may(rule.permission) and actor.scopes == ("district:1",):
                    plain = self.one.filler(None).form(rule.command) | {"id": str(uuid4())}
                    found += await self._tried(rule.command, plain, actor)
        return found

    async def _tried(self, shape: Any, plain: dict[str, Any], actor: Actor) -> list[str]:
        try:
            await self.one.hub.desk.ask(msgspec.convert(plain, shape), actor)
        except Conflict as told:
            return [f"{shape.__name__} tells {actor.roles[0]}: {told.en}"]
        except (Refused, msgspec.ValidationError):
            return []
        return [f"{shape.__name__} is done by {actor.roles[0]}"]


