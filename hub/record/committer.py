"""Group commit: all commands that queued while the last transaction ran go into the next one.

A command that breaks its batch hurts only itself: the batch is halved until the culprit stands
alone. When the connection is lost the same ids are sent again, which the journal takes as repeats.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

from hub.kernel.errors import TryAgain
from hub.record.batch import (
    RECORDED,
    Pending,
    Verdict,
    columns,
    outcome,
    rows_of,
    take,
    verdicts,
)
from hub.record.database import Connection, Database, away, connect, hang_up, unavailable
from hub.record.ending import is_cancelled
from hub.record.entries import Append, Appended
from hub.record.sql import load_sql

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

log = structlog.get_logger()
queries = load_sql(__package__, "queries.sql")

BATCH_SECONDS = 30.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.2


class Committer:
    """`grown` is called with the last position after every commit that recorded something."""

    def __init__(self, database: Database, grown: Callable[[int], None], queue: int, deadline: float) -> None:
        self._database = database
        self._grown = grown
        self._longest = queue
        self._deadline = deadline
        self._queue: deque[Pending] = deque()
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._connection: Connection | None = None
        self._statement: PreparedStatement[Any] | None = None

    async def append(self, append: Append[Any]) -> Appended[Any]:
        """A cancelled caller does not cancel the append."""
        loop = asyncio.get_running_loop()
        pending = Pending(append, loop.create_future(), loop.time() + self._deadline)
        if len(self._queue) >= self._longest:
            raise TryAgain(
                "系统繁忙，请稍后用同一编号重试。",
                "The hub is busy; send the same id again shortly.",
                code="queue-full",
            )
        self._queue.append(pending)
        self._work.set()
        return await pending.future

    async def run(self) -> None:
        try:
            while True:
                await self._work.wait()
                self._idle.clear()
                while batch := take(self._queue):
                    await self._commit(batch)
                self._work.clear()
                self._idle.set()
        finally:
            self._refuse([*self._queue])
            await self._hang_up()

    async def drained(self) -> None:
        await asyncio.sleep(0)
        while self._queue or not self._idle.is_set():
            await self._idle.wait()
            await asyncio.sleep(0)

    async def _commit(self, batch: list[Pending]) -> None:
        pause = SHORTEST_PAUSE
        while batch:
            try:
                with self._database.reach.watched():
                    async with asyncio.timeout(BATCH_SECONDS):
                        return self._settle(batch, await self._write(await self._connected(), batch))
            except Exception as error:
                if is_cancelled():
                    self._refuse(batch)
                    raise asyncio.CancelledError from error
                if not (away(error) or isinstance(error, (TryAgain, OSError))):
                    return await self._isolate(batch, error)
                log.warning("append_waits", error=repr(error), commands=len(batch))
            except asyncio.CancelledError:
                self._refuse(batch)
                raise
            for pending in batch:
                pending.doubtful |= pending.sent
            await self._hang_up()
            batch = self._unexpired(batch)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _write(self, connection: Connection, batch: list[Pending]) -> list[Verdict]:
        if not any(pending.append.project for pending in batch):
            for pending in batch:
                pending.sent = True
            return await self._record(batch)
        async with connection.transaction():
            found = await self._record(batch)
            for pending, verdict in zip(batch, found, strict=True):
                if verdict.status == RECORDED:
                    await _project(connection, pending, verdict)
        self._database.committed(connection)
        return found

    async def _record(self, batch: list[Pending]) -> list[Verdict]:
        assert self._statement is not None
        said = await self._statement.fetchrow(*columns(batch))
        assert said is not None
        return verdicts(batch, said)

    def _settle(self, batch: list[Pending], found: list[Verdict]) -> None:
        head = 0
        for pending, verdict in zip(batch, found, strict=True):
            came = outcome(pending, verdict)
            if isinstance(came, Exception):
                _fail(pending, came)
                continue
            head = max(head, came.pos)
            if not pending.future.done():
                pending.future.set_result(came)
        if head:
            self._grown(head)

    async def _isolate(self, batch: list[Pending], error: Exception) -> None:
        """The transaction is rolled back: nothing of the batch stands."""
        for pending in batch:
            pending.sent = pending.doubtful = False
            pending.projected = None
        if len(batch) == 1:
            return _fail(batch[0], error)
        half = len(batch) // 2
        await self._commit(batch[:half])
        await self._commit(batch[half:])

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._database.reach.lent.discard(self._connection)
            self._connection = await connect(self._database.dsn)
            self._database.reach.lent.add(self._connection)
            self._statement = await self._connection.prepare(queries["append"])
        return self._connection

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._database.reach.lent.discard(connection)
            await hang_up(connection)

    def _unexpired(self, batch: list[Pending]) -> list[Pending]:
        now = asyncio.get_running_loop().time()
        self._refuse([p for p in (*batch, *self._queue) if p.deadline <= now])
        waiting = [p for p in self._queue if p.deadline > now]
        self._queue.clear()
        self._queue.extend(waiting)
        return [p for p in batch if p.deadline > now]

    def _refuse(self, batch: list[Pending]) -> None:
        for pending in batch:
            _fail(pending, unavailable())


async def _project(connection: Connection, pending: Pending, verdict: Verdict) -> None:
    if pending.append.project:
        pending.projected = await pending.append.project(connection, rows_of(pending, verdict))
    pending.sent = True


def _fail(pending: Pending, error: Exception) -> None:
    if not pending.future.done():
        pending.future.set_exception(error)
