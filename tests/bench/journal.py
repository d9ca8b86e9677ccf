"""Appends beside the eventsourcing library and beside raw inserts; nothing missed, nothing lost."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg

from hub.record import Append, Database, Entry, Journal, NewEvent, PostgresServer, run_migrations
from tests.bench.figure import Figure, at_least, at_most, median, percentile, rate, scratch
from tests.bench.peers import environment
from tests.flows.record.conformance import Enough, journal_reading, naive_reading
from tests.flows.record.crashes import kill_server

AT = datetime(2026, 11, 21, tzinfo=UTC)
DATA, META, BODY = b"x" * 200, b"m" * 40, hashlib.sha256(b"").digest()
PEER = "eventsourcing 9.5.6, 16 threads"
RAW = "prepared inserts, 16 connections"
RAW_TABLE = """
create table raw (
  pos bigint generated always as identity primary key, stream text collate "C" not null, version bigint not null,
  type text not null, schema smallint not null, at timestamptz not null, id uuid not null, cmd uuid not null,
  actor text not null, meta bytea not null, data bytea not null, unique (stream, version)
)"""
RAW_INSERT = """
insert into raw (stream, version, type, schema, at, id, cmd, actor, meta, data)
values ($1, 1, 'ThingHappened', 1, $2, $3, $4, 'account:1', $5, $6)"""

Measure = Callable[[float], Awaitable[tuple[float, list[float]]]]


def some_id() -> UUID:
    return UUID(bytes=os.urandom(16))


def stream() -> str:
    return f"thing-{os.urandom(16).hex()}"


async def run(quick: bool) -> list[Figure]:
    """Quick: 3 rounds of 0.7 s, 5 kills; else 7 rounds of 2 s, 20 kills, a minute of writing."""
    with scratch() as folder:
        async with PostgresServer(folder / "speed") as server:
            await run_migrations(server.dsn)
            figures = await speed(server.dsn, rounds=3 if quick else 7, seconds=0.7 if quick else 2.0)
        figures += await missed(folder / "missed", seconds=3 if quick else 60)
        figures += await kills(folder / "kills", cycles=5 if quick else 20)
    return figures


async def speed(dsn: str, rounds: int, seconds: float) -> list[Figure]:
    rates: dict[str, list[float]] = defaultdict(list)
    slow: dict[str, list[float]] = defaultdict(list)
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(Database.open(dsn))
        journal = await stack.enter_async_context(Journal.open(db))
        contenders: dict[str, Measure] = {
            "peer": await stack.enter_async_context(library(dsn)),
            "raw": await stack.enter_async_context(raw_inserts(dsn)),
            "one": appends(journal, 1), "ours16": appends(journal, 16), "ours64": appends(journal, 64),
        }
        for _ in range(rounds):
            for name, measure in contenders.items():
                speed_now, took = await measure(seconds)
                rates[name].append(speed_now)
                slow[name].append(percentile(took, 0.99) * 1000 if took else 0.0)
    each = {name: median(found) for name, found in rates.items()}
    return [
        at_least("append, 16 concurrent", each["ours16"], "/s", 10, peer=PEER, than=each["peer"]),
        at_least("append, 64 concurrent", each["ours64"], "/s", 20, peer=PEER, than=each["peer"]),
        at_least("append, 16 concurrent", each["ours16"], "/s", 1.0, peer=RAW, than=each["raw"]),
        at_least("append, 64 concurrent", each["ours64"], "/s", 1.8, peer=RAW, than=each["raw"]),
        Figure(name="append, one client", value=round(each["one"], 1), unit="/s"),
        Figure(name="append p99, 64 concurrent", value=round(median(slow["ours64"]), 2), unit="ms"),
    ]


def appends(journal: Journal, workers: int) -> Measure:
    async def one(_: int) -> None:
        await journal.append(Append(
            cmd=some_id(), body=BODY, actor="account:1", at=AT, meta=META,
            entries=(Entry(stream(), 0, (NewEvent("ThingHappened", 1, some_id(), DATA),)),),
        ))

    return lambda seconds: rate(workers, seconds, one)


@asynccontextmanager
async def raw_inserts(dsn: str) -> AsyncIterator[Measure]:
    connections = [await asyncpg.connect(dsn) for _ in range(16)]
    await connections[0].execute(RAW_TABLE)
    statements = [await connection.prepare(RAW_INSERT) for connection in connections]

    async def one(worker: int) -> None:
        await statements[worker].fetch(stream(), AT, some_id(), some_id(), META, DATA)

    yield lambda seconds: rate(16, seconds, one)
    for connection in connections:
        await connection.close()


@asynccontextmanager
async def library(dsn: str) -> AsyncIterator[Measure]:
    """The peer in a process of its own, on the same server."""
    parts = urlsplit(dsn)
    where = parse_qs(parts.query)
    child = await asyncio.create_subprocess_exec(
        str(await environment.python()), str(Path(environment.__file__).parent / "eventsourcing_append.py"),
        where["host"][0], where["user"][0], parts.path.strip("/"),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )

    async def measure(seconds: float) -> tuple[float, list[float]]:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"16 {seconds}\n".encode())
        return float(await child.stdout.readline()), []

    yield measure
    assert child.stdin
    child.stdin.close()
    await child.wait()


def after(seconds: float) -> Enough:
    """Counted from what is seen first."""
    began: list[float] = []

    def over(seen: Sequence[int]) -> bool:
        now = time.perf_counter()
        if seen and not began:
            began.append(now)
        return bool(began) and now - began[0] > seconds

    return over


async def missed(folder: Path, seconds: float) -> list[Figure]:
    async with PostgresServer(folder) as server:
        await run_migrations(server.dsn)
        ours = await journal_reading(server.dsn, after(seconds))
        naive = await naive_reading(server.dsn, after(min(seconds, 4)))
    return [
        at_most(f"events missed of {ours.written:,}, 16 writers in 4 processes", ours.missed + (not ours.dense), "events", 0),
        at_least(f"the same harness, naive reader: missed of {naive.written:,}", naive.missed, "events", 1),
    ]


async def kills(folder: Path, cycles: int) -> list[Figure]:
    async with PostgresServer(folder):
        await asyncio.sleep(1.5)  # a new directory is still being written to the disk
    after = await kill_server(folder, cycles)
    return [
        at_most(f"acknowledged commands lost of {after.acknowledged:,}, {cycles} × kill -9", after.lost, "commands", 0),
        at_most("commands recorded in part", after.partial + (not after.dense), "commands", 0),
        at_most("longest recovery after kill -9", after.recovery, "s", 2),
    ]
