"""A hub with the desks that make local regulations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from hub.app import Hub, hub_on
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import begin_of
from hub.kernel.clock import SetClock
from tests.flows.broadcast.stage import settings_for
from tests.lives import person, sitting, unit
from tests.patience import PATIENCE

CLERK, CHAIRS, UNIT, DEPUTY = sitting(Role.LEGISLATOR), sitting(Role.COMMITTEE), unit(22), person(1)
FIRST = "第一条 为了加强电梯安全管理，制定本条例。\n第二条 本市行政区域内电梯的使用，适用本条例。\n第三条 使用单位应当每月检查一次。"
SECOND = "第一条 为了加强电梯安全管理，制定本条例。\n第二条 使用单位应当每半月检查一次。\n第三条 本市行政区域内电梯的使用，适用本条例。\n第四条 违反规定的，处五千元罚款。"


@dataclass(kw_only=True)
class LawStage:
    hub: Hub
    clock: SetClock

    def on(self, day: date) -> None:
        self.clock.at = begin_of(day, 10)
        self.hub.jobs.wake()

    async def ask(self, command: str, actor: Actor, **fields: Any) -> Any:
        shape = self.hub.desk.rule(command).command
        return await self.hub.desk.ask(msgspec.convert(msgspec.to_builtins({"id": uuid4(), **fields}), shape), actor)

    async def take(self, command: str, actor: Actor, case: UUID, **form: Any) -> Any:
        return await self.ask(command, actor, case=case, **({"form": form} if form else {}))

    async def see(self, view: str, actor: Actor = CLERK, **params: Any) -> list[dict[str, Any]]:
        found = self.hub.views.find(view, actor)
        shown = await self.hub.views.fetch(found, self.hub.views.params(found, params), actor)
        rows: list[dict[str, Any]] = msgspec.to_builtins(shown.rows)
        return rows

    async def row(self, case: UUID) -> dict[str, Any]:
        return (await self.see("case", case=str(case)))[0]["row"]

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        """In the end time passes a little, so that an errand that failed is tried again."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(PATIENCE):
            while not await is_so():
                await asyncio.sleep(0.02)
                if loop.time() > began + PATIENCE / 4:
                    self.clock.at += timedelta(seconds=1)
                    self.hub.jobs.wake()

    def state_is(self, case: UUID, state: str) -> Callable[[], Awaitable[bool]]:
        async def holds() -> bool:
            return bool((await self.row(case))["state"] == state)

        return holds

    def notice(self, actor: Actor, words: str) -> Callable[[], Awaitable[bool]]:
        async def holds() -> bool:
            return any(words in one["zh"] for one in await self.see("case_notices", actor))

        return holds

    async def paper(self, actor: Actor) -> str:
        """As if it had been uploaded: what is decided looks at its row only."""
        file = uuid4()
        async with self.hub.db.transaction() as conn:
            await conn.execute("insert into files.file(id, name, mime, size, sha256, purpose, by_id, at) values($1, '材料.pdf', 'application/pdf', "
                               "3, '\\x00', 'case', $2, $3)", file, actor.id, self.clock.at)
        return str(file)

    async def planned(self, **more: Any) -> UUID:
        case = uuid4()
        await self.take("EnterProject", CLERK, case, title="电梯安全条例", subject="urban_rural", source="suggestion", **more)
        await self.take("PlanProject", CLERK, case, year=2026, proposer="市人民政府", drafting="department:22", submit_on="2026-05-08",
                        first_on="2026-06-25", second_on="2026-08-27", feasibility=[await self.paper(CLERK)], suggested=[await self.paper(CLERK)])
        await self.take("ConsultProvince", CLERK, case, province_said="无不同意见")
        await self.take("SetPlan", CHAIRS, case, meeting="第三十次主任会议", held_on="2026-01-05")
        return case

    async def distributed(self) -> UUID:
        case = await self.planned()
        self.on(date(2026, 5, 8))
        await self.take("SubmitBill", UNIT, case, meeting="常委会第四十次会议", meeting_on="2026-06-25", text=FIRST, explanation=[await self.paper(UNIT)])
        await self.take("ReferBill", CLERK, case)
        self.on(date(2026, 5, 20))
        await self.take("ListBill", CHAIRS, case, meeting="常委会第四十次会议", meeting_on="2026-06-25")
        self.on(date(2026, 6, 18))
        await self.take("DistributeBill", CLERK, case, meeting="常委会第四十次会议", meeting_on="2026-06-25")
        return case

    async def open_for_comment(self) -> UUID:
        case = await self.distributed()
        self.on(date(2026, 6, 25))
        await self.take("HoldReading", CLERK, case, held_on="2026-06-25", record="原则同意")
        await self.take("PublishDraft", CLERK, case, comment_until="2026-07-15")
        return case


@asynccontextmanager
async def on_stage(dsn: str, data: Path) -> AsyncIterator[LawStage]:
    clock = SetClock(begin_of(date(2026, 1, 5), 10))
    settings, _ = settings_for(data)
    async with hub_on(dsn, settings, clock) as hub:
        yield LawStage(hub=hub, clock=clock)
