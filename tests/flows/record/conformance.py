"""Concurrent writers in several processes, one reader that resumes from its last position.

The same harness runs over the journal and over the plain table that most people would write
first: `python -m tests.flows.record.conformance journal|naive DSN`, which writes from a line of input to its end.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import asyncpg
import msgspec

from hub.record import Database, Journal
from tests.flows.record.writing import wish

SIZES = (1, 8, 15, 22)
TASKS = 4
NAIVE = """
create table naive (pos bigserial primary key, id uuid not null);
"""


Enough = Callable[[Sequence[int]], bool]
"""Whether the positions seen suffice, so that the writers may end."""


class Reading(msgspec.Struct, frozen=True):
    written: int
    seen: int
    dense: bool

    @property
    def missed(self) -> int:
        return self.written - self.seen


async def write_journal(dsn: str, over: asyncio.Event) -> None:
    async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:

        async def one(task: int) -> None:
            for size in itertools.cycle(SIZES[task % 4 :] + SIZES[: task % 4]):
                if over.is_set():
                    return
                await journal.append(wish((f"s-{uuid4().hex}", 0, size)))

        async with asyncio.TaskGroup() as group:
            for task in range(TASKS):
                group.create_task(one(task))


async def write_naive(dsn: str, over: asyncio.Event) -> None:
    async def one(task: int) -> None:
        connection = await asyncpg.connect(dsn)
        for size in itertools.cycle(SIZES[task % 4 :] + SIZES[: task % 4]):
            if over.is_set():
                break
            async with connection.transaction():
                for _ in range(size):
                    await connection.execute("insert into naive (id) values (gen_random_uuid())")
        await connection.close()

    async with asyncio.TaskGroup() as group:
        for task in range(TASKS):
            group.create_task(one(task))


async def follow(
    read: Callable[[int], Awaitable[Sequence[int]]], writing: asyncio.Task[None], enough: Enough, over: asyncio.Event,
) -> list[int]:
    """All positions a resuming reader sees until it has seen enough, the writers have ended and nothing more comes."""
    seen: list[int] = []
    while True:
        ended = writing.done()
        found = await read(seen[-1] if seen else 0)
        seen.extend(found)
        if enough(seen):
            over.set()
        if ended and not found:
            return seen


async def processes(kind: str, dsn: str, over: asyncio.Event, count: int) -> None:
    """All begin together."""
    together = asyncio.Barrier(count)

    async def one() -> None:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.flows.record.conformance", kind, dsn, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        await child.stdout.readline()
        await together.wait()
        child.stdin.write(b"go\n")
        await over.wait()
        child.stdin.close()
        if await child.wait():
            raise RuntimeError(f"a writer of {kind} failed")

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())


async def journal_reading(dsn: str, enough: Enough, count: int = 4) -> Reading:
    over = asyncio.Event()
    async with Database.open(dsn) as db, Journal.open(db) as journal, asyncio.TaskGroup() as group:
        writing = group.create_task(processes("journal", dsn, over, count))

        async def read(after: int) -> list[int]:
            return [row.pos for row in await journal.read_all(after, 500)]

        seen = await follow(read, writing, enough, over)
        async with db.read() as connection:
            written = await connection.fetchval("select count(*) from es.events")
    return Reading(written, len(seen), seen == list(range(1, written + 1)))


async def naive_reading(dsn: str, enough: Enough, count: int = 4) -> Reading:
    over = asyncio.Event()
    connection = await asyncpg.connect(dsn)
    await connection.execute(NAIVE)
    async with asyncio.TaskGroup() as group:
        writing = group.create_task(processes("naive", dsn, over, count))

        async def read(after: int) -> list[int]:
            rows = await connection.fetch("select pos from naive where pos > $1 order by pos limit 500", after)
            return [row["pos"] for row in rows]

        seen = await follow(read, writing, enough, over)
    written = await connection.fetchval("select count(*) from naive")
    await connection.close()
    return Reading(written, len(seen), seen == list(range(1, written + 1)))


WRITERS = {"journal": write_journal, "naive": write_naive}


async def write_while_told(kind: str, dsn: str) -> None:
    over = asyncio.Event()
    print("ready", flush=True)  # noqa: T201 - whoever started it waits for that
    await asyncio.to_thread(sys.stdin.readline)
    async with asyncio.TaskGroup() as group:
        group.create_task(WRITERS[kind](dsn, over))
        await asyncio.to_thread(sys.stdin.read)
        over.set()


if __name__ == "__main__":
    asyncio.run(write_while_told(sys.argv[1], sys.argv[2]))
