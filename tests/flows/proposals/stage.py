"""The demo city on a real hub: deputies, desks and units that take the steps of a suggestion."""

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
from hub.cases.shapes import LIVES
from hub.directory.city import load_demo_city
from hub.kernel.actor import Actor, Role
from hub.kernel.calendar import begin_of
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.record import Database, Journal
from tests.flows.broadcast.stage import settings_for
from tests.patience import PATIENCE


def official(login: str, role: Role, *scopes: str) -> Actor:
    return Actor(id=f"account:{derived('account', login)}", name=login, roles=(role,), scopes=scopes)


INTAKE = official("intake", Role.INTAKE, "city")
OFFICE = official("office", Role.ASSIGNER, "city")
COMMITTEE = official("committee", Role.COMMITTEE, "city")
VIEWER = official("viewer", Role.VIEWER, "city")
FIRST = begin_of(date(2026, 3, 2), 10)
HOUSING, EDUCATION, FINANCE = (f"department:{n}" for n in (22, 11, 18))

TEXT = {"title": "关于加快老旧小区加装电梯的建议", "topic": "urban.housing", "situation": "全市多层住宅共有四千余栋，老人上下楼难。",
        "analysis": "资金筹措难，邻里意见难统一，审批环节多。", "advice": "市级财政按每台二十万元补助，审批压缩到十个工作日。"}
REPLY = {"number": "云建复〔2026〕12号", "klass": "A", "text": "您提出的建议收悉。经研究，现答复如下：已经落实。"}
PROMISE = {"number": "云建复〔2026〕31号", "klass": "B", "text": "您提出的建议收悉。经研究，现答复如下：列入年度计划。",
           "promise": "完成二百台加装", "solve_by": "2026-06-30"}


def deputy(n: int) -> Actor:
    """The n-th deputy of the demo city, from 1."""
    ref = f"person:{derived('person', f'D{n:04d}')}"
    return Actor(id=ref, name=f"代表{n}", roles=(Role.DEPUTY,), scopes=(ref,))


def head(unit: str) -> Actor:
    return official(f"head {unit}", Role.HEAD, unit)


def handler(unit: str) -> Actor:
    return official(f"handler {unit}", Role.HANDLER, unit)


@dataclass(kw_only=True)
class ProposalStage:
    hub: Hub
    clock: SetClock

    def on(self, day: date, hour: int = 10) -> None:
        self.clock.at = begin_of(day, hour)
        self.hub.jobs.wake()

    def later(self, **by: float) -> None:
        self.clock.at += timedelta(**by)
        self.hub.jobs.wake()

    async def take(self, command: str, actor: Actor, case: UUID, **form: Any) -> Any:
        shape = LIVES["proposals"].commands[command]
        plain = {"id": str(uuid4()), "case": str(case)} | ({"form": msgspec.to_builtins(form)} if form else {})
        return await self.hub.desk.ask(msgspec.convert(plain, shape), actor)

    async def see(self, view: str, actor: Actor = INTAKE, **params: Any) -> list[dict[str, Any]]:
        found = self.hub.views.find(view, actor)
        shown = await self.hub.views.fetch(found, self.hub.views.params(found, params), actor)
        rows: list[dict[str, Any]] = msgspec.to_builtins(shown.rows)
        return rows

    async def case(self, case: UUID, actor: Actor = INTAKE) -> dict[str, Any]:
        return (await self.see("case", actor, case=str(case)))[0]

    async def row(self, case: UUID, actor: Actor = INTAKE) -> dict[str, Any]:
        found: dict[str, Any] = (await self.case(case, actor))["row"]
        return found

    async def state(self, case: UUID, actor: Actor = INTAKE) -> str:
        return str((await self.row(case, actor))["state"])

    async def until(self, is_so: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> Any:
        """Time passes a little, so that an errand that has to be tried again is."""
        async with asyncio.timeout(seconds):
            while not (found := await is_so()):
                self.later(seconds=1)
                await asyncio.sleep(0.05)
        return found

    async def until_state(self, case: UUID, state: str, actor: Actor = INTAKE) -> None:
        async def so() -> bool:
            return await self.state(case, actor) == state

        await self.until(so)

    async def value(self, sql: str, *arguments: Any) -> Any:
        async with self.hub.db.read() as conn:
            return await conn.fetchval(sql, *arguments)

    # --- stretches of a case's life ---

    async def submitted(self, lead: Actor, **text: Any) -> UUID:
        case = uuid4()
        await self.take("DraftProposal", lead, case, **(TEXT | text))
        await self.take("SubmitProposal", lead, case, one_matter=True)
        return case

    async def accepted(self, lead: Actor, **text: Any) -> UUID:
        case = await self.submitted(lead, **text)
        await self.take("AcceptProposal", INTAKE, case, topic="urban.housing", units=[HOUSING])
        return case

    async def handled(self, lead: Actor, **text: Any) -> UUID:
        case = await self.accepted(lead, **text)
        await self.take("AssignProposal", OFFICE, case, units=[HOUSING], helpers=[FINANCE])
        await self.take("SignForProposal", handler(HOUSING), case, handler="王工", phone="0500-6022001")
        return case

    async def replied(self, lead: Actor, reply: dict[str, Any] | None = None, **text: Any) -> UUID:
        case = await self.handled(lead, **text)
        await self.answer(case, reply)
        return case

    async def reply_drafted(self, case: UUID, reply: dict[str, Any] | None = None) -> None:
        await self.take("LogContact", handler(HOUSING), case, way="visit", on=self.clock.at.date(), with_whom="领衔代表", text="上门听取了意见。")
        await self.take("DraftReply", handler(HOUSING), case, **(reply or REPLY))

    async def answer(self, case: UUID, reply: dict[str, Any] | None = None) -> None:
        await self.reply_drafted(case, reply)
        await self.take("SignReply", head(HOUSING), case, sealed=True)


async def fill(dsn: str) -> None:
    """A database with the demo city in it, to be copied."""
    async with Database.open(dsn) as db, Journal.open(db) as journal:
        await load_demo_city(db, journal, FIRST)


@asynccontextmanager
async def on_stage(dsn: str, data: Path) -> AsyncIterator[ProposalStage]:
    clock = SetClock(FIRST)
    settings, _ = settings_for(data)
    async with hub_on(dsn, settings, clock) as hub:
        await load_demo_city(hub.db, hub.journal, clock.now())  # where `fill` has not
        yield ProposalStage(hub=hub, clock=clock)
