"""All agents of one process: one, or a whole city for demonstrations and load."""

from __future__ import annotations

import asyncio
import importlib
import random
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from typing import Any, cast

import aiohttp
import structlog

from edge.agent import Agent, Equipment
from edge.backoff import Backoff
from edge.calls.telephone import Install
from edge.pocket import Pocket
from edge.settings import Settings, sink_of
from edge.shelf import Shelf
from hub.kernel.clock import Clock, SystemClock
from hub.kernel.errors import Refused

log = structlog.get_logger("edge.fleet")

LANES = 4
"""Threads that write pockets; each pocket stays on one, so its writes keep their order."""
MOST_DOWNLOADS = 16
STAGGER = 0.01
"""Seconds between two stations, on average."""


@asynccontextmanager
async def fleet(settings: Settings, clock: Clock, backoff: Backoff | None = None,
                ) -> AsyncIterator[tuple[Agent, ...]]:
    """The agents, ready to run; pockets are closed afterwards."""
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=MOST_DOWNLOADS)
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()))
        lanes = [stack.enter_context(ThreadPoolExecutor(1, f"pocket-{n}"))
                 for n in range(min(LANES, len(settings.stations)))]
        shelf = Shelf(settings.data / "audio", settings.hub, session)
        await asyncio.to_thread(shelf.forget_old, clock.now())
        pockets = await _open_all(settings, lanes, stack)
        yield tuple(
            Agent(station, key, pockets[station], Equipment(
                hub=settings.hub, shelf=shelf, sink=sink_of(settings, station), clock=clock,
                backoff=backoff or Backoff(), answers=settings.answers,
                telephone=_telephones(settings, session, clock)))
            for station, key in settings.stations.items())


def _telephones(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Install | None:
    """Raises Refused. What calls need is imported only here: an agent without calls stays light."""
    if settings.calls is None:
        return None
    try:
        install: Any = importlib.import_module("edge.calls.install")
    except ImportError as error:
        raise Refused("接听呼叫需要 aiortc。请安装它，或去掉 --calls。",
                      "Taking calls needs the package aiortc. Install it, or leave out --calls.",
                      code="no-aiortc") from error
    return cast("Install", install.installer(settings, settings.calls, session, clock))


async def _open_all(settings: Settings, lanes: Sequence[ThreadPoolExecutor],
                    stack: AsyncExitStack) -> dict[str, Pocket]:
    """Many disks' worth of waiting at once: opening and closing 73 in a row would take seconds."""
    pockets: dict[str, Pocket] = {}

    async def open_one(station: str, lane: ThreadPoolExecutor) -> None:
        pockets[station] = await Pocket.open(settings.home(station), lane)

    async def close_all() -> None:
        async with asyncio.TaskGroup() as tasks:
            for pocket in pockets.values():
                tasks.create_task(pocket.close())

    stack.push_async_callback(close_all)
    async with asyncio.TaskGroup() as tasks:
        for station, lane in zip(settings.stations, cycle(lanes), strict=False):
            tasks.create_task(open_one(station, lane))
    return pockets


async def run_agents(agents: Sequence[Agent]) -> None:
    """Until cancelled. They come one after another, so that a city is no stampede."""
    async with asyncio.TaskGroup() as tasks:
        for number, agent in enumerate(agents):
            tasks.create_task(_run_late(agent, number * STAGGER * 2 * random.random()))


async def _run_late(agent: Agent, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await agent.run()


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with fleet(settings, SystemClock()) as agents, asyncio.TaskGroup() as tasks:
        log.info("started", stations=len(agents), hub=settings.hub, data=str(settings.data))
        running = [tasks.create_task(run_agents(agents))]
        if sys.stderr.isatty():
            running.append(tasks.create_task(_show(agents)))
        await stop.wait()
        for task in running:
            task.cancel()
    log.info("stopped")


async def _show(agents: Sequence[Agent]) -> None:
    while True:
        connected = sum(agent.link.joined.is_set() for agent in agents)
        playing = sum(agent.playing is not None for agent in agents)
        unsent = sum(agent.unsent for agent in agents)
        talking = sum(len(one.talking) for agent in agents for one in agent.telephones)
        sys.stderr.write(f"\r\x1b[K站点 {len(agents)} · 在线 {connected} · 播放 {playing} · 待报 {unsent} · 通话 {talking}")
        sys.stderr.flush()
        await asyncio.sleep(1)
