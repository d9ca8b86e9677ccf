"""A read model that follows the journal by itself, exactly once.

A batch and its checkpoint are one transaction, and the checkpoint moves by compare-and-set, so two
projectors of one name do no harm. An event that cannot be applied is parked, and so is every later
event of its stream; the other streams go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from hub.kernel.errors import Broken, TryAgain
from hub.record.database import Connection, Database, away
from hub.record.entries import Row
from hub.record.journal import Journal
from hub.record.sql import load_sql

log = structlog.get_logger()
queries = load_sql(__package__, "queries.sql")

Apply = Callable[[Connection, Sequence[Row]], Awaitable[None]]

MOST_PARKED = 100
PAUSE_SECONDS = 0.5


class Overtaken(Exception):
    """Another projector of this name is ahead."""


class Projector:
    """`apply` writes the rows of a batch; another `version` begins again at the first event."""

    def __init__(self, journal: Journal, name: str, apply: Apply, version: int = 1, batch: int = 500) -> None:
        self._journal = journal
        self._database: Database = journal.database
        self._name = name
        self._apply = apply
        self._version = version
        self._batch = batch

    async def run(self) -> None:
        """For ever; raises Broken (and marks the checkpoint stopped) when too much is parked."""
        while True:
            try:
                await self._follow(await self._begin())
            except (Overtaken, TryAgain) as error:
                log.info("projector_begins_again", name=self._name, why=repr(error))
                await asyncio.sleep(PAUSE_SECONDS)

    async def _begin(self) -> int:
        async with self._database.transaction() as connection:
            return int(await connection.fetchval(queries["checkpoint_begin"], self._name, self._version))

    async def _follow(self, pos: int) -> None:
        async for rows in self._journal.subscribe(self._name, after=pos, batch=self._batch):
            await self.take(pos, rows)
            pos = rows[-1].pos

    async def take(self, pos: int, rows: Sequence[Row]) -> None:
        """Applies events that follow `pos`; raises Overtaken when the checkpoint is elsewhere."""
        try:
            await self._together(pos, rows)
        except (Overtaken, TryAgain):
            raise
        except Exception as error:
            if away(error):
                raise TryAgain("数据库暂时连不上。", "The database is away.") from error
            log.warning("projector_goes_singly", name=self._name, pos=pos, error=repr(error))
            for before, row in zip((pos, *(row.pos for row in rows)), rows, strict=False):
                await self._alone(before, row)

    async def _together(self, pos: int, rows: Sequence[Row]) -> None:
        async with self._database.transaction() as connection:
            await self._advance(connection, pos, rows[-1].pos)
            streams = list({row.stream for row in rows})
            blocked = {r["stream"] for r in await connection.fetch(queries["parked_streams"], self._name, streams)}
            for row in rows:
                if row.stream in blocked:
                    await self._park(connection, row, "an earlier event of this stream is parked")
            if free := [row for row in rows if row.stream not in blocked]:
                await self._apply(connection, free)

    async def _alone(self, pos: int, row: Row) -> None:
        try:
            await self._together(pos, [row])
        except (Overtaken, TryAgain):
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a read model parks the event
            log.warning("event_parked", name=self._name, pos=row.pos, error=repr(error))
            async with self._database.transaction() as connection:
                await self._advance(connection, pos, row.pos)
                await self._park(connection, row, repr(error))
            await self._stop_if_hopeless()

    async def _advance(self, connection: Connection, old: int, new: int) -> None:
        done = await connection.execute(queries["checkpoint_advance"], self._name, self._version, old, new)
        if done != "UPDATE 1":
            raise Overtaken(self._name)

    async def _park(self, connection: Connection, row: Row, error: str) -> None:
        await connection.execute(queries["park"], self._name, row.pos, row.stream, error[:2000], 1)

    async def _stop_if_hopeless(self) -> None:
        async with self._database.transaction() as connection:
            parked = int(await connection.fetchval(queries["parked_count"], self._name))
            if parked <= MOST_PARKED:
                return
            await connection.execute(queries["checkpoint_stop"], self._name, f"{parked} events are parked")
        raise Broken(
            f"读模型 {self._name} 有 {parked} 条事件无法处理，已停止；请修正后重试。",
            f"The projection {self._name} has {parked} events it cannot apply and has stopped; mend it and retry.",
            code="projection-stopped",
        )

    async def retry(self, pos: int) -> int:
        """Applies the parked events of the stream of the event at `pos`, in order, up to the first
        that still fails; returns how many went through."""
        applied = 0
        async with self._database.read() as connection:
            rows = [Row(*row) for row in await connection.fetch(queries["parked_events"], self._name, pos)]
        for row in rows:
            try:
                await self._unpark(row)
            except Exception as error:  # noqa: BLE001 - it stays parked with its error
                log.warning("retry_failed", name=self._name, pos=row.pos, error=repr(error))
                async with self._database.transaction() as connection:
                    await self._park(connection, row, repr(error))
                break
            applied += 1
        return applied

    async def _unpark(self, row: Row) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(queries["checkpoint_lock"], self._name)
            if await connection.execute(queries["unpark"], self._name, row.pos) == "DELETE 1":
                await self._apply(connection, [row])
