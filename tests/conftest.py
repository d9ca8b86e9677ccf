"""A real PostgreSQL for the whole session, and a fresh migrated database for every test.

The server runs in a thread with a loop of its own, so that each test may have its own loop.
"""

from __future__ import annotations

import asyncio
import queue
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from hub.logs import log_to_stderr
from hub.record import Database, Journal, PostgresServer, run_migrations
from tests.patience import PATIENCE
from tests.places import fresh_database, roomy

log_to_stderr()
settings.register_profile("house", deadline=None, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("hunt", settings.get_profile("house"), derandomize=False)
settings.load_profile("house")  # the same examples every time, however slow; others by --hypothesis-profile=hunt
QUICK = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off", "max_connections": "120"}


async def _serve(folder: Path, said: queue.Queue[str | Exception], end: threading.Event) -> None:
    try:
        async with PostgresServer(folder, settings=QUICK) as server:
            await run_migrations(server.dsn)
            said.put(server.dsn)
            await asyncio.to_thread(end.wait)
    except Exception as error:
        said.put(error)
        raise


@pytest.fixture(scope="session", autouse=True)
def silent_processes() -> Iterator[None]:
    """A hub that a test starts as a process has no voice and picture beside it, unless it asks for them."""
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("HUB_MEDIA", "off")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The DSN of the session's server; its database is the template of all others."""
    folder = Path(tempfile.mkdtemp(prefix="hub-test-", dir=roomy()))
    folder.chmod(0o711)
    said: queue.Queue[str | Exception] = queue.Queue()
    end = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, said, end)), daemon=True)
    thread.start()
    answer = said.get(timeout=3 * PATIENCE)
    if isinstance(answer, Exception):
        raise answer
    yield answer
    end.set()
    thread.join(timeout=PATIENCE)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def playground(postgres: str) -> str:
    """One database for all examples of property tests, which must not lean on its being empty."""

    async def make() -> None:
        owner = await asyncpg.connect(postgres.replace("/hub?", "/postgres?"))
        await owner.execute("create database playground template hub strategy file_copy")
        await owner.close()

    maker = threading.Thread(target=lambda: asyncio.run(make()))
    maker.start()
    maker.join(timeout=PATIENCE)
    return postgres.replace("/hub?", "/playground?")


@pytest.fixture
async def dsn(postgres: str) -> AsyncIterator[str]:
    """A fresh migrated database of its own."""
    async with fresh_database(postgres) as made:
        yield made


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[Database]:
    async with Database.open(dsn) as database:
        yield database


@pytest.fixture
async def journal(db: Database) -> AsyncIterator[Journal]:
    async with Journal.open(db, deadline=PATIENCE) as opened:
        yield opened
