"""A small city whose citizens speak: two districts with a station each, two departments, the desks over them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from hub.directory.messages.commands import SaveOrganisation
from hub.kernel.actor import SYSTEM, Actor, Role
from tests.flows.duties.stage import CLERK, ONE, DutyStage, on_stage
from tests.flows.gateway.citizen import Citizen
from tests.lives import unit

WATER, ROADS = unit(5, Role.HANDLER), unit(6, Role.HANDLER)
SAID = "小区水压太低，早晚都没有水，打电话13900001111找我。"


def desk_of(place: str) -> Actor:
    return Actor(id=f"account:intake-{place}", name=f"{place}工作台", roles=(Role.INTAKE,), scopes=(place,))


STATION, OTHER_STATION, DISTRICT = desk_of("station:1"), desk_of("station:2"), desk_of("district:2")


@dataclass(kw_only=True)
class OpinionStage:
    duty: DutyStage
    citizen: Citizen

    async def said(self, to: str = "station:1", text: str = SAID, **more: Any) -> UUID:
        """By a citizen who scanned a code."""
        taken = await self.citizen.say("opinions", to=to, text=text, **({"kind": "building", "name": "王女士", "phone": "13900001111"} | more))
        return UUID(taken["id"])

    async def own(self, *cases: UUID) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await self.citizen.read("opinions?" + "&".join(f"id={case}" for case in cases)))["rows"]
        return rows

    async def assigned(self, case: UUID, desk: Actor = CLERK, **more: Any) -> None:
        await self.duty.take("AssignOpinion", desk, case, **({"unit": "department:5", "kind": "building"} | more))

    async def answered(self, case: UUID, handler: Actor = WATER, answer: str = "已更换水泵") -> None:
        await self.duty.take("AcceptOpinion", handler, case)
        await self.duty.take("AnswerOpinion", handler, case, answer=answer)

    async def rated(self, case: UUID, rating: str, status: int = 200, **more: Any) -> Any:
        return await self.citizen.say(f"opinions/{case}/rating", status=status, rating=rating, **more)

    async def case(self, case: UUID, actor: Actor = CLERK) -> dict[str, Any]:
        return (await self.duty.see("case", actor, case=str(case)))[0]

    async def figures(self, actor: Actor = CLERK, **more: Any) -> dict[str, Any]:
        rows = await self.duty.see("opinion_figures", actor, **more)
        return rows[0] if rows else {}


@asynccontextmanager
async def opinion_stage(dsn: str, data: Path) -> AsyncIterator[OpinionStage]:
    async with on_stage(dsn, data) as duty, aiohttp.ClientSession() as web:
        places = (("district:2", "city", "云溪区"), ("station:1", "district:1", "望江站"), ("station:2", "district:2", "云溪站"),
                  ("department:5", "city", "水务局"), ("department:6", "city", "住建局"))
        for place, parent, name in places:
            await duty.hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=place, parent=parent, name=name, address="幸福路8号", hours="周三上午"), SYSTEM)
        yield OpinionStage(duty=duty, citizen=Citizen(web, duty.hub.settings.url))


__all__ = ["CLERK", "DISTRICT", "ONE", "OTHER_STATION", "ROADS", "SAID", "STATION", "WATER", "OpinionStage", "opinion_stage"]
