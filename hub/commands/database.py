"""Which PostgreSQL: the one named by HUB_DSN, or the embedded one in the data folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.record import PostgresServer
from hub.settings import Settings


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    if settings.dsn:
        yield settings.dsn
        return
    settings.data.mkdir(parents=True, exist_ok=True)
    async with PostgresServer(settings.data / "postgres", settings.postgres_bin) as server:
        yield server.dsn
