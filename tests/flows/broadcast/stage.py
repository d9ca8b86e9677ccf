"""A small city on a real hub, a real database and the simulated carriers; the clock stands where it is put."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec

from dispatch.messages.commands import SaveLadder, SendBroadcast
from dispatch.messages.shapes import Audience, Ladder, Rung, Until
from dispatch.words import Channel
from hub.app import Hub, hub_on
from hub.commands.maintenance import MISCOUNTED, WRONG_SUMS
from hub.directory.messages.commands import SaveOrganisation, SavePerson
from hub.directory.messages.shapes import OrgKind, PersonKind
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.kernel.messages import Command
from hub.settings import Settings
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.people import Habits
from scripts.carriers_sim.settings import Options
from scripts.carriers_sim.world import World
from tests.patience import PATIENCE
from tests.places import CHEAP_PASSWORDS
from tests.ports import free_port

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the city."""

OPERATOR = Actor(id="account:operator", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
APPROVER = Actor(id="account:approver", name="审批人", roles=(Role.APPROVER,), scopes=("city",))
DISTRICT_3 = Actor(id="account:district3", name="三区值班员", roles=(Role.OPERATOR,), scopes=("district:3",))

CALM: dict[str, Any] = {
    "delay": [0.0, 0.02], "think": [0.0, 0.02],
    "mix": {"phone": {"listen": 1}, "text": {"ignore": 1}, "wechat": {"ignore": 1}},
}
ORGS = (("city", None), ("district:1", "city"), ("district:3", "city"), ("station:1", "district:1"),
        ("station:17", "district:3"), ("station:18", "district:3"))
PEOPLE: tuple[tuple[str, PersonKind, str, str, str], ...] = (
    ("李代表", PersonKind.DEPUTY, "station:17", "+8619900000001", "o_li"),
    ("王代表", PersonKind.DEPUTY, "station:17", "+8619900000002", ""),
    ("赵代表", PersonKind.DEPUTY, "station:1", "", "o_zhao"),
    ("钱列席", PersonKind.ATTENDEE, "station:1", "", ""),
)


def person(name: str) -> UUID:
    return derived("test person", name)


def ref(name: str) -> str:
    return f"person:{person(name)}"


def phone(name: str) -> str:
    return next(row[3] for row in PEOPLE if row[0] == name)


def closed_port() -> int:
    """A port where nobody listens."""
    return free_port()


def ladder(*rungs: tuple[Channel | tuple[Channel, ...], int], tries: int = 1, until: Until = Until.CONFIRMED,
           code: str = "test") -> Ladder:
    """`rungs`: the roads and the seconds to wait."""
    return Ladder(code=code, name="测试", rungs=tuple(
        Rung(channels=roads if isinstance(roads, tuple) else (roads,), wait=wait, tries=tries, until=until)
        for roads, wait in rungs))


def wish(*names: str, **fields: Any) -> SendBroadcast:
    given: dict[str, Any] = {"title": "防汛通知", "text": "请{name}立即到岗。",
                             "audience": Audience(recipients=tuple(map(ref, names)))}
    return SendBroadcast(id=uuid4(), **(given | fields))


def self_of(name: str) -> Actor:
    return Actor(id=ref(name), name=name, roles=(Role.DEPUTY,), scopes=(ref(name),))


@dataclass(kw_only=True)
class Stage:
    hub: Hub
    clock: SetClock
    world: World
    simulator: str
    web: aiohttp.ClientSession
    ids: list[UUID] = field(default_factory=list)

    async def ask(self, command: Command, actor: Actor = OPERATOR) -> Any:
        return await self.hub.desk.ask(command, actor)

    async def climbs(self, *rungs: tuple[Channel | tuple[Channel, ...], int], **more: Any) -> str:
        """Saves a ladder and says its code."""
        saved = ladder(*rungs, **more)
        await self.ask(SaveLadder(id=uuid4(), ladder=saved), SYSTEM)
        return saved.code

    async def send(self, *names: str, actor: Actor = OPERATOR, **fields: Any) -> UUID:
        """To these people (or `audience`); says the broadcast's id."""
        command = wish(*names, **fields)
        await self.ask(command, actor)
        self.ids.append(command.id)
        return command.id

    async def see(self, view: str, actor: Actor = OPERATOR, **params: Any) -> list[dict[str, Any]]:
        found = self.hub.views.find(view, actor)
        shown = await self.hub.views.fetch(found, self.hub.views.params(found, params), actor)
        rows: list[dict[str, Any]] = msgspec.to_builtins(shown.rows)
        return rows

    async def card(self, which: UUID) -> dict[str, Any]:
        return (await self.see("broadcast", broadcast=str(which)))[0]

    async def who(self, which: UUID) -> dict[str, dict[str, Any]]:
        """Name → row of the recipients."""
        return {row["name"]: row for row in await self.see("recipients", broadcast=str(which))}

    async def outcome(self, which: UUID, name: str) -> str:
        return str((await self.who(which))[name]["outcome"])

    async def tries(self, which: UUID, name: str = "") -> list[tuple[str, str, str]]:
        """(road, state, why) in the order in which they were made."""
        rows = await self.rows(
            "select a.channel, a.state, a.why from dispatch.attempt a join dispatch.delivery d on d.id = a.delivery"
            " where a.broadcast = $1 and ($2 = '' or d.name = $2) order by a.round, a.rung, a.channel, a.try", which, name)
        return [(row["channel"], row["state"], row["why"]) for row in rows]

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        async with self.hub.db.read() as conn:
            return list(await conn.fetch(sql, *arguments))

    async def value(self, sql: str, *arguments: Any) -> Any:
        async with self.hub.db.read() as conn:
            return await conn.fetchval(sql, *arguments)

    def later(self, **by: float) -> None:
        """Time passes; whoever waits for it looks."""
        self.clock.at += timedelta(**by)
        self.hub.receipts.planned.ring()
        self.hub.jobs.wake()

    async def until(self, is_so: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> Any:
        try:
            async with asyncio.timeout(seconds):
                while not (found := await is_so()):
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise AssertionError(f"never came to be; {await self.told()}") from None
        return found

    async def told(self) -> str:
        lines = [f"{which}: {await self.tries(which)} {[(n, r['outcome'], r['rung']) for n, r in (await self.who(which)).items()]}"
                 for which in self.ids]
        return "\n".join(lines)

    async def until_tried(self, which: UUID, name: str, *wanted: tuple[str, str]) -> None:
        """Until the tries are exactly these roads in these states."""
        async def so() -> bool:
            return [one[:2] for one in await self.tries(which, name)] == list(wanted)

        await self.until(so)

    async def until_outcome(self, which: UUID, name: str, outcome: str) -> None:
        async def so() -> bool:
            return await self.outcome(which, name) == outcome

        await self.until(so)

    async def passing(self, is_so: Callable[[], Awaitable[Any]], step: float = 2.0) -> None:
        """Lets time pass until it is so."""
        async def so() -> Any:
            self.later(seconds=step)
            return await is_so()

        await self.until(so)

    async def crowd(self, size: int, **habits: Any) -> tuple[str, ...]:
        """So many more deputies of station 18, each with a telephone and WeChat."""
        names = tuple(f"代表{n}" for n in range(size))
        for n, name in enumerate(names):
            await self.ask(SavePerson(id=uuid4(), person=person(name), kind=PersonKind.DEPUTY, name=name, org="station:18",
                                      phone=f"+86199000010{n:02}", openid=f"o_crowd_{n}"), SYSTEM)
            for address in (f"+86199000010{n:02}", f"o_crowd_{n}"):
                self.world.store.habits[address] = msgspec.convert(habits, Habits)
        return names

    async def until_quiet(self) -> None:
        """Until nothing that was told waits any more."""
        async def so() -> bool:
            return not await self.value("select count(*) from dispatch.inbox where due <= $1", self.clock.now())

        await self.until(so)

    async def adds_up(self) -> None:
        """The counters equal the rows, and sum to the recipients."""
        await self.until_quiet()
        assert [dict(row) for row in await self.rows(MISCOUNTED)] == []
        assert [dict(row) for row in await self.rows(WRONG_SUMS)] == []

    def turn(self, **knobs: Any) -> None:
        self.world.knobs = turned(self.world.knobs, knobs)

    async def strike(self, road: Channel, **wish: Any) -> None:
        """Turns one road's knobs over HTTP, so that ports are closed too."""
        await self.control("PUT", "knobs", {road.value: wish})

    async def control(self, method: str, path: str, told: object) -> Any:
        async with self.web.request(method, f"{self.simulator}/control/{path}", json=told) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_type == "application/json" else None

    def habit(self, name: str, **habits: Any) -> None:
        found = next(row for row in PEOPLE if row[0] == name)
        for address in filter(None, found[3:]):
            self.world.store.habits[address] = msgspec.convert(habits, Habits)

    def messages(self, name: str) -> list[Any]:
        return list(self.world.store.messages.newest(phone(name)))

    def calls(self, name: str) -> list[Any]:
        return list(self.world.store.calls.newest(phone(name)))

    def notices(self, name: str) -> list[Any]:
        return list(self.world.store.notices.newest(next(row[4] for row in PEOPLE if row[0] == name)))


async def settle_city(hub: Hub) -> None:
    async with hub.db.read() as conn:
        if await conn.fetchval("select exists(select from directory.person where id = $1)", person(PEOPLE[-1][0])):
            return
    for org, parent in ORGS:
        await hub.desk.ask(SaveOrganisation(
            id=derived("test org", org), organisation=org, parent=parent, name=f"名{org}",
            lon=120.0 if OrgKind.STATION in org else None, lat=30.0 if OrgKind.STATION in org else None), SYSTEM)
    await asyncio.gather(*(hub.desk.ask(SavePerson(
        id=derived("test save", name), person=person(name), kind=kind, name=name, org=org, phone=number,
        openid=openid, code=f"C{number[-3:]}{openid}{name}"), SYSTEM) for name, kind, org, number, openid in PEOPLE))


@asynccontextmanager
async def city(dsn: str, data: Path, vendor_seconds: float = PATIENCE) -> AsyncIterator[Stage]:
    """`vendor_seconds`: how long the hub waits for a vendor that says nothing."""
    clock = SetClock(MORNING)
    settings, options = settings_for(data, vendor_seconds)
    async with (running(options, turned(Knobs(), CALM), clock) as (world, port), aiohttp.ClientSession() as web,
                hub_on(dsn, settings, clock) as hub):
        await settle_city(hub)
        yield Stage(hub=hub, clock=clock, world=world, simulator=f"http://127.0.0.1:{port}", web=web)


def settings_for(data: Path, vendor_seconds: float = PATIENCE) -> tuple[Settings, Options]:
    port, carriers, twilio = closed_port(), closed_port(), closed_port()
    settings = Settings(port=port, data=data, totp=False, argon2=CHEAP_PASSWORDS, carriers=f"http://127.0.0.1:{carriers}",
                        twilio={"base_url": f"http://127.0.0.1:{twilio}", "seconds": str(vendor_seconds)})
    options = Options(hub=settings.url, port=carriers, twilio_port=twilio, speed=50.0)
    return settings, options
