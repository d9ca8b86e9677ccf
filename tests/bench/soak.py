"""What goes wrong, one thing after another, while events go out: processes killed, lines cut and dead, Valkey and PostgreSQL
away, readers that stand still, clocks that jump, an upgrade. Afterwards everybody is there and has had each event once and in order, or was told to begin anew."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import msgspec

from adapters.hub import HubClient
from hub.kernel.errors import HubError
from tests.bench.city import WATCH, City, city, publisher
from tests.bench.figure import Figure, at_most, scratch
from tests.bench.load.crowd import Crowd, Heard, crowd
from tests.bench.servers import Server
from tests.bench.stage import operator
from tests.bench.talk import fresh_id


class Size(msgspec.Struct, frozen=True):
    """`away`: seconds of an outage. `dead`: seconds of a dead line, longer than the hub believes in it. `slow`: of a reader
    that stands still."""

    clients: int
    workers: int
    rounds: int
    away: float
    dead: float
    slow: float


FULL, QUICK = Size(5000, 3, 3, 30.0, 70.0, 10.0), Size(600, 2, 1, 2.0, 0.0, 3.0)
BEAT = 0.4
"""Seconds between two events to everybody."""
SHARE = 0.1
PATIENCE = 60.0
LOOK = 0.1
FOUND_OUT = 10.0
"""Seconds in which a process is sure that a database that says nothing is away, and reads are answered without it."""
HEAVY = 300
"""Events of 60 KB: more than the kernels and the hub keep for one who does not read."""
JUMP = 5 * 3600.0
LEAK_KB = 1.0
"""For a client, from the first round to the last."""


class Reads(msgspec.Struct):
    """Of one who is signed in, while PostgreSQL is away. `old`: answered with what was known before."""

    asked: int = 0
    old: int = 0
    refused: int = 0
    slowest: float = 0.0


class Soak:
    def __init__(self, hub: City, load: Crowd, node: Server, size: Size) -> None:
        self.hub, self.load, self.size, self.node = hub, load, size, node
        self.sent = 0
        self.reads = Reads()

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._tell())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell(self) -> None:
        while True:
            self.sent += 1
            await self.node.tell()
            await asyncio.sleep(BEAT)

    async def everybody_is_there(self) -> Heard:
        """And has the next event. Raises TimeoutError with who is not."""
        wanted, until = self.sent + 1, time.monotonic() + PATIENCE
        while True:
            heard = await self.load.report(wanted=wanted)
            if heard.live == self.load.size and not heard.behind:
                return heard
            if time.monotonic() > until:
                raise TimeoutError(f"{self.load.size - heard.live} are away, {heard.behind} behind: {heard.why} {heard.closes}")
            await asyncio.sleep(LOOK)


async def cut_lines(soak: Soak) -> None:
    await soak.load.cut(SHARE)


async def dead_lines(soak: Soak) -> None:
    await soak.load.deaf(SHARE, soak.size.dead)
    await asyncio.sleep(soak.size.dead)


async def slow_readers(soak: Soak) -> None:
    await soak.load.deaf(SHARE, soak.size.slow)
    for _ in range(HEAVY):
        await soak.node.tell("heavy")
    await asyncio.sleep(soak.size.slow)


async def clocks_jump(soak: Soak) -> None:
    """Forth and back, in all processes at once."""
    for seconds in (JUMP, 0.0):
        soak.hub.put_clocks_on(seconds)
        await soak.load.cut(SHARE)
        await soak.everybody_is_there()


async def kill_worker(soak: Soak) -> None:
    os.kill(soak.hub.workers[0], signal.SIGKILL)


async def stop_valkey(soak: Soak) -> None:
    with standing_still([soak.hub.valkey]):
        await asyncio.sleep(soak.size.away)


async def kill_valkey(soak: Soak) -> None:
    """It comes back without its memory."""
    os.kill(soak.hub.valkey, signal.SIGKILL)


async def stop_postgres(soak: Soak) -> None:
    async with asked_until_done(soak):
        with standing_still(soak.hub.postgres):
            await asyncio.sleep(max(soak.size.away, FOUND_OUT))


async def kill_postgres(soak: Soak) -> None:
    async with asked_until_done(soak):
        os.kill(soak.hub.postgres[0], signal.SIGKILL)


@asynccontextmanager
async def asked_until_done(soak: Soak) -> AsyncIterator[None]:
    """Views are read all along. A command that cannot be carried out meanwhile is asked again, with the same id, until
    it is; then what is read is as it is again."""
    wish = {"id": fresh_id(), "name": "停库时建的群", "members": ["station:1"]}
    async with operator(soak.hub.url) as asker, operator(soak.hub.url) as reader:
        await reader.view("stations", {})
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(read_on(reader, soak.reads, over))
            yield
            over.set()
        async with asyncio.timeout(PATIENCE):
            while not (await done(asker, wish) and await is_new(reader)):
                await asyncio.sleep(LOOK)


async def read_on(reader: HubClient, reads: Reads, over: asyncio.Event) -> None:
    while not over.is_set():
        begun = time.monotonic()
        reads.asked += 1
        try:
            reads.old += await is_old(reader)
        except HubError:
            reads.refused += 1
        reads.slowest = max(reads.slowest, time.monotonic() - begun)
        await asyncio.sleep(LOOK)


async def is_old(reader: HubClient) -> bool:
    return bool((await reader.view("stations", {}))["as_of"])


async def is_new(reader: HubClient) -> bool:
    with suppress(HubError):
        return not await is_old(reader)
    return False


async def done(asker: HubClient, wish: dict[str, Any]) -> bool:
    with suppress(HubError):
        await asker.ask("CreateGroup", wish)
        return True
    return False


async def upgrade(soak: Soak) -> None:
    before = set(soak.hub.workers)
    os.kill(soak.hub.supervisor, signal.SIGHUP)
    async with asyncio.timeout(PATIENCE):
        while before & set(soak.hub.workers):
            await asyncio.sleep(LOOK)


FAULTS: dict[str, Callable[[Soak], Awaitable[None]]] = {
    "a tenth of the lines cut": cut_lines,
    "a tenth of the lines dead": dead_lines,
    "a tenth read nothing": slow_readers,
    "clocks jump by five hours and back": clocks_jump,
    "kill -9 of a process": kill_worker,
    "Valkey stands still": stop_valkey,
    "kill -9 of Valkey": kill_valkey,
    "PostgreSQL stands still": stop_postgres,
    "kill -9 of PostgreSQL": kill_postgres,
    "a rolling upgrade": upgrade,
}


async def run(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    faults = {name: fault for name, fault in FAULTS.items() if size.dead or fault is not dead_lines}
    stood: dict[str, list[Stood]] = {name: [] for name in faults}
    with scratch() as folder:
        async with city(folder, size.workers) as hub, crowd() as load, publisher(hub.valkey_url, hub.rooms) as node:
            await load.open(size.clients, hub.port, auths=hub.auths, watch=WATCH, exact=True, returns=True)
            soak, memory = Soak(hub, load, node, size), list[int]()
            async with soak.telling():
                await soak.everybody_is_there()
                await load.clear()
                for _ in range(size.rounds):
                    for name, fault in faults.items():
                        stood[name].append(await stand(soak, fault))
                    memory.append(hub.memory)
                heard = await soak.everybody_is_there()
    return figures(size, stood, heard, memory) + reads_of(soak.reads)


class Stood(msgspec.Struct, frozen=True):
    """Seconds from the fault until everybody has had the next event; clients who came back, in their place or not."""

    seconds: float
    resumed: int
    anew: int


async def stand(soak: Soak, fault: Callable[[Soak], Awaitable[None]]) -> Stood:
    begun, before = time.monotonic(), await soak.load.report()
    await fault(soak)
    after = await soak.everybody_is_there()
    return Stood(time.monotonic() - begun, after.recovered - before.recovered, after.lost_place - before.lost_place)


def figures(size: Size, stood: dict[str, list[Stood]], heard: Heard, memory: list[int]) -> list[Figure]:
    at = f"{size.clients:,} clients, {size.workers} processes"
    return [
        *(Figure(name=f"{at}: {name}, until everybody has had the next event", value=round(max(one.seconds for one in each), 2),
                 unit="s", peer=f"{sum(one.resumed for one in each):,} resumed, {sum(one.anew for one in each):,} anew")
          for name, each in stood.items()),
        at_most("events missed by who was not told to begin anew", heard.missing, "events", 0),
        at_most("events told twice or out of order", heard.doubled, "events", 0),
        at_most("memory grown for a client since the first round", max(0.0, (memory[-1] - memory[0]) / 1024 / size.clients),
                "KB", LEAK_KB),
    ]


def reads_of(reads: Reads) -> list[Figure]:
    return [
        at_most("reads refused while PostgreSQL was away", reads.refused, f"of {reads.asked:,}", 0),
        Figure(name="reads answered meanwhile with what was known before", value=reads.old, unit=f"of {reads.asked:,}"),
        Figure(name="the longest that one read took, until it was known that PostgreSQL is away", value=round(reads.slowest, 2), unit="s"),
    ]


@contextmanager
def standing_still(pids: Iterable[int]) -> Iterator[None]:
    stopped = list(pids)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
