"""A hub that can be killed: `python -m tests.flows.record.hub_process DIR` runs the embedded
server, prints its pid, then appends for ever and prints the id of every acknowledged command."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from hub.record import Database, Journal, PostgresServer, run_migrations
from tests.flows.record.writing import wish


async def serve(folder: Path) -> None:
    async with PostgresServer(folder) as server:
        await run_migrations(server.dsn)
        print(server.pid, flush=True)  # noqa: T201 - the test reads it
        async with Database.open(server.dsn) as db, Journal.open(db) as journal:
            await write(journal)


async def write(journal: Journal) -> None:
    async def one(worker: int) -> None:
        n = 0
        while True:
            asked = wish((f"w-{worker}-{n}", 0, 1 + n % 3))
            await journal.append(asked)
            print(asked.cmd, flush=True)  # noqa: T201 - the test reads it
            n += 1

    async with asyncio.TaskGroup() as group:
        for worker in range(8):
            group.create_task(one(worker))


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
