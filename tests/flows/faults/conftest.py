"""A hub on a database of its own: it is going to suffer."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.seed import seed_demo_accounts
from hub.record import PostgresServer
from tests.conftest import QUICK
from tests.flows.broadcast.stage import Stage, city
from tests.places import roomy


@pytest.fixture
async def server() -> AsyncIterator[PostgresServer]:
    with tempfile.TemporaryDirectory(prefix="hub-test-", dir=roomy(), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        async with PostgresServer(Path(folder), settings=QUICK) as one:
            yield one


@pytest.fixture
async def stage(server: PostgresServer, tmp_path: Path) -> AsyncIterator[Stage]:
    async with city(server.dsn, tmp_path) as one:
        await seed_demo_accounts(one.hub.access, one.clock.at)
        yield one
