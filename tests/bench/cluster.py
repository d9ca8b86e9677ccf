"""Several processes on one port, and everybody there: the way of an event from node to node, an outage of Valkey, and
broadcasts by command through journal, bus and fan-out to every client, while others talk."""

from __future__ import annotations

import asyncio
import time

import msgspec

from adapters.hub import HubClient
from tests.bench.city import WATCH, City, city, publisher
from tests.bench.figure import Figure, at_least, at_most, median, percentile, scratch
from tests.bench.load.crowd import Crowd, crowd
from tests.bench.load.wire import mark
from tests.bench.servers import Server
from tests.bench.soak import standing_still
from tests.bench.stage import operator
from tests.bench.talk import Talk, fresh_id, talking


class Size(msgspec.Struct, frozen=True):
    clients: int
    listeners: int
    """Live while messages alone are timed, for so many seconds."""
    talk: float
    workers: int
    swarms: int
    broadcasts: int
    stream: float
    """Seconds of 2,000 events a second."""
    outage: float
    parallel: int = 192


FULL, QUICK = Size(50_000, 5000, 10.0, 3, 3, 10, 10.0, 30.0), Size(3000, 1500, 3.0, 2, 1, 3, 2.0, 3.0)
SCREENS = 2
"""Of each station, while events are counted node to node."""
RATE, OUTAGE_RATE, TALK_RATE = 2000, 100, 10.0
STEP = 0.005
P99_MS, LAST_MS, TOLD_MS = 15.0, 1000.0, 200.0
FIRST_BROADCAST = 1_000_000
"""Above every number the publisher gives."""
WAIT = 20.0


async def run(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    with scratch() as folder:
        async with city(folder, size.workers) as hub, crowd(size.swarms) as load:
            await load.open(SCREENS * len(hub.stations), hub.port, auths=hub.auths, watch=WATCH, exact=True)
            async with publisher(hub.valkey_url, hub.rooms) as node:
                figures = [*await streamed(node, load, hub, size.stream), *await outage(node, load, hub, size.outage)]
            held = hub.memory
            await everybody(hub, load, size, size.listeners)
            async with talking(hub.url, TALK_RATE, hub.stations) as talk:
                await asyncio.sleep(size.talk)
            figures.append(told(f"{size.listeners:,} clients: a message of {TALK_RATE:g}/s, told to the other, p99", talk, TOLD_MS))
            came = await everybody(hub, load, size, size.clients)
            async with operator(hub.url) as asker, talking(hub.url, TALK_RATE, hub.stations) as talk:
                last = [await broadcast(asker, load, number) for number in range(size.broadcasts)]
            return [*figures, *await whole_path(hub, load, size, came, last, talk), memory_of(hub, held, size)]


# --- node to node ---------------------------------------------------------------------------------


async def streamed(node: Server, load: Crowd, hub: City, seconds: float) -> list[Figure]:
    events = round(RATE * seconds / len(hub.rooms)) * len(hub.rooms)
    await load.clear()
    await evenly(node, events, RATE)
    heard = await load.until(events // len(hub.rooms), seconds=WAIT)
    return [
        at_most(f"node to node at {RATE:,} events/s, at the client: p99", heard.percentile(0.99), "ms", P99_MS),
        Figure(name="the same, p50", value=round(heard.percentile(0.5), 2), unit="ms"),
        at_most(f"of {events:,} lost or told twice", heard.missing + heard.doubled + events * SCREENS - heard.fresh, "events", 0),
    ]


async def outage(node: Server, load: Crowd, hub: City, seconds: float) -> list[Figure]:
    """Valkey stands still as one does that cannot be reached; events go on."""
    rounds = round(OUTAGE_RATE * (seconds + 2) / len(hub.rooms))
    await load.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(evenly(node, rounds * len(hub.rooms), OUTAGE_RATE))
        with standing_still([hub.valkey]):
            await asyncio.sleep(seconds)
    heard = await load.until(rounds, seconds=WAIT)
    wanted = rounds * load.size
    return [
        at_most(f"{seconds:g} s without Valkey: of {wanted:,} lost", heard.missing + max(0, wanted - heard.fresh), "events", 0),
        at_most("the same: told twice", heard.doubled, "events", 0),
        Figure(name="the same: clients cut off", value=heard.lost, unit=""),
    ]


async def evenly(node: Server, events: int, rate: int) -> None:
    begun, sent = time.monotonic(), 0
    while sent < events:
        due = min(events, round((time.monotonic() - begun) * rate) + 1)
        for _ in range(due - sent):
            await node.tell("next")
        sent = due
        await asyncio.sleep(STEP)


# --- everybody ------------------------------------------------------------------------------------


def told(name: str, talk: Talk, most: float | None) -> Figure:
    p99 = 1000 * percentile(sorted(talk.took), 0.99)
    return Figure(name=name, value=round(p99, 1), unit="ms") if most is None else at_most(name, p99, "ms", most)


async def everybody(hub: City, load: Crowd, size: Size, wanted: int) -> float:
    """So many come in a second until so many are there, each with its key, and watch their station's inbox."""
    count = wanted - load.size
    heard = await load.open(count, hub.port, auths=hub.auths, watch=WATCH, parallel=size.parallel, seconds=300, exact=True)
    return count / heard.seconds


async def broadcast(asker: HubClient, load: Crowd, number: int) -> float:
    """Milliseconds from asking until the last client has it."""
    await load.clear()
    await asker.ask("SendBroadcast", {
        "id": fresh_id(), "title": "压测", "text": mark(time.monotonic_ns(), FIRST_BROADCAST + number), "priority": "emergency",
        "audience": {"orgs": ["city"]}})
    heard = await load.until(1, seconds=WAIT)
    if heard.fresh != load.size:
        raise RuntimeError(f"broadcast {number}: {heard.fresh} of {load.size} clients had it; {heard.lost} were lost")
    return heard.percentile(1.0)


async def whole_path(hub: City, load: Crowd, size: Size, came: float, last: list[float], talk: Talk) -> list[Figure]:
    heard, at = await load.report(), f"{size.clients:,} clients, {size.workers} processes"
    return [
        at_most(f"{at}: a broadcast by command at the last client, worst of {len(last)}", max(last), "ms", LAST_MS),
        Figure(name="the same, median", value=round(median(last), 1), unit="ms"),
        at_least(f"{at}: live at the end", heard.live, "clients", size.clients),
        Figure(name="came in, signed in and watching", value=round(came), unit="/s"),
        told("a message beside these broadcasts, told to the other: p99", talk, None),
        at_most(f"of {talk.sent} messages not told", max(0, talk.sent - len(talk.took)), "messages", 0),
    ]


def memory_of(hub: City, before: int, size: Size) -> Figure:
    return Figure(name="resident memory of a client in the processes that hold them",
                  value=round((hub.memory - before) / 1024 / size.clients, 1), unit="KB")
