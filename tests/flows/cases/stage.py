"""A hub with the small life on it, and the people of its desks."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec

from hub.app import Hub, hub_on
from hub.business import case_errands
from hub.cases import load_case
from hub.cases.shapes import LIVES
from hub.directory.messages.commands import SaveOrganisation, SavePerson
from hub.directory.messages.shapes import PersonKind
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.kernel.lifecycle import Case
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from tests.flows.broadcast.stage import (
    CALM,
    MORNING,
    Stage,
    person,
    ref,
    self_of,
    settings_for,
    settle_city,
)
from tests.flows.cases.wishes import WISH_SPOKE

__all__ = ["HANDLER", "INTAKE", "OFFICE", "OTHER_UNIT", "CaseStage", "on_stage", "ref", "self_of"]


def official(login: str, role: Role, *scopes: str) -> Actor:
    return Actor(id=f"account:{derived('account', login)}", name=login, roles=(role,), scopes=scopes)


INTAKE = official("intake", Role.INTAKE, "city")
OFFICE = official("govoffice", Role.ASSIGNER, "city")
HANDLER = official("handler5", Role.HANDLER, "department:5")
OTHER_UNIT = official("handler6", Role.HANDLER, "department:6")


class CaseStage(Stage):
    async def take(self, command: str, actor: Actor, case: UUID, **form: Any) -> Any:
        shape = LIVES["wishes"].commands[command]
        return await self.ask(msgspec.convert({"id": uuid4(), "case": case, **({"form": form} if form else {})}, shape), actor)

    async def wish(self, name: str, actor: Actor, **fields: Any) -> Any:
        return await self.ask(msgspec.convert({"id": str(uuid4()), **fields}, self.hub.desk.rule(name).command), actor)

    async def load(self, case: UUID) -> Case:
        async with self.hub.db.read() as conn:
            found = await load_case(conn, case)
        assert found is not None
        return found

    async def errand(self, kind: str, told: Any) -> None:
        """As if the process had died before the job was struck off."""
        await case_errands(self.hub.db, self.hub.desk, self.clock)[kind](told)

    async def submitted(self, who: str = "李代表", **form: Any) -> UUID:
        case = uuid4()
        await self.take("SubmitWish", self_of(who), case, **({"title": "关于修路的心愿", "text": "路不平。"} | form))
        return case

    async def in_hand(self, **form: Any) -> UUID:
        """With department 5."""
        case = await self.submitted(**form)
        await self.take("AcceptWish", INTAKE, case)
        await self.take("AssignWish", OFFICE, case, unit="department:5")
        return case

    async def case(self, case: UUID, actor: Actor = INTAKE) -> dict[str, Any]:
        return (await self.see("case", actor, case=str(case)))[0]


@asynccontextmanager
async def on_stage(dsn: str, data: Path, *, settled: bool = False) -> AsyncIterator[CaseStage]:
    clock = SetClock(MORNING)
    settings, options = settings_for(data)
    async with (running(options, turned(Knobs(), CALM), clock) as (world, port), aiohttp.ClientSession() as web,
                hub_on(dsn, settings, clock, (WISH_SPOKE,)) as hub):
        stage = CaseStage(hub=hub, clock=clock, world=world, simulator=f"http://127.0.0.1:{port}", web=web)
        if not settled:
            await settle(hub)
        yield stage


async def fill(dsn: str) -> None:
    """A database with the small city in it, to be copied."""
    with tempfile.TemporaryDirectory() as data:
        async with hub_on(dsn, settings_for(Path(data))[0], SetClock(MORNING), (WISH_SPOKE,)) as hub:
            await settle(hub)


async def settle(hub: Hub) -> None:
    await settle_city(hub)
    for n in (5, 6):
        await hub.desk.ask(SaveOrganisation(id=uuid4(), organisation=f"department:{n}", parent="city", name=f"{n}号局"), SYSTEM)
    await hub.desk.ask(SavePerson(id=uuid4(), person=person("周经办"), kind=PersonKind.HANDLER, name="周经办", org="department:5",
                                  phone="+8619900000055", openid="o_zhou", code="H5"), SYSTEM)
