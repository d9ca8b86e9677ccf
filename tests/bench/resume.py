"""Everybody cut at once, and back: each event once and in order, no question to the database on the way in."""

from __future__ import annotations

import asyncio
import time

import msgspec

from tests.bench.city import WATCH, City, city, publisher
from tests.bench.figure import Figure, at_most, scratch
from tests.bench.load.crowd import crowd
from tests.bench.stalls import longest_stalls


class Size(msgspec.Struct, frozen=True):
    clients: int
    workers: int
    swarms: int
    parallel: int = 256


FULL, QUICK = Size(50_000, 3, 3), Size(3000, 2, 1)
BEFORE, AWAY, AFTER = 2, 3, 2
"""Events told while everybody is there, while all are cut off, and when they are back."""
BACK_SECONDS, STALL_MS = 60.0, 100.0
BASE_SECONDS = 3.0
SETTLE = 0.5
FEW = 0.05


async def run(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    with scratch() as folder:
        async with city(folder, size.workers) as hub, crowd(size.swarms) as load, publisher(hub.valkey_url, hub.rooms) as node:
            await load.open(size.clients, hub.port, auths=hub.auths, watch=WATCH, parallel=size.parallel, seconds=300, exact=True)
            for _ in range(BEFORE):
                await node.tell()
            await load.until(BEFORE)
            await load.clear()
            await hub.note_questions(True)
            beside = Questions.asked(hub)
            await asyncio.sleep(BASE_SECONDS)
            beside = Questions.asked(hub).since(beside)
            await load.cut()
            for _ in range(AWAY):
                await node.tell()
            await asyncio.sleep(SETTLE)
            await longest_stalls(hub)
            begun = Questions.asked(hub)
            back = await load.back(parallel=size.parallel)
            meanwhile = Questions.asked(hub).since(begun)
            stalls = await longest_stalls(hub)
            for _ in range(AFTER):
                await node.tell()
            await load.until(AWAY + AFTER)
            heard = await load.report(wanted=BEFORE + AWAY + AFTER)
    at = f"{size.clients:,} cut at once, {size.workers} processes"
    questions = max(0.0, meanwhile.count - beside.count / beside.at * meanwhile.at) / size.clients
    return [
        at_most(f"{at}: all back", back.seconds, "s", BACK_SECONDS),
        at_most("without their place: recovered false", size.clients - heard.recovered, "clients", 0),
        at_most("events missed", heard.missing, "events", 0),
        at_most("events told twice or out of order", heard.doubled, "events", 0),
        at_most("clients that have not had the last event", heard.behind, "clients", 0),
        at_most("questions to the database for a client that came back", questions, "", FEW),
        *([at_most("longest stall of a loop meanwhile", max(stalls), "ms", STALL_MS)] if stalls else []),
    ]


class Questions(msgspec.Struct, frozen=True):
    """How many were asked of the database, and when; or how many in how many seconds."""

    count: int
    at: float

    @classmethod
    def asked(cls, hub: City) -> Questions:
        return cls(hub.questions(), time.monotonic())

    def since(self, before: Questions) -> Questions:
        return Questions(self.count - before.count, self.at - before.at)
