"""Tells other processes that the journal has grown, and hears it from them.

Never inside the append transaction: NOTIFY serialises commits. What is lost here is found by the
readers' poll within a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from hub.kernel.errors import TryAgain
from hub.record.bell import Bell
from hub.record.database import Connection, border, connect, hang_up

log = structlog.get_logger()

CHANNEL = "es_head"
NAME = "liaison-hub-link"
OTHERS = "select count(*) > 1 from pg_stat_activity where application_name = $1 and datname = current_database()"
COALESCE_SECONDS = 0.005
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 0.5


class Link:
    """`heard` gets positions that other processes (and this one) announced."""

    def __init__(self, dsn: str, heard: Callable[[int], None]) -> None:
        self._dsn = dsn
        self._heard = heard
        self._told = self._latest = 0
        self._news = Bell()
        self._look_at = 0.0
        self._listened_to = True

    def tell(self, pos: int) -> None:
        if pos > self._latest:
            self._latest = pos
            self._news.ring()

    async def run(self) -> None:
        while True:
            try:
                with border(OSError):
                    await self._session()
            except TryAgain:
                log.info("journal_link_lost")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _session(self) -> None:
        connection = await connect(self._dsn, application_name=NAME, synchronous_commit="off")
        try:
            connection.add_termination_listener(lambda _: self._news.ring())
            await connection.add_listener(CHANNEL, self._hear)
            while not connection.is_closed():
                ringing = self._news.listen()
                if self._latest > self._told:
                    told = self._latest
                    if await self._others(connection):
                        await connection.execute("select pg_notify($1, $2)", CHANNEL, str(told))
                    self._told = told
                    await asyncio.sleep(COALESCE_SECONDS)
                else:
                    await ringing.wait()
        finally:
            await hang_up(connection)

    async def _others(self, connection: Connection) -> bool:
        """Does another process listen? Looked up once a second: a newcomer polls that often."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            self._listened_to = await connection.fetchval(OTHERS, NAME)
        return self._listened_to

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        if isinstance(payload, str) and payload.isdecimal():
            self._heard(int(payload))
