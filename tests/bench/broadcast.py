"""The main job: a broadcast to the whole demo city and every receipt back, and one to 20,000 people.

The city is the one of `python -m hub up`: hub, carrier simulator and 73 station agents, each in its own
process. A console watches over a real socket, as the browser does; its clock is the agents' clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import msgspec

from adapters.hub import HubClient
from hub.commands.maintenance import MISCOUNTED, WRONG_SUMS
from hub.kernel.clock import SystemClock
from hub.kernel.ids import uuid7
from hub.record import PostgresServer, run_migrations
from tests.bench.figure import Figure, at_least, at_most, median, percentile, scratch
from tests.bench.stage import console, cpu_seconds, hub, operator

STATIONS = 73
CROWD = 20_000
REACHED = frozenset({"delivered", "read", "confirmed"})
STEPS = (("delivered_at", REACHED), ("read_at", REACHED - {"delivered"}), ("confirmed_at", frozenset({"confirmed"})))
WAIT = 20.0
REST = 6.0
"""Seconds a round goes on after the last station: people and stations answer meanwhile."""
IMPORT_SECONDS = 60.0
QUIET_SECONDS, QUIET_SHARE = 15, 0.1
"""Waited at most so long for the hub to use less than this share of a processor."""
FIRST_RUNG = """
select coalesce(sum(n), 0)::int from dispatch.count where broadcast = $1 and kind = 'road' and key in ('page', 'screen')"""


async def run(quick: bool) -> list[Figure]:
    """Quick: one round in the city and one of the crowd; else five and three."""
    with scratch() as folder:
        async with PostgresServer(folder / "postgres") as server:
            await run_migrations(server.dsn)
            async with hub("up", folder, server.dsn) as (url, pid), operator(url) as asker:
                city = City(url, asker)
                crowd = Crowd(url, asker, server.dsn, pid)
                found = await city.rounds(1 if quick else 5)
                took = await crowd.arrive()
                planned = [await crowd.round(n) for n in range(1 if quick else 3)]
                return [*city_figures(found), *crowd_figures(planned, took), await counters(server.dsn)]


class Round(msgspec.Struct):
    answer: float
    all_stations: float
    acks: list[float]
    """Seconds from what a station noted to the row on the console that shows it, sorted."""


class City:
    def __init__(self, url: str, asker: HubClient) -> None:
        self._url, self._asker = url, asker
        self._sent = ""
        self._first: dict[tuple[str, str], float] = {}
        """(station, outcome) → when the console first showed it of the broadcast sent last."""
        self._heard = asyncio.Event()

    async def rounds(self, count: int) -> list[Round]:
        async with console(self._url, self._hear) as screen:
            await screen.watch("stations")
            await screen.watch("broadcasts")
            async with asyncio.timeout(WAIT):
                while sum(row["online"] for row in screen.rows["stations"].values()) < STATIONS:
                    await asyncio.sleep(0.1)
            return [await self._round(screen) for _ in range(count)]

    async def _round(self, screen: Any) -> Round:
        self._first, self._sent = {}, str(uuid7(SystemClock().now()))
        begun = time.time()
        await self._asker.ask("SendBroadcast", wish(self._sent, "emergency", orgs=["city"]))
        answered = time.time()
        await screen.watch("board", broadcast=self._sent)
        last = await self._all_stations()
        await asyncio.sleep(REST - (REST if last == float("inf") else 0))
        acks = await self._acks()
        await self._asker.ask("CancelBroadcast", {"id": str(uuid7(SystemClock().now())), "broadcast": self._sent})
        return Round(answered - begun, last - begun, sorted(acks))

    async def _all_stations(self) -> float:
        try:
            async with asyncio.timeout(WAIT):
                while len({station for station, _ in self._first}) < STATIONS:
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            return float("inf")
        return max(min(at for (station, _), at in self._first.items() if station == one)
                   for one in {station for station, _ in self._first})

    async def _acks(self) -> list[float]:
        """What the console has not shown yet counts as if it were shown now."""
        now = time.time()
        found = await self._asker.view("recipients", {"broadcast": self._sent, "kind": ["station"], "limit": 200})
        took = []
        for row in found["rows"]:
            for when, outcomes in STEPS:
                if row[when]:
                    shown = [at for outcome in outcomes if (at := self._first.get((row["ref"], outcome)))]
                    took.append(min(shown, default=now) - datetime.fromisoformat(row[when]).timestamp())
        return took

    def _hear(self, view: str, changes: Mapping[str, Any], at: float) -> None:
        if view != "stations":
            return
        for station, row in changes.items():
            if row and row["broadcast"] == self._sent and row["terminal"] in REACHED:
                self._first.setdefault((station, row["terminal"]), at)
                self._heard.set()


class Planned(msgspec.Struct):
    answer: float
    planned: float
    """Seconds from the answer until everybody has a first rung."""
    urgent: float
    """Seconds from sending an emergency in the midst of it until its station had it."""
    cpu: float


class Crowd:
    def __init__(self, url: str, asker: HubClient, dsn: str, pid: int) -> None:
        self._url, self._asker, self._dsn, self._pid = url, asker, dsn, pid

    async def arrive(self) -> float:
        """Imports 20,000 people at the 73 stations, all with a phone and an openid; seconds it took."""
        lines = ["编号,姓名,类别,所属单位,手机,微信OpenID,标签"]
        lines += [f"B{n:05d},群众{n:05d},列席人员,station:{n % STATIONS + 1},1990{n + 1_000_000:07d},o_bench_{n},压测"
                  for n in range(CROWD)]
        begun = time.perf_counter()
        async with asyncio.timeout(IMPORT_SECONDS), operator(self._url, "admin") as admin:
            form = aiohttp.FormData()
            form.add_field("file", "\n".join(lines).encode(), filename="crowd.csv")
            report = await admin._call("POST", "/api/import/people?dry_run=0", data=form)
        if report["new"] != CROWD or not report["applied"]:
            raise RuntimeError(str(report)[:2000])
        return time.perf_counter() - begun

    async def round(self, number: int) -> Planned:
        big, small = (str(uuid7(SystemClock().now())) for _ in range(2))
        conn = await asyncpg.connect(self._dsn)
        await self._quiet()
        before = cpu_seconds(self._pid)
        try:
            async with self._station_watched(small) as reached, asyncio.TaskGroup() as group:
                begun = time.perf_counter()
                asked = group.create_task(self._asker.ask("SendBroadcast", wish(big, "ordinary", tags=["压测"])))
                urgent = group.create_task(self._urgent(small, number, asked, reached))
                said = await asked
                answered = time.perf_counter()
                planned = await first_rung(conn, UUID(big), said["recipients"])
                cpu = cpu_seconds(self._pid) - before
                took = await urgent
            for which in (big, small):
                await self._asker.ask("CancelBroadcast", {"id": str(uuid7(SystemClock().now())), "broadcast": which})
            return Planned(answered - begun, planned - answered, took, cpu)
        finally:
            await conn.close()

    async def _quiet(self) -> None:
        """Until the hub has nothing left of what was before: people go on answering for a while."""
        for _ in range(QUIET_SECONDS):
            used = cpu_seconds(self._pid)
            await asyncio.sleep(1)
            if cpu_seconds(self._pid) - used < QUIET_SHARE:
                return

    @asynccontextmanager
    async def _station_watched(self, broadcast: str) -> AsyncIterator[asyncio.Event]:
        reached = asyncio.Event()

        def hear(view: str, changes: Mapping[str, Any], _at: float) -> None:
            if any(row and row["broadcast"] == broadcast and row["terminal"] in REACHED for row in changes.values()):
                reached.set()

        async with console(self._url, hear) as screen:
            await screen.watch("stations")
            yield reached

    async def _urgent(self, which: str, number: int, big: asyncio.Task[Any], reached: asyncio.Event) -> float:
        """Asked as soon as the crowd's answer is there: while it is being planned."""
        await big
        begun = time.perf_counter()
        await self._asker.ask("SendBroadcast", wish(which, "emergency", recipients=[f"station:{number + 1}"]))
        async with asyncio.timeout(WAIT):
            await reached.wait()
        return time.perf_counter() - begun


async def first_rung(conn: asyncpg.Connection[asyncpg.Record], broadcast: UUID, people: int) -> float:
    """Everybody's first rung has a try by socket, taken or suppressed: the counters of these two tell."""
    async with asyncio.timeout(WAIT):
        while await conn.fetchval(FIRST_RUNG, broadcast) < people:
            await asyncio.sleep(0.005)
    return time.perf_counter()


def wish(which: str, priority: str, **audience: Any) -> dict[str, Any]:
    return {"id": which, "title": "防汛通知", "text": "{name}：请各站点立即检查防汛物资，收到请回复。", "priority": priority,
            "audience": audience, "options": [{"code": "received", "label": "收到"}]}


async def counters(dsn: str) -> Figure:
    conn = await asyncpg.connect(dsn)
    try:
        wrong = await conn.fetch(MISCOUNTED)
        sums = await conn.fetch(WRONG_SUMS)
    finally:
        await conn.close()
    return at_most("counters that differ from the rows", len(wrong) + len(sums), "counters", 0)


def city_figures(found: list[Round]) -> list[Figure]:
    acks = sorted(took for one in found for took in one.acks)
    return [
        at_most(f"{STATIONS} stations' receipts on the console after sending to the city",
                median([one.all_stations for one in found]), "s", 2.0),
        at_most(f"a station's ack to the console, p99 of {len(acks)}", percentile(acks, 0.99), "s", 1.0),
        Figure(name="a station's ack to the console, median", value=round(percentile(acks, 0.5), 3), unit="s"),
        at_least("acks measured", len(acks), "", STATIONS * len(found)),
        Figure(name="SendBroadcast to the city answered", value=round(median([one.answer for one in found]), 3), unit="s"),
    ]


def crowd_figures(found: list[Planned], imported: float) -> list[Figure]:
    return [
        at_most(f"{CROWD:,} recipients planned after the answer", median([one.planned for one in found]), "s", 2.0),
        Figure(name=f"SendBroadcast to {CROWD:,} answered", value=round(median([one.answer for one in found]), 3), unit="s"),
        at_most("an emergency meanwhile: on the console", median([one.urgent for one in found]), "s", 2.0),
        Figure(name="hub's processor time for it", value=round(median([one.cpu for one in found]), 2), unit="s"),
        at_most(f"{CROWD:,} people imported (their own bench: 10,000 in 20 s)", imported, "s", 40.0),
    ]


