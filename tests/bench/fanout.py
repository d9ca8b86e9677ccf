"""One event of 200 bytes to everybody: what a delivery costs the server, and when it is there.

One event after another: the next is told when the last client has the one before, so nothing is batched. The peers run in
the same call; stock python-socketio compresses for every client, because clients offer what browsers offer.
"""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager

import msgspec

from tests.bench import servers
from tests.bench.figure import Figure, scratch
from tests.bench.load.crowd import Crowd, crowd
from tests.bench.servers import Server


class Size(msgspec.Struct, frozen=True):
    """`events` for us and for Node; stock is asked for a tenth, or it would take minutes. CPU per delivery is to be
    at most 1/`stock` and 1/`node` of the peers'."""

    clients: int
    events: int
    stock: float
    node: float


class Measured(msgspec.Struct, frozen=True):
    """Microseconds for a delivery of the server and of the load; deliveries a second; milliseconds."""

    cpu: float
    load: float
    rate: float
    p50: float
    p99: float


SIZES = (Size(1000, 200, 14, 2.2), Size(10_000, 30, 18, 1.8))
QUICK = (Size(1000, 50, 14, 2.2), Size(3000, 15, 15, 2.0))
WARM = 3


async def run(quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    for size in QUICK if quick else SIZES:
        with scratch() as folder:
            ours = await measure(servers.ours(folder), size, size.events)
        node = await measure(servers.node(), size, size.events)
        stock = await measure(servers.stock(), size, max(3, size.events // 10))
        figures += compared(size, ours, stock, node)
    return figures


async def measure(kind: AbstractAsyncContextManager[Server], size: Size, events: int) -> Measured:
    async with kind as server, crowd() as load:
        await load.open(size.clients, server.port, auths=[server.auth], watch=server.watch)
        await turns(server, load, WARM)
        used, before = server.cpu, await load.report()
        seconds = await turns(server, load, events)
        used, after = server.cpu - used, await load.report()
        told = events * size.clients
        return Measured(1e6 * used / told, 1e6 * (after.cpu - before.cpu) / told, told / seconds,
                        after.percentile(0.5), after.percentile(0.99))


async def turns(server: Server, load: Crowd, events: int) -> float:
    """Seconds until everybody has had them all. Raises RuntimeError when some did not come."""
    await load.clear()
    begun = time.perf_counter()
    for turn in range(1, events + 1):
        await server.tell()
        heard = await load.until(turn)
        if heard.fresh != turn * load.size:
            raise RuntimeError(f"{server.name}: {heard.fresh} of {turn * load.size} deliveries came")
    return time.perf_counter() - begun


def compared(size: Size, ours: Measured, stock: Measured, node: Measured) -> list[Figure]:
    at = f"{size.clients:,} clients"
    return [
        cheaper(f"{at}: server CPU for a delivery beside stock", ours.cpu, "python-socketio", stock.cpu, size.stock),
        cheaper(f"{at}: server CPU for a delivery beside Node", ours.cpu, "socket.io on Node", node.cpu, size.node),
        *(Figure(name=f"{at}: {words}", value=round(getattr(ours, field), 2), unit=unit,
                 peer=f"stock {getattr(stock, field):,.1f}, Node {getattr(node, field):,.1f}")
          for field, words, unit in (("rate", "deliveries", "/s"), ("p50", "at the client, p50", "ms"),
                                     ("p99", "at the client, p99", "ms"), ("load", "the load's own CPU for a delivery", "µs"))),
    ]


def cheaper(name: str, value: float, peer: str, than: float, target: float, unit: str = "µs") -> Figure:
    """The peer's cost to ours."""
    ratio = than / value if value else 0.0
    return Figure(name=name, value=round(value, 2), unit=unit, peer=f"{peer}: {than:,.1f}", ratio=round(ratio, 2),
                  target=f"≥ {target:g} ×", ok=ratio >= target)
