"""All lines of one process cut at once: how long its loop is busy with it, and how long it does not come round."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import msgspec

from tests.bench import servers
from tests.bench.figure import Figure, at_most, scratch
from tests.bench.load.crowd import crowd
from tests.bench.servers import Server

CLIENTS, QUICK = 18_000, 5000
STOCK = 2000
LOOP_SECONDS = 1.0
POOL = 16
"""Files that a hub at work may hold more than one at rest: its database's connections."""


class Measured(msgspec.Struct, frozen=True):
    """Seconds of the server; milliseconds; files that did not close."""

    cpu: float
    stall: float
    left: int


async def run(quick: bool) -> list[Figure]:
    clients = QUICK if quick else CLIENTS
    with scratch() as folder:
        ours = await measure(servers.ours(folder), clients)
    stock = await measure(servers.stock(), STOCK)
    return [
        at_most(f"{clients:,} cut at once: loop time", ours.cpu, "s", LOOP_SECONDS * clients / CLIENTS),
        at_most(f"{clients:,} cut at once: connections still held afterwards", ours.left, "", 0),
        Figure(name=f"{clients:,} cut at once: longest stall of the loop", value=round(ours.stall, 1), unit="ms",
               peer=f"python-socketio with {STOCK:,}: {stock.stall:,.0f}"),
        Figure(name="CPU for a cut connection", value=round(1e6 * ours.cpu / clients, 1), unit="µs",
               peer=f"python-socketio with {STOCK:,}: {1e6 * stock.cpu / STOCK:,.0f}"),
    ]


async def measure(kind: AbstractAsyncContextManager[Server], clients: int) -> Measured:
    async with kind as server, crowd() as load:
        files = server.files
        await load.open(clients, server.port, auths=[server.auth], watch=server.watch, seconds=90)
        await server.stall()
        await server.rests()
        await server.stall()
        used = server.cpu
        await load.cut()
        await server.rests()
        used = server.cpu - used
        return Measured(used, await server.stall(), max(0, server.files - files - POOL))
