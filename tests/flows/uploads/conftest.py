from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.seed import seed_demo_accounts
from tests.flows.broadcast.stage import Stage, city
from tests.flows.gateway.visitor import Visitor


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with city(city_dsn, tmp_path) as one:
        await seed_demo_accounts(one.hub.access, one.clock.at)
        yield one


@pytest.fixture
async def operator(stage: Stage) -> AsyncIterator[Visitor]:
    async with Visitor.of(stage.hub.settings.url, "operator") as one:
        yield one


@pytest.fixture
async def viewer(stage: Stage) -> AsyncIterator[Visitor]:
    async with Visitor.of(stage.hub.settings.url, "viewer") as one:
        yield one
