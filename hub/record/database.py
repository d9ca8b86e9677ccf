"""The pool of connections, and the border at which a database that is away becomes TryAgain."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import asyncpg
import msgspec

from hub.kernel.errors import Malformed, Refused, TryAgain
from hub.record.bell import Bell
from hub.record.ending import is_cancelled
from hub.record.reach import Reach

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
UniqueViolation = asyncpg.UniqueViolationError

OLDEST_MAJOR = 15
AWAY = "database-away"
CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 30
ACQUIRE_SECONDS = 10.0

PASSING = frozenset({"08", "40", "53", "57"})
"""SQLSTATE classes that pass by themselves: connection, rollback, resources, intervention."""

BEYOND = re.compile(r"out of (int\d+ )?range")
DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

STIRRED: set[int] = set()
"""Backends whose open transaction put a job; whoever commits it rings `Database.jobs`."""


def away(error: BaseException) -> bool:
    """True when the same statement may work a moment later."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in PASSING
    if isinstance(error, asyncpg.InternalClientError):
        return True  # the driver lost its bearings: seen when a server dies between two statements
    if isinstance(error, asyncpg.InterfaceError):
        return "clos" in str(error) or "released" in str(error)
    return isinstance(error, (ConnectionError, TimeoutError))


def unavailable() -> TryAgain:
    return TryAgain(
        "数据库暂时连不上，内容没有丢失，请稍后用同一编号重试。",
        "The database cannot be reached at the moment; nothing is lost, send the same id again shortly.",
        code=AWAY,
    )


@contextmanager
def border(*also: type[Exception]) -> Iterator[None]:
    """Turns a database that is away, and the exceptions in `also`, into TryAgain; a value that no column holds into Malformed;
    either into CancelledError where the task was cancelled meanwhile (ending.py)."""
    try:
        yield
    except DRIVER_ERRORS as error:
        if is_cancelled():
            raise asyncio.CancelledError from error
        if away(error) or isinstance(error, also):
            raise unavailable() from error
        if isinstance(error, asyncpg.DataError) and BEYOND.search(str(error)):
            raise Malformed("有的日期或数字超出了能保存的范围，请改正后再提交。", "A day or a number is beyond what can be kept; correct it.",
                            code="out-of-range") from error
        raise


async def connect(dsn: str, **settings: str) -> Connection:
    """One connection outside the pool, dressed like those inside. Close it yourself."""
    with border(OSError):
        connection = await asyncpg.connect(
            dsn, timeout=CONNECT_SECONDS, command_timeout=STATEMENT_SECONDS + 5,
            server_settings=_settings() | settings,
        )
        await _dress(connection)
        return connection


def _settings() -> dict[str, str]:
    return {
        "application_name": "liaison-hub",
        "statement_timeout": str(STATEMENT_SECONDS * 1000),
        "idle_in_transaction_session_timeout": str(2 * STATEMENT_SECONDS * 1000),
        "timezone": "UTC",
        "jit": "off",
    }


async def _dress(connection: Any) -> None:
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda raw: msgspec.json.decode(raw[1:]),
    )


async def _undress(connection: Any) -> None:
    """Nothing: the driver's own reset (open transactions, listeners) comes before, and no room sets
    session state. It spares a round trip per use."""


async def require_version(connection: Connection) -> None:
    major = connection.get_server_version().major
    if major < OLDEST_MAJOR:
        raise Refused(
            f"数据库是 PostgreSQL {major}，本系统需要 {OLDEST_MAJOR} 或更新的版本，请升级后再连接。",
            f"The database is PostgreSQL {major}; {OLDEST_MAJOR} or newer is needed. Upgrade it, or point to another.",
            code="database-too-old",
        )


class Database:
    """Opened with `async with Database.open(dsn) as db`. Lost connections are replaced when next needed."""

    def __init__(self, dsn: str, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self.dsn = dsn
        self.jobs = Bell()
        self.reach = Reach(self._look)
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, dsn: str, size: int = 10) -> AsyncIterator[Database]:
        first = await connect(dsn)
        try:
            await require_version(first)
        finally:
            await hang_up(first)
        pool = asyncpg.create_pool(
            dsn, min_size=0, max_size=size, init=_dress, reset=_undress, timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS + 5, server_settings=_settings(),
            max_inactive_connection_lifetime=300,
        )
        with border(OSError):
            await pool
        database = cls(dsn, pool)
        try:
            yield database
        finally:
            database.reach.close()
            await _shut(pool)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """A pooled connection without a transaction. TryAgain when none is to be had: at once while the
        database is known to be away, and as soon as that is found out."""
        if self.reach.away:
            raise unavailable()
        try:
            with self.reach.watched():
                connection = await self._acquire()
                self.reach.lent.add(connection)
                try:
                    with border():
                        yield connection
                finally:
                    self.reach.lent.discard(connection)
                    await self._release(connection)
        except TryAgain as refusal:
            if refusal.code == AWAY:
                self.reach.doubt()
            raise
        self.reach.heard()

    async def _acquire(self) -> Any:
        limit = asyncio.timeout(ACQUIRE_SECONDS)
        self.reach.waiting.add(limit)
        try:
            with border(OSError):
                async with limit:
                    return await self._pool.acquire()
        finally:
            self.reach.waiting.discard(limit)

    async def _look(self) -> None:
        connection = await asyncpg.connect(self.dsn, timeout=CONNECT_SECONDS, server_settings=_settings())
        try:
            await hang_up(connection)
        finally:
            connection.terminate()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Commits when the block ends, rolls back when it raises."""
        async with self.read() as connection:
            async with connection.transaction():
                yield connection
            self.committed(connection)

    def committed(self, connection: Connection) -> None:
        """Rings for jobs that the transaction just committed may have put."""
        pid = connection.get_server_pid()
        if pid in STIRRED:
            STIRRED.discard(pid)
            self.jobs.ring()

    async def _release(self, connection: Any) -> None:
        try:
            await self._pool.release(connection, timeout=CONNECT_SECONDS)
        except DRIVER_ERRORS as error:
            if not away(error):
                raise


async def _shut(pool: asyncpg.Pool[asyncpg.Record]) -> None:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await pool.close()
    except DRIVER_ERRORS:
        pool.terminate()


async def hang_up(connection: Connection) -> None:
    try:
        await connection.close(timeout=CONNECT_SECONDS)
    except DRIVER_ERRORS:
        connection.terminate()
