"""Who calls whom in these tests: the real desk, journal, rows, jobs and tellings of a hub, without its doors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from hub.bus.memory import MemoryBus
from hub.desk import Desk
from hub.directory.messages.commands import SaveOrganisation, SavePerson
from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.directory.spoke import DIRECTORY
from hub.gateway.views import Views
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.presence.memory import MemoryPresence
from hub.record import Audit, Database, Jobs, Journal
from hub.telling import Teller
from media.calls.hosting import Ticking
from media.calls.messages import commands as c
from media.calls.messages.shapes import CallOptions
from media.calls.projection import TICK
from media.calls.spoke import calls_spoke
from media.calls.words import CallKind
from tests.patience import PATIENCE

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the city, a Monday."""
ORGS = (("city", None), ("district:1", "city"), ("district:3", "city"), ("station:0", "city"), ("station:1", "district:1"),
        ("station:17", "district:3"), ("station:18", "district:3"))
SEATS = {"duty": ("值班员", "operator", "city"), "second": ("二席", "operator", "city"), "third": ("三区值班员", "operator", "district:3")}


def account(login: str) -> Actor:
    name, role, scope = SEATS[login]
    return Actor(id=f"account:{derived('account', login)}", name=name, roles=(Role(role),), scopes=(scope,))


def station(number: int) -> Actor:
    return Actor(id=f"station:{number}", name=f"站{number}", roles=(Role.STATION,), scopes=(f"station:{number}",))


def deputy(name: str) -> Actor:
    ref = f"person:{derived('test person', name)}"
    return Actor(id=ref, name=name, roles=(Role.DEPUTY,), scopes=(ref,))


DUTY, SECOND, THIRD = (account(login) for login in SEATS)
MAIN, ONE, SEVENTEEN, EIGHTEEN = (station(number) for number in (0, 1, 17, 18))
LI, WANG = deputy("李代表"), deputy("王代表")


@dataclass(kw_only=True)
class Board:
    db: Database
    desk: Desk
    views: Views
    jobs: Jobs
    clock: SetClock
    presence: MemoryPresence
    teller: Teller
    bus: MemoryBus

    async def ask(self, command: Any, actor: Actor = DUTY) -> Any:
        return await self.desk.ask(command, actor)

    async def see(self, view: str, actor: Actor = DUTY, **params: Any) -> list[dict[str, Any]]:
        found = self.views.find(view, actor)
        shown = await self.views.fetch(found, self.views.params(found, params), actor)
        rows: list[dict[str, Any]] = msgspec.to_builtins(shown.rows)
        return rows

    def later(self, seconds: float) -> None:
        """Time passes; whoever waits for it looks."""
        self.clock.at += timedelta(seconds=seconds)
        self.jobs.wake()

    async def until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await is_so():
                await asyncio.sleep(0.01)

    async def start(self, kind: CallKind, *targets: Actor | str, by: Actor = DUTY, priority: int = 3, **options: Any) -> UUID:
        refs = tuple(one if isinstance(one, str) else one.id for one in targets)
        wish = c.StartCall(id=uuid4(), kind=kind, targets=refs, priority=priority, options=CallOptions(**options))
        return UUID((await self.ask(wish, by))["call"])

    async def do(self, shape: Any, call: UUID, by: Actor = DUTY, **more: Any) -> Any:
        """An act in a call; members are named by who they are."""
        given = {name: value.id if isinstance(value, Actor) else value for name, value in more.items()}
        return await self.ask(shape(id=uuid4(), call=call, **given), by)

    async def answer(self, call: UUID, *members: Actor) -> None:
        for one in members:
            await self.do(c.AnswerCall, call, one)

    async def connected(self, call: UUID, *members: Actor, up: bool = True) -> None:
        """What the media plane tells."""
        for one in members:
            await self.do(c.SeePeer, call, SYSTEM, ref=one.id, up=up)

    async def talking(self, *members: Actor, by: Actor = DUTY, kind: CallKind = CallKind.GROUP, **more: Any) -> UUID:
        """A call in which everybody named has answered and media flows."""
        call = await self.start(kind, *members, by=by, **more)
        await self.answer(call, *members)
        await self.connected(call, by, *members)
        return call

    async def row(self, call: UUID, actor: Actor = DUTY) -> dict[str, Any]:
        found: dict[str, Any] = (await self.see("call", actor, call=str(call)))[0]["call"]
        return found

    async def members(self, call: UUID, actor: Actor = DUTY) -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in await self.see("call_members", actor, call=str(call))}

    async def states(self, call: UUID, *members: Actor) -> list[str]:
        found = await self.members(call)
        return [found[one.id]["state"] for one in members]

    async def ends(self, call: UUID) -> str:
        """Why it ends, once it has."""
        async def so() -> bool:
            return (await self.row(call))["state"] == "ended"

        await self.until(so)
        return str((await self.row(call))["why"])

    async def until_states(self, call: UUID, members: tuple[Actor, ...], *states: str) -> None:
        async def so() -> bool:
            return await self.states(call, *members) == list(states)

        try:
            await self.until(so)
        except TimeoutError:
            raise AssertionError(f"they are {await self.states(call, *members)}") from None

    async def mine(self, actor: Actor) -> dict[UUID, dict[str, Any]]:
        return {UUID(row["id"]): row for row in await self.see("my_calls", actor)}

    async def lines(self, actor: Actor = DUTY) -> dict[str, str]:
        return {row["id"]: row["state"] for row in await self.see("lines", actor)}

    async def history(self, call: UUID) -> list[tuple[str, str, str]]:
        """(what, by whom, about whom)"""
        return [(row["act"], row["by_name"], row["ref_name"]) for row in await self.see("call_history", call=str(call))]


async def settle(desk: Desk, db: Database) -> None:
    for org, parent in ORGS:
        await desk.ask(SaveOrganisation(
            id=derived("test org", org), organisation=org, parent=parent, name=f"名{org}",
            lon=120.0 if OrgKind.STATION in org else None, lat=30.0 if OrgKind.STATION in org else None), SYSTEM)
    for one, number in ((LI, "+8619900000001"), (WANG, "")):
        await desk.ask(SavePerson(id=derived("test save", one.id), person=UUID(one.id[7:]), kind=PersonKind.DEPUTY, name=one.name,
                                  org="station:17", phone=number, code=f"C-{one.name}"), SYSTEM)
    async with db.transaction() as conn:
        for login, (name, role, scope) in SEATS.items():
            await conn.execute("insert into access.account(id, login, name, password_hash, roles, scopes, created)"
                               " values ($1, $2, $3, '', $4, $5, now())", derived("account", login), login, name, [role], [scope])


@asynccontextmanager
async def board_on(db: Database, journal: Journal) -> AsyncIterator[Board]:
    clock, presence, bus, audit = SetClock(MORNING), MemoryPresence(linger=0.0), MemoryBus(), Audit(db)
    spoke, teller = calls_spoke(presence, clock), Teller(db, bus)
    teller.show([*DIRECTORY.views, *spoke.views])
    desk = Desk(db=db, journal=journal, audit=audit, teller=teller, clock=clock, spokes=(DIRECTORY, spoke))
    jobs = Jobs(db, clock)
    views = Views(db, audit, teller, [*DIRECTORY.views, *spoke.views], clock)
    async with asyncio.TaskGroup() as group:
        works = [group.create_task(jobs.run({TICK: Ticking(desk.ask, clock).pass_time})), group.create_task(teller.run())]
        yield Board(db=db, desk=desk, views=views, jobs=jobs, clock=clock, presence=presence, teller=teller, bus=bus)
        for work in works:
            work.cancel()
