"""Connections: how fast they come in, and what one that does nothing holds in memory.

The peers let everybody in, so our live layer stands beside them with an open door, and the whole hub, where every
client signs in with a key and watches a view, is shown as well; the limits on memory are the whole hub's.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

import msgspec

from tests.bench import servers
from tests.bench.fanout import cheaper
from tests.bench.figure import Figure, at_least, at_most, scratch
from tests.bench.load.crowd import crowd
from tests.bench.servers import Server

CLIENTS, QUICK = 10_000, 2000
PARALLEL, WARM = 128, 50
KB_MOST = 16.0


class Measured(msgspec.Struct, frozen=True):
    """A second; microseconds of the server for one; resident KB for one."""

    rate: float
    cpu: float
    memory: float


async def run(quick: bool) -> list[Figure]:
    clients = QUICK if quick else CLIENTS
    bare = await measure(servers.bare(), clients)
    with scratch() as folder:
        whole = await measure(servers.ours(folder), clients)
    node = await measure(servers.node(), clients)
    stock = await measure(servers.stock(), clients)
    at = f"{clients:,} clients"
    return [
        at_most(f"{at}: memory of an idle connection, whole hub", whole.memory, "KB", KB_MOST),
        cheaper(f"{at}: the same beside Node", whole.memory, "socket.io on Node", node.memory, 1.0, "KB"),
        Figure(name=f"{at}: memory, live layer alone", value=round(bare.memory, 2), unit="KB",
               peer=f"stock {stock.memory:.1f}, Node {node.memory:.1f}"),
        at_least(f"{at}: connections in a second, open door", bare.rate, "/s", 3, peer="python-socketio", than=stock.rate),
        at_least(f"{at}: the same beside Node", bare.rate, "/s", 1, peer="socket.io on Node", than=node.rate),
        Figure(name=f"{at}: server CPU for a connection, open door", value=round(bare.cpu), unit="µs",
               peer=f"stock {stock.cpu:,.0f}, Node {node.cpu:,.0f}"),
        Figure(name=f"{at}: with a key, and a view watched", value=round(whole.rate), unit="/s"),
        Figure(name=f"{at}: server and database CPU for such a one", value=round(whole.cpu), unit="µs"),
    ]


async def measure(kind: AbstractAsyncContextManager[Server], clients: int) -> Measured:
    async with kind as server, crowd() as load:
        await load.open(WARM, server.port, auths=[server.auth], watch=server.watch)
        await server.stall()
        await server.rests()
        used, held = server.cpu, server.memory
        heard = await load.open(clients, server.port, auths=[server.auth], watch=server.watch, parallel=PARALLEL)
        used = server.cpu - used
        await server.stall()
        await server.rests()
        return Measured(clients / heard.seconds, 1e6 * used / clients, (server.memory - held) / 1024 / clients)
