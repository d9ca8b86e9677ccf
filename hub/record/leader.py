"""One among several processes does what must be done once: who holds a session's advisory lock.

When its process dies, PostgreSQL frees the lock with the session, and another takes over within
LOOK_SECONDS. While the database is away nobody leads; what a term does must bear that two overlap
for a moment (a leader that has not noticed yet).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable

import structlog

from hub.kernel.errors import TryAgain
from hub.record.database import Connection, border, connect, hang_up

log = structlog.get_logger()

LOCK = 1163084117
NAME = "liaison-hub-leader"
LOOK_SECONDS = 0.5


class Leadership:
    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.leads = False

    async def run(self, term: Callable[[], Awaitable[None]]) -> None:
        """Runs `term` while this process leads; cancels it when the lock is lost."""
        while True:
            try:
                await self._stand(term)
            except TryAgain:
                log.info("leadership waits for the database")
            await asyncio.sleep(LOOK_SECONDS)

    async def _stand(self, term: Callable[[], Awaitable[None]]) -> None:
        with border(OSError):
            connection = await connect(self._dsn, application_name=NAME)
            try:
                while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110 - another process holds it
                    await asyncio.sleep(LOOK_SECONDS)
                await self._lead(connection, term)
            finally:
                self.leads = False
                await hang_up(connection)

    async def _lead(self, connection: Connection, term: Callable[[], Awaitable[None]]) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        self.leads = True
        log.info("leads", pid=os.getpid())
        async with asyncio.TaskGroup() as group:
            works = group.create_task(_run(term))
            try:
                await lost.wait()
            finally:
                works.cancel()
        log.warning("leads no more")


async def _run(term: Callable[[], Awaitable[None]]) -> None:
    await term()
