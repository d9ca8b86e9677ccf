"""A small city that stands already: settled once, copied for every test."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from tests.flows.broadcast.stage import city
from tests.places import fresh_database

SETTLED = "settled"


async def _settle(postgres: str) -> None:
    owner = await asyncpg.connect(postgres.replace("/hub?", "/postgres?"))
    await owner.execute(f"create database {SETTLED} template hub")
    await owner.close()
    with tempfile.TemporaryDirectory() as folder:
        async with city(postgres.replace("/hub?", f"/{SETTLED}?"), Path(folder)):
            pass


@pytest.fixture(scope="session")
def settled(postgres: str) -> str:
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, _settle(postgres)).result()
    return SETTLED


@pytest.fixture
async def city_dsn(postgres: str, settled: str) -> AsyncIterator[str]:
    """A database of one's own in which the small city stands."""
    async with fresh_database(postgres, settled) as made:
        yield made
