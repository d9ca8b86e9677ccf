"""The servers that are compared, each in a process of its own: ours, stock python-socketio, socket.io on Node."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.record import PostgresServer, run_migrations
from hub.settings import ROOT
from tests.bench.load.cost import cpu_seconds, family, resident
from tests.bench.peers import environment
from tests.ports import free_port

READY_SECONDS = 60.0
QUIET_SECONDS, BUSY = 0.25, 0.1
WATCH = {"view": "roads", "params": {}}


class Server:
    """`auth` and `watch` are what its clients say to be told everything."""

    def __init__(self, name: str, port: int, child: asyncio.subprocess.Process, beside: Sequence[int] = ()) -> None:
        self.name, self.port = name, port
        self.auth: dict[str, Any] = {}
        self.watch: Mapping[str, Any] | None = None
        self._child, self._beside = child, beside

    async def tell(self, word: str = "tell") -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(word.encode() + b"\n")
        await self._child.stdin.drain()

    async def stall(self) -> float:
        """The loop's longest since this was last asked, in milliseconds (0 of Node); the server sweeps its memory meanwhile."""
        await self.tell("report")
        return float((await self.hears())["stall"])

    async def hears(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        async with asyncio.timeout(READY_SECONDS):
            line = await self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} has ended; its words are above")
        told: dict[str, Any] = json.loads(line)
        return told

    @property
    def files(self) -> int:
        """Open files: the connections, and some more that stay the same."""
        return len(os.listdir(f"/proc/{self._child.pid}/fd"))

    @property
    def cpu(self) -> float:
        """Of all its processes, the database's among them."""
        return cpu_seconds(family([self._child.pid, *self._beside]))

    async def rests(self, seconds: float = 20.0) -> None:
        """Until it has nothing more to do: a quarter of a second with less than a tenth of a core."""
        async with asyncio.timeout(seconds):
            before = -1.0
            while self.cpu - before > BUSY * QUIET_SECONDS:
                before = self.cpu
                await asyncio.sleep(QUIET_SECONDS)

    @property
    def memory(self) -> int:
        """Resident bytes of the process that holds the connections."""
        return resident([self._child.pid])


@asynccontextmanager
async def stock() -> AsyncIterator[Server]:
    port = free_port()
    command = (str(await environment.python()), "-m", "tests.bench.peers.stock_socketio", str(port))
    async with started("python-socketio", port, command) as server:
        yield server


@asynccontextmanager
async def node() -> AsyncIterator[Server]:
    port, folder = free_port(), await environment.node()
    async with started("socket.io on Node", port, ("node", "--expose-gc", str(folder / "server.mjs"), str(port))) as server:
        yield server


@asynccontextmanager
async def bare() -> AsyncIterator[Server]:
    """Our live layer with an open door, as the peers' are."""
    port = free_port()
    async with started("ours", port, (sys.executable, "-m", "tests.bench.live_hub", str(port))) as server:
        server.watch = WATCH
        yield server


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[Server]:
    """The whole hub; its clients sign in with a key and watch a view."""
    port, data = free_port(), folder / "data"
    data.mkdir(exist_ok=True)
    async with PostgresServer(folder / "postgres") as postgres:
        await run_migrations(postgres.dsn)
        command = (sys.executable, "-m", "tests.bench.live_hub", str(port), str(data), postgres.dsn)
        async with started("ours", port, command, [postgres.pid or 0]) as server:
            server.watch = WATCH
            yield server


@asynccontextmanager
async def started(name: str, port: int, command: Sequence[str], beside: Sequence[int] = ()) -> AsyncIterator[Server]:
    """Yields when it has said its first line."""
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    try:
        server = Server(name, port, child, beside)
        greeting = await server.hears()
        if "key" in greeting:
            server.auth = {"key": greeting["key"]}
        yield server
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
