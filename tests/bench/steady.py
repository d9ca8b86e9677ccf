"""Everybody there for ten minutes: a broadcast by command every so often, while others talk. None is dropped, memory stays."""

from __future__ import annotations

import asyncio
import time

import msgspec

from adapters.hub import HubClient
from tests.bench import cluster
from tests.bench.city import City, city
from tests.bench.cluster import TALK_RATE, broadcast, everybody
from tests.bench.figure import Figure, at_most, median, scratch
from tests.bench.load.crowd import Crowd, crowd
from tests.bench.stage import operator
from tests.bench.talk import talking


class Size(msgspec.Struct, frozen=True):
    there: cluster.Size
    seconds: float
    every: float
    """Seconds from one broadcast to the next."""


FULL, QUICK = Size(cluster.FULL, 600.0, 30.0), Size(cluster.QUICK, 15.0, 5.0)
FLAT = 0.02
"""Share by which memory may have grown from the second minute to the last, of all there was."""
SETTLED = 0.2
"""Of the time: what is filled once (the ring, pools) is filled then."""


async def run(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    with scratch() as folder:
        async with city(folder, size.there.workers) as hub, crowd(size.there.swarms) as load:
            await everybody(hub, load, size.there, size.there.clients)
            async with operator(hub.url) as asker, talking(hub.url, TALK_RATE, hub.stations) as talk:
                last, held = await through(hub, load, asker, size)
            heard = await load.report()
    settled = held[int(len(held) * SETTLED):]
    at = f"{size.there.clients:,} clients for {size.seconds / 60:g} minutes, {size.there.workers} processes"
    return [
        at_most(f"{at}: memory grown by", 100 * (settled[-1] / min(settled) - 1), "%", 100 * FLAT),
        Figure(name="resident memory at the end", value=round(held[-1] / 2**20, 1), unit="MB"),
        at_most("dropped, or came again", size.there.clients - heard.live + heard.lost, "clients", 0),
        Figure(name=f"{len(last)} broadcasts by command: at the last client, median", value=round(median(last)), unit="ms"),
        Figure(name="the same, worst", value=round(max(last)), unit="ms"),
        at_most(f"of {talk.sent:,} messages not told", max(0, talk.sent - len(talk.took)), "messages", 0),
    ]


async def through(hub: City, load: Crowd, asker: HubClient, size: Size) -> tuple[list[float], list[int]]:
    """How long each broadcast took, and the memory after it."""
    begun, last, held = time.monotonic(), list[float](), list[int]()
    while time.monotonic() < begun + size.seconds:
        last.append(await broadcast(asker, load, len(last)))
        held.append(hub.memory)
        await asyncio.sleep(max(0.0, begun + len(last) * size.every - time.monotonic()))
    return last, held
