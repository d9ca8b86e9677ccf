"""The hub as several processes, with the demo city: its 73 stations' screens are the clients.

A publisher of the bench's own is one more node on the bus: what it publishes goes the way of everything that is told.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from hub.access.secret_key import secret_key
from hub.access.seed import demo_device_keys, seed_demo_accounts
from hub.access.work import Access
from hub.directory.city import load_demo_city
from hub.kernel.clock import SystemClock
from hub.record import Audit, Database, Journal, PostgresServer, run_migrations
from tests.bench.load.cost import cpu_seconds, family, named, resident
from tests.bench.load.limits import AS_SETTING
from tests.bench.servers import Server, started
from tests.bench.stage import HUB_AND_CARRIERS, answers, process
from tests.ports import free_port

MAIN_STATION = "station:0"
CLOCK = Path(__file__).with_name("clock")
WATCH = {"view": "inbox", "params": {}}
ASKED = re.compile(rb"LOG:  (?:execute|statement)")


class City:
    """`stations`: each with the key of its screen."""

    def __init__(self, url: str, supervisor: int, postgres: PostgresServer, data: Path, stations: dict[str, str]) -> None:
        self.url, self.port, self.dsn, self.data = url, int(url.rpartition(":")[2]), postgres.dsn, data
        self.stations = stations
        self.supervisor, self._postgres = supervisor, postgres

    @property
    def auths(self) -> list[dict[str, Any]]:
        return [{"device": key} for key in self.stations.values()]

    @property
    def rooms(self) -> list[str]:
        return [f"inbox/{station}" for station in self.stations]

    @property
    def workers(self) -> list[int]:
        return named(family([self.supervisor]), "hub worker")

    @property
    def valkey(self) -> int:
        return named(family([self.supervisor]), "valkey-server")[0]

    @property
    def postgres(self) -> list[int]:
        """The server first; it is another after it was killed."""
        return family([self._postgres.pid or 0])

    @property
    def valkey_url(self) -> str:
        return f"unix://{self.data / 'valkey' / 'valkey.sock'}"

    @property
    def cpu(self) -> float:
        return cpu_seconds([*family([self.supervisor]), *self.postgres])

    def put_clocks_on(self, seconds: float) -> None:
        (self.data / "clock").write_text(str(seconds))
        for worker in self.workers:
            os.kill(worker, signal.SIGUSR1)

    @property
    def memory(self) -> int:
        """Resident bytes of the processes that hold connections."""
        return resident(self.workers)

    async def note_questions(self, wanted: bool) -> None:
        """From now on the database writes down what it is asked; its own counters come many seconds late."""
        conn = await asyncpg.connect(self.dsn)
        try:
            await conn.execute(f"alter system set log_statement = '{'all' if wanted else 'none'}'")
            await conn.execute("select pg_reload_conf()")
        finally:
            await conn.close()

    def questions(self) -> int:
        """Written down until now."""
        return len(ASKED.findall((self.data.parent / "postgres" / "postgres.log").read_bytes()))


@asynccontextmanager
async def city(folder: Path, workers: int) -> AsyncIterator[City]:
    data, port = folder / "data", free_port(HUB_AND_CARRIERS)
    data.mkdir()
    async with PostgresServer(folder / "postgres") as postgres:
        stations = await prepared(postgres.dsn, data)
        given = ("-m", "hub", "serve", "--workers", str(workers), "--port", str(port), "--data", str(data))
        settings = {"HUB_DSN": postgres.dsn, "HUB_TOTP": "off", "HUB_LIMITS": AS_SETTING,
                    "PYTHONPATH": str(CLOCK), "BENCH_CLOCK": str(data / "clock")}
        async with process(folder / "hub.log", *given, **settings) as child:
            url = f"http://127.0.0.1:{port}"
            await answers(url, child, folder / "hub.log")
            yield City(url, child.pid, postgres, data, stations)


async def prepared(dsn: str, data: Path) -> dict[str, str]:
    await run_migrations(dsn)
    at = SystemClock().now()
    async with Database.open(dsn, size=4) as db, Journal.open(db) as journal:
        access = Access(db=db, audit=Audit(db), key=await asyncio.to_thread(secret_key, data), totp=False)
        await load_demo_city(db, journal, at)
        await seed_demo_accounts(access, at)
        keys = await demo_device_keys(access, at)
    keys.pop(MAIN_STATION, None)
    return keys


@asynccontextmanager
async def publisher(url: str, rooms: Sequence[str]) -> AsyncIterator[Server]:
    """`tell` tells all rooms, `next` one after the other, `heavy` much to the first."""
    command = (sys.executable, "-m", "tests.bench.publisher", url, *rooms)
    async with started("publisher", 0, command) as server:
        yield server
