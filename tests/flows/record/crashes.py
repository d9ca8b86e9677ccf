"""Kills the server or the hub in the middle of appends, and looks at what stands afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from uuid import UUID

import msgspec

from hub.kernel.errors import TryAgain
from hub.record import Database, Journal, PostgresServer, run_migrations
from tests.flows.record.writing import wish
from tests.patience import PATIENCE

ENOUGH = 20
"""Acknowledged commands before a kill: it comes in the middle of work."""


class Aftermath(msgspec.Struct, frozen=True):
    acknowledged: int
    lost: int
    """Acknowledged, but not in the journal."""
    partial: int
    """Commands of which only some events stand."""
    dense: bool
    recovery: float
    """Seconds from the worst kill to the next acknowledged command."""


async def audit(db: Database, acknowledged: dict[UUID, int], recovery: float) -> Aftermath:
    async with db.read() as connection:
        stands = {r["cmd"]: r["n"] for r in await connection.fetch("select cmd, count(*) n from es.events group by cmd")}
        bounds = await connection.fetchrow("select count(*) n, coalesce(max(pos), 0) head from es.events")
    assert bounds is not None
    lost = sum(cmd not in stands for cmd in acknowledged)
    partial = sum(stands.get(cmd, n) != n for cmd, n in acknowledged.items() if n)
    return Aftermath(len(acknowledged), lost, partial, bounds["n"] == bounds["head"], recovery)


class Writers:
    """Append for ever; `acknowledged` holds each command's number of events."""

    def __init__(self, journal: Journal) -> None:
        self.acknowledged: dict[UUID, int] = {}
        self.over = asyncio.Event()
        self._journal = journal

    async def write(self, worker: int) -> None:
        n = 0
        while not self.over.is_set():
            asked = wish((f"w-{worker}-{n}", -1, 1 + n % 3))
            with contextlib.suppress(TryAgain):
                await self._journal.append(asked)
                self.acknowledged[asked.cmd] = 1 + n % 3
                n += 1

    async def acknowledges(self, more: int) -> None:
        before = len(self.acknowledged)
        async with asyncio.timeout(PATIENCE):
            while len(self.acknowledged) < before + more:
                await asyncio.sleep(0.005)


async def kill_server(folder: Path, cycles: int, pause: float = 0.3) -> Aftermath:
    """SIGKILL to the postmaster, again and again, while 16 writers append: after `pause`, and some that were acknowledged."""
    recovery = 0.0
    async with PostgresServer(folder) as server:
        await run_migrations(server.dsn)
        async with Database.open(server.dsn) as db, Journal.open(db) as journal:
            writers = Writers(journal)
            async with asyncio.TaskGroup() as group:
                for worker in range(16):
                    group.create_task(writers.write(worker))
                for _ in range(cycles):
                    await asyncio.sleep(pause)
                    await writers.acknowledges(ENOUGH)
                    recovery = max(recovery, await kill_once(server, writers))
                writers.over.set()
            return await audit(db, writers.acknowledged, recovery)


async def kill_once(server: PostgresServer, writers: Writers) -> float:
    """Seconds from the kill to the next acknowledged command."""
    killed, pid = time.perf_counter(), server.pid or 0
    os.kill(pid, signal.SIGKILL)
    await seconds_until_gone(pid)
    await asyncio.sleep(0.01)  # answers of the dead that are still under way
    await writers.acknowledges(1)
    return time.perf_counter() - killed


async def kill_hub(folder: Path) -> Aftermath:
    """SIGKILL to a whole hub process while it appends; its server is gone soon afterwards."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.record.hub_process", str(folder), stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    server = int(await child.stdout.readline())
    async with asyncio.timeout(PATIENCE):
        first = [(await child.stdout.readline()).decode() for _ in range(ENOUGH)]
    child.kill()
    await seconds_until_gone(server)
    said = (await child.stdout.read()).decode().split("\n")[:-1]
    await child.wait()
    acknowledged = {UUID(line.strip()): 0 for line in (*first, *said)}
    begun = time.perf_counter()
    async with PostgresServer(folder) as again, Database.open(again.dsn) as db:
        return await audit(db, acknowledged, time.perf_counter() - begun)


async def seconds_until_gone(pid: int) -> float:
    begun = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        while alive(pid):
            await asyncio.sleep(0.005)
    return time.perf_counter() - begun


def alive(pid: int) -> bool:
    """False also for a dead process that nobody has reaped yet. One that is reaped between opening and reading has no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
