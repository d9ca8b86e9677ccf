"""Real processes: a fleet of stations, a hub that is killed in the middle, a database that is away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg

from dispatch.messages.commands import SaveLadder
from dispatch.messages.shapes import Audience, RecipientKind
from dispatch.words import Channel
from edge.answers import AnswerPolicy
from edge.backoff import Backoff
from edge.fleet import fleet, run_agents
from edge.settings import Settings as EdgeSettings
from hub.access.messages import CreateApiKey, EnrolDevice
from hub.app import hub_on
from hub.kernel.actor import SYSTEM, Role
from hub.kernel.clock import SystemClock
from hub.kernel.errors import TryAgain
from hub.record import PostgresServer
from hub.settings import ROOT, Settings
from hub.settings import environment as surroundings
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.world import World
from tests.flows.broadcast.stage import CALM, Stage, ladder, settings_for, settle_city, wish
from tests.patience import PATIENCE

C = Channel
STATIONS = ("station:1", "station:17", "station:18")


@asynccontextmanager
async def live(dsn: str, data: Path) -> AsyncIterator[Stage]:
    """The same small city in real time."""
    settings, options = settings_for(data)
    clock: Any = SystemClock()
    async with running(options, turned(Knobs(), CALM)) as (world, port), aiohttp.ClientSession() as web, hub_on(
            dsn, settings, clock) as hub:
        await settle_city(hub)
        yield Stage(hub=hub, clock=clock, world=world, simulator=f"http://127.0.0.1:{port}", web=web)


async def keys_of(stage: Stage) -> dict[str, str]:
    made = {station: await stage.ask(EnrolDevice(id=uuid4(), station=station, name="站点程序"), SYSTEM) for station in STATIONS}
    return {station: one["key"] for station, one in made.items()}


async def test_stations_hear_play_and_answer(dsn: str, tmp_path: Path) -> None:
    async with live(dsn, tmp_path) as stage:
        settings = EdgeSettings(hub=stage.hub.url, stations=await keys_of(stage), data=tmp_path / "edge",
                                answers=AnswerPolicy(0.1))
        async with fleet(settings, SystemClock(), Backoff(first=0.05, most=0.2)) as agents, asyncio.TaskGroup() as tasks:
            work = tasks.create_task(run_agents(agents))

            async def here() -> bool:
                return sum(row["online"] for row in await stage.see("stations")) == 3

            await stage.until(here)
            which = await stage.send(audience=Audience(orgs=("city",), kinds=(RecipientKind.STATION,)),
                                     ladder=await _emergency(stage))

            async def all_confirmed() -> bool:
                return (await stage.card(which))["outcomes"] == {"confirmed": 3}

            await stage.until(all_confirmed)
            rows = {row["id"]: row for row in await stage.see("stations")}
            assert [rows[station]["terminal"] for station in STATIONS] == ["confirmed"] * 3
            assert {row["channel"] for row in await stage.rows("select channel from dispatch.attempt")} == {"screen"}
            work.cancel()


async def _emergency(stage: Stage) -> str:
    return await stage.climbs((C.SCREEN, 3600), (C.SMS, 60))


async def test_the_database_goes_away_and_the_same_wish_succeeds_when_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    async with PostgresServer(folder) as server, live(server.dsn, tmp_path) as stage:
        commands = [wish("李代表", ladder="emergency") for _ in range(6)]
        await stage.ask(commands[0])
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        refusals = 0

        async def insist(command: Any) -> Any:
            nonlocal refusals
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        return await stage.ask(command)
                    except TryAgain:
                        refusals += 1
                        await asyncio.sleep(0.2)

        answers = await asyncio.gather(*map(insist, commands))

        assert refusals
        assert len({answer["broadcast"] for answer in answers}) == 6
        stage.ids += [command.id for command in commands]
        assert await stage.value("select count(*) from dispatch.broadcast") == 6

        async def there() -> bool:
            await stage.rows(HURRY)
            return not await stage.value("select count(*) from dispatch.delivery where rank < 70")

        await stage.until(there, seconds=2 * PATIENCE)
        await stage.adds_up()
    ids = [notice.client_msg_id for notice in stage.notices("李代表")]
    assert len(ids) == len(set(ids)) == 6


def environment(dsn: str, settings: Settings) -> dict[str, str]:
    return {**surroundings(), "HUB_DSN": dsn, "HUB_CARRIERS": settings.carriers, "HUB_TOTP": "off"}


@asynccontextmanager
async def serving(dsn: str, settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "serve", "--port", str(settings.port), "--data", str(settings.data), cwd=ROOT,
        env=environment(dsn, settings), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    try:
        async with aiohttp.ClientSession() as web, asyncio.timeout(PATIENCE):
            while not await is_ready(web, settings):
                await asyncio.sleep(0.1)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def is_ready(web: aiohttp.ClientSession, settings: Settings) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with web.get(f"{settings.url}/readyz") as answer:
            return answer.status == 200
    return False


async def verified(dsn: str, settings: Settings) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "verify", "--data", str(settings.data), cwd=ROOT, env=environment(dsn, settings),
        stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    return process.returncode or 0, told.decode()


@dataclass
class Sender:
    """Another system that sends and remembers what it was promised."""

    web: aiohttp.ClientSession
    url: str
    key: str
    acknowledged: set[str] = field(default_factory=set)

    async def send(self, number: int) -> None:
        body = {"id": str(uuid4()), "title": f"第{number}号", "text": "正文", "ladder": "test", "priority": "important",
                "audience": {"orgs": ["station:17"], "kinds": ["deputy"]}}
        headers = {"Authorization": f"Bearer {self.key}"}
        with contextlib.suppress(aiohttp.ClientError):
            async with self.web.post(f"{self.url}/api/commands/SendBroadcast", json=body, headers=headers) as answer:
                if answer.status == 200:
                    self.acknowledged.add(str(body["id"]))

    async def send_until_killed(self, dsn: str, settings: Settings, world: World) -> None:
        """Kills the hub while it sends, when some of the messages have reached the vendor."""
        before = len(world.store.messages)
        async with serving(dsn, settings) as process, asyncio.TaskGroup() as tasks:
            for number in range(40):
                tasks.create_task(self.send(number))
            async with asyncio.timeout(PATIENCE):
                while len(world.store.messages) < before + 10:
                    await asyncio.sleep(0.002)
            process.kill()


async def test_a_hub_killed_in_the_middle_loses_nothing_acknowledged_and_doubles_nothing(dsn: str, tmp_path: Path) -> None:
    settings, options = settings_for(tmp_path)
    settings = Settings(port=settings.port, data=settings.data, totp=False, carriers=f"http://127.0.0.1:{options.port}")
    async with hub_on(dsn, settings) as hub:
        await settle_city(hub)
        made = await hub.desk.ask(CreateApiKey(id=uuid4(), name="kill", roles=(Role.ADMINISTRATOR,), scopes=("city",)), SYSTEM)
        await hub.desk.ask(SaveLadder(id=uuid4(), ladder=ladder((C.SMS, 3600), tries=2)), SYSTEM)
    async with running(options, turned(Knobs(), CALM)) as (world, _), aiohttp.ClientSession() as web:
        sender = Sender(web, settings.url, made["key"])
        for _ in range(2):
            await sender.send_until_killed(dsn, settings, world)
        await until_all_is_known(dsn, settings)
        bodies = [(message.to, message.body.partition("http")[0]) for message in world.store.messages.newest()]

    code, told = await verified(dsn, settings)
    stands, people = await recorded(dsn)
    assert (code, told[:1]) == (0, "✓"), told
    assert sender.acknowledged
    assert sender.acknowledged <= stands
    assert len(bodies) == people


async def recorded(dsn: str) -> tuple[set[str], int]:
    owner = await asyncpg.connect(dsn)
    try:
        return ({str(row["id"]) for row in await owner.fetch("select id from dispatch.broadcast")},
                await owner.fetchval("select count(*) from dispatch.delivery"))
    finally:
        await owner.close()


UNKNOWN = "select (select count(*) from dispatch.delivery where rank < 70) + (select count(*) from dispatch.inbox)"
HURRY = ("update dispatch.attempt set lease = now() where state in ('submitting', 'unknown', 'accepted', 'sent')"
         " and lease > now() + interval '6 s' and sent_at < now() - interval '10 s'")
"""What the dead had in hand is asked after when its lease ends, in a minute or three: not to be waited for here."""


async def until_all_is_known(dsn: str, settings: Settings) -> None:
    owner = await asyncpg.connect(dsn)
    try:
        async with serving(dsn, settings), asyncio.timeout(2 * PATIENCE):
            while await owner.fetchval(UNKNOWN):
                await owner.execute(HURRY)
                await asyncio.sleep(0.5)
    finally:
        await owner.close()
