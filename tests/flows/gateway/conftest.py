from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.seed import seed_demo_accounts
from tests.flows.broadcast.stage import Stage, city
from tests.flows.gateway.visitor import Visitor
from tests.patience import PATIENCE


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A parameter: the seconds that the hub waits for a vendor that says nothing."""
    async with city(city_dsn, tmp_path, getattr(request, "param", PATIENCE)) as one:
        await seed_demo_accounts(one.hub.access, one.clock.at)
        yield one


@pytest.fixture
async def operator(stage: Stage) -> AsyncIterator[Visitor]:
    async with Visitor.of(stage.hub.settings.url, "operator") as one:
        yield one


@pytest.fixture
async def admin(stage: Stage) -> AsyncIterator[Visitor]:
    async with Visitor.of(stage.hub.settings.url, "admin") as one:
        yield one


@pytest.fixture
def gateway(stage: Stage, operator: Visitor) -> tuple[Stage, Visitor]:
    return stage, operator
