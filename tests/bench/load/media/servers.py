"""The servers, each in a process of its own: the plane (with and without C), Janus as shipped and with one event loop,
stock aiortc. All are asked the same: take somebody who sends, take somebody who watches."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from hub.kernel.errors import TryAgain
from hub.settings import ROOT, environment
from media.line import Line
from media.plane_engine import PlaneEngine
from media.shapes import Allowed, FloorRules, Part, RoomWish
from media.wires_studio import CONTROL_SOCKET, OfStudio
from tests.bench.load.cost import cpu_seconds, family
from tests.bench.load.media.caller import HOST, Caller
from tests.bench.load.media.janus import Janus, configured
from tests.flows.studio.stage import Studio
from tests.ports import free_port

READY = 30.0
ROOM = "call:bench"
JANUS = shutil.which("janus")


PARTS = {"audio sendonly": Part.MIC, "video sendonly": Part.CAMERA, "audio recvonly": Part.HEAR, "video recvonly": Part.WATCH}


def peer_of(name: str) -> str:
    return f"station:{name}@{ROOM}#a"


class Server(Protocol):
    name: str

    @property
    def cpu(self) -> float:
        """Seconds, of all its threads."""

    async def publish(self, caller: Caller, name: str) -> None: ...

    async def watch(self, caller: Caller, name: str, of: str) -> None:
        """`of`: who publishes."""


class Plane:
    def __init__(self, name: str, engine: PlaneEngine, pid: int) -> None:
        self.name, self.engine, self.pid = name, engine, pid
        self._version = 0

    @property
    def cpu(self) -> float:
        return cpu_seconds([self.pid])

    async def taken(self) -> float:
        """Packets it has read."""
        return (await self.engine.figures())["received"]

    async def publish(self, caller: Caller, name: str) -> None:
        await self._join(caller, name, Allowed(hear=False))

    async def watch(self, caller: Caller, name: str, of: str) -> None:
        await self._join(caller, name, Allowed(talk=False, show=False))

    async def _join(self, caller: Caller, name: str, allowed: Allowed) -> None:
        parts = {str(mid): PARTS[direction] for mid, direction in enumerate(caller.directions)}
        joined = await self.engine.join(
            peer=peer_of(name), room=ROOM, offer=caller.offer(), parts=parts, name=name, by=name, allowed=allowed)
        await caller.connect(joined.answer)

    async def clear(self, floor: FloorRules | None = None) -> None:
        await self.engine.close_room(ROOM)
        self._version += 1
        await self.engine.settle(RoomWish(room=ROOM, version=self._version, floor=floor, others=Allowed()))


@asynccontextmanager
async def plane(folder: Path, *, c: bool = True, first: int | None = None) -> AsyncIterator[Plane]:
    """Without C: no compiler is found on its path. `first`: number with which what it sends begins."""
    home = folder / ("plane-c" if c else "plane-python")
    home.mkdir(parents=True, exist_ok=True)
    engine = PlaneEngine(home / "plane.sock")
    path = {} if c else {"PATH": str(home)}
    words = ("-m", "media", "plane", "--socket", str(home / "plane.sock"), "--host", HOST)
    numbers = () if first is None else ("--first-number", str(first))
    async with child(home / "log", sys.executable, *words, *numbers, **path) as process, asyncio.TaskGroup() as tasks:
        line = tasks.create_task(engine.run())
        async with asyncio.timeout(READY):
            while engine.away:
                await asyncio.sleep(0.02)
        one = Plane("plane with C" if c else "plane, pure Python", engine, process.pid)
        await one.clear()
        try:
            yield one
        finally:
            line.cancel()


@asynccontextmanager
async def studio(folder: Path) -> AsyncIterator[Studio]:
    told: list[Any] = []
    line = Line(folder / CONTROL_SOCKET, OfStudio, away=lambda: TryAgain("", "the studio is away"), told=told.append, lost=lambda: None)
    words = (sys.executable, "-m", "media", "studio", str(folder))
    async with child(folder.with_suffix(".log"), *words) as process, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(line.run())
        async with asyncio.timeout(READY):
            while not line.up:
                await asyncio.sleep(0.02)
        try:
            yield Studio(folder, process, line, told)
        finally:
            running.cancel()


class Stock:
    """aiortc as it comes."""

    def __init__(self, url: str, web: aiohttp.ClientSession, pid: int) -> None:
        self.name, self._url, self._web, self._pid = "aiortc", url, web, pid

    async def begin(self, task: str) -> None:
        """relay, record or listen; everybody who is there goes."""
        await _answers(self._web, self._url)
        await self.ask(f"begin?task={task}")

    async def taken(self) -> float:
        return float(await self.ask("taken"))

    @property
    def cpu(self) -> float:
        return cpu_seconds(family([self._pid]))

    async def publish(self, caller: Caller, name: str) -> None:
        await caller.connect(await self.ask("publish", caller.offer()))

    async def watch(self, caller: Caller, name: str, of: str) -> None:
        await caller.connect(await self.ask("watch", caller.offer()))

    async def ask(self, what: str, body: str = "") -> str:
        async with self._web.post(f"{self._url}/{what}", data=body, timeout=aiohttp.ClientTimeout(total=READY)) as answer:
            answer.raise_for_status()
            return await answer.text()


@asynccontextmanager
async def stock(folder: Path) -> AsyncIterator[Stock]:
    """It starts while others are at work: `begin` waits for it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    words = ("-m", "tests.bench.peers.media.stock_aiortc", str(port), str(folder))
    async with child(folder / "aiortc.log", sys.executable, *words) as process, aiohttp.ClientSession() as web:
        yield Stock(url, web, process.pid)


async def _answers(web: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(READY):
        while True:
            try:
                async with web.get(url + "/"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


@asynccontextmanager
async def janus(folder: Path, *, loops: int) -> AsyncIterator[Janus]:
    """`loops` 0: as Debian ships it, a thread for each handle."""
    assert JANUS is not None
    home, port = folder / f"janus-{loops}", free_port()
    configured(home, port, loops)
    async with child(home / "log", JANUS, "-F", str(home), "-C", str(home / "janus.jcfg")) as process, aiohttp.ClientSession() as web:
        one = Janus(f"Janus, event_loops={loops}" if loops else "Janus as shipped", process.pid)
        async with asyncio.timeout(READY):
            while not await one.dial(web, f"ws://127.0.0.1:{port}"):
                await asyncio.sleep(0.1)
        async with asyncio.TaskGroup() as tasks:
            hearing = [tasks.create_task(one.hear()), tasks.create_task(one.stay())]
            await one.begin()
            try:
                yield one
            finally:
                for task in hearing:
                    task.cancel()


@asynccontextmanager
async def child(log: Path, *command: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=dict(environment()) | settings)
    try:
        yield process
    finally:
        if process.returncode is None:
            os.kill(process.pid, 9)
        await process.wait()


