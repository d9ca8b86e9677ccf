"""`python -m hub serve --workers N`: one port, one PostgreSQL, one Valkey, N processes.

The supervisor serves nobody. It opens what the processes share, starts them, and puts another in
the place of one that dies. SIGTERM ends all; SIGHUP replaces them one after the other (a new one
is ready before an old one hands its guests over), so that an upgrade is seen by nobody.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import msgspec
import structlog

from hub.access.secret_key import secret_key
from hub.access.seed import ensure_first_admin
from hub.access.work import Access
from hub.commands.children import Children, ended, spawn
from hub.commands.database import database, own_folder
from hub.commands.ending import until_told
from hub.commands.media import media_in
from hub.commands.up import (
    LAST_SECONDS,
    Steps,
    demo_city,
    say,
    start_carriers,
    start_stations,
    welcome,
    where_free,
)
from hub.commands.valkey import valkey_in
from hub.commands.worker import READY
from hub.gateway.server import port_taken
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Refused
from hub.record import Audit, Database, Journal, run_migrations
from hub.settings import Settings, environment

log = structlog.get_logger()

READY_SECONDS = 60.0
STOP_SECONDS = 2.0
HAND_OVER_SECONDS = 60.0
QUICKLY = 5.0
"""Who ends sooner than this after the start is started again only after a pause."""
PAUSE = 0.5


async def serve(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C, also in the middle of the start."""
    await until_told(_serve(where_free(settings)), LAST_SECONDS)


async def _serve(settings: Settings) -> None:
    steps = Steps()
    async with AsyncExitStack() as stack:
        stack.enter_context(own_folder(settings.data))
        port = stack.enter_context(_held(settings.host, settings.port)).getsockname()[1]
        async with steps.step("PostgreSQL 数据库 database"):
            dsn = await stack.enter_async_context(database(settings))
            stations = await _prepare(dsn, settings)
        valkey = settings.valkey
        if not valkey:
            async with steps.step("Valkey"):
                valkey = await stack.enter_async_context(valkey_in(settings.data / "valkey"))
        settings = msgspec.structs.replace(settings, dsn=dsn, valkey=valkey, port=port)
        await stack.enter_async_context(media_in(settings))
        crew = Crew(settings)
        async with steps.step(f"{settings.workers} 个进程 processes"):
            await stack.enter_async_context(crew.at_work())
        children = Children()
        stack.push_async_callback(children.end)
        stack.callback(say, "正在停止 stopping …")
        if settings.demo:
            async with steps.step("运营商模拟、站点 carriers, station agents"):
                await start_carriers(settings, children)
                await start_stations(settings, stations, children)
            say(welcome(settings))
        say(f"● 运行中 running   {settings.url}/   {settings.workers} 个进程 processes   (SIGHUP 滚动升级 rolling upgrade)")
        await crew.replace_when_asked()


def _held(host: str, port: int) -> socket.socket:
    """Keeps the port ours while all processes are away; it does not listen, so it takes no guest."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        held.bind((host, port))
    except OSError as error:
        held.close()
        raise port_taken(port) from error
    return held


async def _prepare(dsn: str, settings: Settings) -> int:
    """Once, before there are several. How many stations a demo city has."""
    await run_migrations(dsn)
    async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:
        key = await asyncio.to_thread(secret_key, settings.data)
        access = Access(db=db, audit=Audit(db), key=key, totp=settings.totp)
        if settings.demo:
            return await demo_city(journal, access, settings.data)
        await _first_admin(access)
    return 0


async def _first_admin(access: Access) -> None:
    first = await ensure_first_admin(access, SystemClock().now())
    if first:
        say(f"首个管理员 first administrator: {first[0]} / {first[1]}（首次登录须修改 change it at the first sign-in）")


class Crew:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places: list[asyncio.subprocess.Process] = []
        self._started: set[asyncio.subprocess.Process] = set()
        self._changing = [asyncio.Lock() for _ in range(settings.workers)]
        """Whoever puts another process in a place: one that died and an upgrade may come together."""
        self._asked = asyncio.Event()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Yields when every process has opened the port."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._asked.set)
        try:
            self._places = await self._first()
            async with asyncio.TaskGroup() as group:
                watches = [group.create_task(self._watch(place)) for place in range(len(self._places))]
                try:
                    yield
                finally:
                    for watch in watches:
                        watch.cancel()
        finally:
            await asyncio.gather(*(ended(process, STOP_SECONDS) for process in self._started))

    async def _first(self) -> list[asyncio.subprocess.Process]:
        try:
            return await asyncio.gather(*(self._start(place) for place in range(self._settings.workers)))
        except OSError as error:
            raise Refused(f"中枢的进程没有启动起来：{error}；原因见上面的日志。",
                          f"A process of the hub did not start: {error}; the reason stands in the log above.",
                          code="no-worker") from error

    async def replace_when_asked(self) -> None:
        while True:
            await self._asked.wait()
            self._asked.clear()
            for place in range(len(self._places)):
                await self._replace(place)
            say("✓ 已全部换新 all replaced")

    async def _replace(self, place: int) -> None:
        """A new one that does not come up leaves the old one at work."""
        async with self._changing[place]:
            await self._replace_alone(place)

    async def _replace_alone(self, place: int) -> None:
        old = self._places[place]
        try:
            new = await self._start(place)
        except OSError:
            log.exception("a new process does not start; the old one stays", place=place)
            return
        self._places[place] = new
        with suppress(ProcessLookupError):
            old.send_signal(signal.SIGHUP)
        try:
            async with asyncio.timeout(HAND_OVER_SECONDS):
                await old.wait()
        except TimeoutError:
            await ended(old, STOP_SECONDS)

    async def _watch(self, place: int) -> None:
        """Another in the place of who dies, at once; one that cannot live is tried again more slowly."""
        loop = asyncio.get_running_loop()
        while True:
            process, began = self._places[place], loop.time()
            code = await process.wait()
            async with self._changing[place]:
                if process is not self._places[place]:
                    continue
                log.warning("a process died; another takes its place", place=place, code=code)
                if loop.time() - began < QUICKLY:
                    await asyncio.sleep(PAUSE)
                with suppress(OSError):
                    self._places[place] = await self._start(place)

    async def _start(self, place: int) -> asyncio.subprocess.Process:
        """Returns when its port is open. Raises OSError when it does not come so far."""
        told, ready = os.pipe()
        settings = self._settings
        around = {**environment(), "HUB_DSN": settings.dsn, "HUB_VALKEY": settings.valkey, "HUB_NODE": f"w{place}",
                  "HUB_WORKERS": str(settings.workers), "HUB_CARRIERS": settings.carriers,
                  **{f"HUB_PROVINCE_{name.upper()}": value for name, value in settings.province.items()},
                  "HUB_TOTP": "on" if settings.totp else "off", "HUB_YEAR": "on" if settings.year else "off", READY: str(ready)}
        command = [sys.executable, "-m", "hub", "worker", "--port", str(settings.port), "--host", settings.host,
                   "--data", str(settings.data)]
        try:
            process = await spawn(None, command, around, (ready,))
        finally:
            os.close(ready)
        self._started = {other for other in self._started if other.returncode is None} | {process}
        if await _line(told):
            return process
        await ended(process, STOP_SECONDS)
        raise OSError(f"process {place} ended while it started ({process.returncode})")


async def _line(told: int) -> bool:
    """False when the other side ended without a word."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(told, "rb"))
    try:
        async with asyncio.timeout(READY_SECONDS):
            return bool(await reader.readline())
    except TimeoutError:
        return False
    finally:
        transport.close()
