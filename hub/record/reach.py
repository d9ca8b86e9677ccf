"""Whether the database answers: found out once for all, so that nobody waits long for what is away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any

import asyncpg
import structlog

log = structlog.get_logger()

DOUBT_SECONDS = 1.5
"""A statement that takes longer is reason to look whether the database answers at all."""
LOOK_SECONDS = 2.5
EVERY_SECONDS = 1.0
"""Between two looks, however many doubt."""
LOOKS = 2
"""In a row without a word: one may fall into a moment in which this process itself stood still."""
GONE = ("08", "57")
"""SQLSTATE classes of a server that does not serve: connection, intervention. Any other word comes from one that does."""


class Found(StrEnum):
    THERE = "there"
    SILENT = "silent"
    SHUT = "shut"
    UNFORESEEN = "unforeseen"


class Reach:
    """`away`: whoever needs the database now is refused at once. It is believed when a look fails and nothing else
    was answered meanwhile; then what waits is let go, and one look a second finds out when it is back."""

    def __init__(self, look: Callable[[], Awaitable[None]]) -> None:
        """`look` connects, and raises what the driver raises."""
        self.away = False
        self.heard_at = 0.0
        """By the loop's clock."""
        self.lent: set[Any] = set()
        """Connections in use."""
        self.waiting: set[asyncio.Timeout] = set()
        """For a connection."""
        self._look = look
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    def heard(self) -> None:
        self.heard_at = asyncio.get_running_loop().time()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What is done in here and takes long gives reason to doubt."""
        doubting = asyncio.get_running_loop().call_later(DOUBT_SECONDS, self.doubt)
        try:
            yield
        finally:
            doubting.cancel()

    def doubt(self) -> None:
        # Lives only while somebody doubts. A group around the pool would wrap whatever its users raise.
        if self._looking is None and not self._closed:
            self._looking = asyncio.get_running_loop().create_task(self._find_out())
            self._looking.add_done_callback(self._found_out)

    def close(self) -> None:
        self._closed = True
        if self._looking is not None:
            self._looking.cancel()

    def _found_out(self, _looked: asyncio.Task[None]) -> None:
        self._looking = None

    async def _find_out(self) -> None:
        if await self._is_lost():
            self.away = True
            log.warning("database away", waiting=len(self.waiting), in_use=len(self.lent))
            self._let_go()
            while await self._found() is not Found.THERE:  # noqa: ASYNC110 - a database far away tells nobody that it is back
                await asyncio.sleep(EVERY_SECONDS)
            self.away = False
            log.info("database is back")
        await asyncio.sleep(EVERY_SECONDS)

    async def _is_lost(self) -> bool:
        for _ in range(LOOKS):
            since = asyncio.get_running_loop().time()
            found = await self._found()
            if found in (Found.THERE, Found.UNFORESEEN) or self.heard_at >= since:
                return False
            if found is Found.SHUT:
                return True
        return True

    async def _found(self) -> Found:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._look()
        except TimeoutError:
            return Found.SILENT
        except asyncpg.PostgresError as error:
            return Found.SHUT if (error.sqlstate or "")[:2] in GONE else Found.THERE
        except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            return Found.SHUT
        except Exception:  # a look that breaks must neither shut the hub nor leave it shut
            log.exception("a look at the database failed")
            return Found.UNFORESEEN
        return Found.THERE

    def _let_go(self) -> None:
        now = asyncio.get_running_loop().time()
        for limit in self.waiting:
            if not limit.expired():
                limit.reschedule(now)
        for connection in tuple(self.lent):
            with suppress(asyncpg.InterfaceError):  # given back in this very moment
                connection.terminate()
