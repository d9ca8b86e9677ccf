"""Connections that do nothing: what their heartbeats cost. All servers idle side by side through whole periods.

Beside the peers stands our live layer; what the whole hub does by itself, without any connection, is shown as well.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.bench import servers
from tests.bench.fanout import cheaper
from tests.bench.figure import Figure, scratch
from tests.bench.load.crowd import crowd
from tests.bench.servers import Server

CLIENTS, QUICK = 5000, 1000
PERIOD = 25.0
"""Seconds between two pings: the default of all three."""
PERIODS = 3
EMPTY_SECONDS, REST_SECONDS = 2.0, 0.5
STOCK_AT_MOST = 4.0


async def run(quick: bool) -> list[Figure]:
    clients, seconds = (QUICK, PERIOD) if quick else (CLIENTS, PERIODS * PERIOD)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(scratch())
        hub, *every = [await stack.enter_async_context(kind)
                       for kind in (servers.ours(folder), servers.bare(), servers.stock(), servers.node())]
        loads = [await stack.enter_async_context(crowd()) for _ in every]
        await hub.rests()
        empty = await spent(every, EMPTY_SECONDS)
        for server, load in zip(every, loads, strict=True):
            await load.open(clients, server.port, watch=server.watch)
        await asyncio.sleep(REST_SECONDS)
        alone, *used = await spent([hub, *every], seconds)
        lost = sum([(await load.report()).lost for load in loads])
    ours, stock, node = (1e6 * (busy - before) / clients for busy, before in zip(used, empty, strict=True))
    at = f"{clients:,} clients, {seconds:.0f} s"
    return [
        cheaper(f"{at}: server CPU of an idle connection", ours, "python-socketio", stock, STOCK_AT_MOST, "µs/s"),
        Figure(name=f"{at}: the same beside Node", value=round(ours, 2), unit="µs/s", peer=f"socket.io on Node: {node:,.1f}"),
        Figure(name=f"{at}: the whole hub with no connection", value=round(1000 * alone, 2), unit="ms/s"),
        Figure(name=f"{at}: connections lost", value=lost, unit="", target="≤ 0", ok=lost == 0),
    ]


async def spent(every: list[Server], seconds: float) -> list[float]:
    """Of each server, in seconds a second."""
    before = [server.cpu for server in every]
    await asyncio.sleep(seconds)
    return [(server.cpu - start) / seconds for server, start in zip(every, before, strict=True)]
