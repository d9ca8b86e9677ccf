"""A hub with the deputies of a small city, their committee and a clock that is set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from hub.app import hub_on
from hub.directory.messages.commands import SaveOrganisation, SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from tests.flows.broadcast.stage import settings_for
from tests.flows.legislation.stage import LawStage
from tests.lives import person, sitting

CLERK, CHAIRS = sitting(Role.INTAKE), sitting(Role.COMMITTEE)
AT = datetime.fromisoformat("2026-05-11T09:00:00+08:00")
STARTS = datetime.fromisoformat("2026-05-20T09:00:00+08:00")
HALL = {"lon": 120.6994, "lat": 27.9943}


def uid(n: int) -> UUID:
    return derived("person", n)


@dataclass(kw_only=True)
class DutyStage(LawStage):
    def at(self, moment: datetime) -> None:
        self.clock.at = moment
        self.hub.jobs.wake()

    async def published(self, **more: Any) -> UUID:
        case = uuid4()
        await self.take("DraftActivity", CLERK, case, **({
            "title": "老旧小区改造视察", "kind": "inspection", "starts": STARTS, "ends": STARTS + timedelta(hours=3), "place": "望江街道", **HALL,
            "deadline": STARTS - timedelta(days=1), "hours": 3.0} | more))
        await self.take("PublishActivity", CLERK, case)
        return case

    async def part(self, activity: UUID, actor: Actor) -> dict[str, Any]:
        [row] = await self.see("activity_takings", actor, activity=str(activity))
        return row

    async def score(self, actor: Actor) -> float:
        [row] = await self.see("duty_scores", actor, year=2026)
        return float(row["total"])


@asynccontextmanager
async def on_stage(dsn: str, data: Path) -> AsyncIterator[DutyStage]:
    clock = SetClock(AT)
    settings, _ = settings_for(data)
    async with hub_on(dsn, settings, clock) as hub:
        for organisation, parent, name in (("city", None, "云州市"), ("district:1", "city", "望江区")):
            await hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=organisation, parent=parent, name=name), SYSTEM)
        for n in range(1, 5):
            await hub.desk.ask(SavePerson(id=uuid4(), person=uid(n), kind=PersonKind.DEPUTY, name=f"代表{n}", org="district:1", code=f"D{n}",
                                          delegation="望江代表团" if n < 4 else "云溪代表团", phone=f"+861990000010{n}"), SYSTEM)
        yield DutyStage(hub=hub, clock=clock)


ONE, TWO, THREE, FOUR = (person(n) for n in range(1, 5))
