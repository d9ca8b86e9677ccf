"""The journal: every fact once, in one order, with dense positions that equal commit order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog

from hub.kernel.errors import TryAgain
from hub.record.bell import Bell, heard
from hub.record.committer import BATCH_SECONDS, Committer
from hub.record.database import Connection, Database
from hub.record.entries import Append, Appended, LogCorrupt, Row
from hub.record.link import Link
from hub.record.sql import load_sql

T = TypeVar("T")
log = structlog.get_logger()
queries = load_sql(__package__, "queries.sql")

POLL_SECONDS = 1.0
READ_LIMIT = 20_000
VERIFY_SECONDS = 600.0


class Journal:
    """Opened with `async with Journal.open(database) as journal`; on leaving, what is queued is
    still written."""

    def __init__(self, database: Database, queue: int, deadline: float) -> None:
        self.database = database
        self.grown = Bell()
        self._head = 0
        self._committer = Committer(database, self._committed, queue, deadline)
        self._link = Link(database.dsn, self._heard)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, database: Database, *, queue: int = 4096, deadline: float = 15.0,
    ) -> AsyncIterator[Journal]:
        """`queue`: commands that may wait; more are refused with TryAgain. `deadline`: seconds a
        command waits for a database that is away."""
        journal = cls(database, queue, deadline)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(journal._committer.run()), group.create_task(journal._link.run())]
            try:
                yield journal
                with suppress(TimeoutError):
                    async with asyncio.timeout(BATCH_SECONDS):
                        await journal._committer.drained()
            finally:
                for task in tasks:
                    task.cancel()

    async def append(self, append: Append[T]) -> Appended[T]:
        """Durable when it returns. Raises VersionConflict, Claimed, DifferentBody; TryAgain when
        the queue is full or the database stays away: the same `cmd` may be sent again."""
        return await self._committer.append(append)

    async def result(self, cmd: UUID) -> bytes | None:
        """What the command answered, if it was recorded."""
        async with self.database.read() as connection:
            found: bytes | None = await connection.fetchval(queries["result"], cmd)
            return found

    async def read(self, stream: str, after: int = 0) -> Sequence[Row]:
        async with self.database.read() as connection:
            return [Row(*row) for row in await connection.fetch(queries["read"], stream, after)]

    async def read_all(self, after: int, limit: int) -> Sequence[Row]:
        """Events of all streams in order; raises LogCorrupt at a hole."""
        async with self.database.read() as connection:
            found = await connection.fetch(queries["read_all"], after, min(limit, READ_LIMIT))
        rows = [Row(*row) for row in found]
        require_dense(after, rows)
        return rows

    async def head(self) -> int:
        async with self.database.read() as connection:
            return int(await connection.fetchval(queries["head"]))

    async def epoch(self) -> UUID:
        """Changes when the log is restored: a position means something only within its epoch."""
        async with self.database.read() as connection:
            found: UUID = await connection.fetchval(queries["epoch"])
            return found

    async def verify(self) -> int:
        """The head, when every position and every stream's versions are there; else LogCorrupt."""
        async with self.database.transaction() as connection:
            await connection.execute(f"set local statement_timeout = '{VERIFY_SECONDS:.0f}s'")
            [(head, wanted, found)] = await connection.fetch(queries["verify"], timeout=VERIFY_SECONDS)
        if wanted is not None:
            raise LogCorrupt(wanted, found)
        return int(head)

    async def prune(self, before: datetime) -> int:
        """Forgets command ids older than `before`, at most 10,000 of them; how many. Asked again they ask anew."""
        async with self.database.read() as connection:
            done: str = await connection.execute(queries["prune"], before)
            return int(done.split()[1])

    async def subscribe(
        self, name: str, after: int | None = None, batch: int = 500,
    ) -> AsyncGenerator[Sequence[Row], None]:
        """Every event after `after` (None: after the checkpoint `name`), in order, for ever.
        Outlives a database that is away; raises LogCorrupt at a hole."""
        pos = after if after is not None else await self._checkpoint(name)
        while True:
            ringing = self.grown.listen()
            try:
                rows = await self.read_all(pos, batch)
            except TryAgain:
                log.info("subscription_waits", name=name, pos=pos)
                await asyncio.sleep(POLL_SECONDS)
                continue
            if rows:
                pos = rows[-1].pos
                yield rows
            if len(rows) < batch:
                await heard(ringing, POLL_SECONDS)

    async def _checkpoint(self, name: str) -> int:
        async with self.database.read() as connection:
            return int(await connection.fetchval(queries["checkpoint"], name) or 0)

    async def hold(self, conn: Connection) -> None:
        """Nothing is recorded until the transaction of `conn` ends: whoever asks waits."""
        await conn.execute(queries["lock_appenders"])

    def announce(self, pos: int) -> None:
        """The journal has grown by another hand than the committer's (past.py)."""
        self._committed(pos)

    def _committed(self, pos: int) -> None:
        self._heard(pos)
        self._link.tell(pos)

    def _heard(self, pos: int) -> None:
        if pos > self._head:
            self._head = pos
            self.grown.ring()


def require_dense(after: int, rows: Sequence[Row]) -> None:
    if rows and (rows[0].pos != after + 1 or rows[-1].pos != after + len(rows)):
        wanted, found = next(
            (want, row.pos) for want, row in enumerate(rows, after + 1) if row.pos != want
        )
        raise LogCorrupt(wanted, found)
