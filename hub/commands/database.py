"""Which PostgreSQL: the one named by HUB_DSN, or the embedded one in the data folder."""

from __future__ import annotations

import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from hub.kernel.errors import Refused
from hub.record import PostgresServer
from hub.settings import Settings

OTHERS, EACH = 24, 18
"""Connections: of people with a terminal, and of a process of the hub; an upgrade has one process more."""


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    if settings.dsn:
        yield settings.dsn
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    wanted = {"max_connections": str(OTHERS + EACH * (settings.workers + 1))} if settings.workers > 1 else {}
    async with PostgresServer(settings.data / "postgres", settings.postgres_bin, wanted) as server:
        yield server.dsn


@contextmanager
def own_folder(folder: Path) -> Iterator[None]:
    """Two hubs in one data folder would each think the other's stations away. Raises Refused."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "hub.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"数据目录 {folder} 正被另一个中枢使用；请先停掉它，或用 --data 换一个目录。",
                f"The data folder {folder} is in use by another hub; stop that one, or choose another with --data.",
                code="data-taken", field="data") from None
        yield
