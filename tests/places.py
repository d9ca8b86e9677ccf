"""Where tests keep what they throw away: in memory where there is enough of it. Copying a database there takes a twentieth of the time."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from tests.patience import PATIENCE

CHEAP_PASSWORDS = (1, 64, 1)
"""Passes, KiB, lanes: what a sign-in costs where it is not what is tried."""
MEMORY, DISK = Path("/dev/shm"), Path("/tmp")
ENOUGH = 3 * 2**30
"""Bytes free: databases of two runs beside each other, and what they log."""


def roomy() -> Path:
    """A folder with a short name: a socket's path must not be longer than 107 bytes."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH
    return MEMORY if in_memory else DISK


@asynccontextmanager
async def fresh_database(postgres: str, template: str = "hub") -> AsyncIterator[str]:
    """A migrated database of its own on the session's server; gone at the end."""
    name = f"t_{uuid4().hex[:12]}"
    how = "file_copy" if roomy() is MEMORY else "wal_log"
    owner = await asyncpg.connect(postgres.replace("/hub?", "/postgres?"))
    await owner.execute(f"create database {name} template {template} strategy {how}")
    try:
        yield postgres.replace("/hub?", f"/{name}?")
    finally:
        await owner.execute(f"drop database if exists {name} with (force)")
        await owner.close()


def prepared(postgres: str, name: str, fill: Callable[[str], Awaitable[None]]) -> str:
    """A database that many tests begin with, filled once for the session; `fill` gets its DSN. For `fresh_database`."""

    async def make() -> None:
        owner = await asyncpg.connect(postgres.replace("/hub?", "/postgres?"))
        await owner.execute(f"create database {name} template hub")
        await owner.close()
        await fill(postgres.replace("/hub?", f"/{name}?"))

    with ThreadPoolExecutor(1) as beside:  # a session's fixture has no loop of its own
        beside.submit(asyncio.run, make()).result(timeout=3 * PATIENCE)
    return name
