"""The embedded server: how soon it is there, and how soon it is gone."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from hub.record import PostgresServer
from tests.bench.figure import Figure, at_most, median, scratch
from tests.flows.record.crashes import seconds_until_gone


async def run(quick: bool) -> list[Figure]:
    rounds = 3 if quick else 9
    first, warm, stop, gone, memory = [], [], [], [], 0.0
    for _ in range(rounds):
        with scratch() as folder:
            started, _, _ = await turn(folder / "server", rest=0.0 if quick else 2.0)
            first.append(started)
            started, stopped, memory = await turn(folder / "server", rest=1.0)
            warm.append(started)
            stop.append(stopped)
            gone.append(await killed_hub(folder / "server"))
    return [
        at_most("first start", median(first), "s", 1.5),
        at_most("warm start", median(warm), "s", 0.3),
        at_most("clean stop", median(stop), "s", 0.5),
        at_most("server gone after kill -9 of the hub", median(gone), "s", 1.0),
        at_most("idle memory (PSS)", memory, "MB", 40),
    ]


async def turn(folder: Path, rest: float) -> tuple[float, float, float]:
    """Seconds to start and to stop, and the memory in between."""
    begun = time.perf_counter()
    async with PostgresServer(folder) as server:
        ready = time.perf_counter()
        await asyncio.sleep(rest)
        memory = proportional_megabytes(server.pid or 0)
        leaving = time.perf_counter()
    return ready - begun, time.perf_counter() - leaving, memory


async def killed_hub(folder: Path) -> float:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.record.hub_process", str(folder), stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout is not None
    server = int(await child.stdout.readline())
    await asyncio.sleep(0.5)
    child.kill()
    gone = await seconds_until_gone(server)
    await child.stdout.read()
    await child.wait()
    return gone


def proportional_megabytes(postmaster: int) -> float:
    """The postmaster and its children, shared pages counted once in all."""
    family = [postmaster]
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == postmaster:
                family.append(int(path.parent.name))
        except OSError:
            continue  # it ended meanwhile
    return sum(_pss(pid) for pid in family) / 1024


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
