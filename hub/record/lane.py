"""One connection that writes batches: each in a transaction, visible at once, durable on return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.record.batch import RECORDED, Pending, Verdict, columns, rows_of, verdicts
from hub.record.database import Connection, Database, connect, hang_up
from hub.record.sql import load_sql

if TYPE_CHECKING:
    from asyncpg.prepared_stmt import PreparedStatement

queries = load_sql(__package__, "queries.sql")


class Lane:
    """The journal's lock is held while a batch is written, not while it is flushed: lanes flush
    while others write. What `write` returned is durable; what it raised may stand or not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._record: PreparedStatement[Any]
        self._append: PreparedStatement[Any]

    async def write(self, batch: list[Pending]) -> list[Verdict]:
        connection = await self._connected()
        if any(pending.append.project for pending in batch):
            return await self._write_and_project(connection, batch)
        for pending in batch:
            pending.sent = True
        return await _ask(self._record, batch)

    async def _write_and_project(self, connection: Connection, batch: list[Pending]) -> list[Verdict]:
        async with connection.transaction():
            found = await _ask(self._append, batch)
            for pending, verdict in zip(batch, found, strict=True):
                if verdict.status == RECORDED:
                    await _project(connection, pending, verdict)
        await connection.execute(queries["flush"])
        self._database.committed(connection)
        return found

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._database.dsn)
            self._record = await self._connection.prepare(queries["record"])
            self._append = await self._connection.prepare(queries["append"])
        return self._connection

    async def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await hang_up(connection)


async def _ask(statement: PreparedStatement[Any], batch: list[Pending]) -> list[Verdict]:
    said = await statement.fetchrow(*columns(batch))
    assert said is not None
    return verdicts(batch, said)


async def _project(connection: Connection, pending: Pending, verdict: Verdict) -> None:
    if pending.append.project:
        pending.projected = await pending.append.project(connection, rows_of(pending, verdict))
    pending.sent = True
