from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.seed import seed_demo_accounts
from tests.flows.broadcast.stage import city
from tests.flows.meetings.round_table import RoundTable


@pytest.fixture
async def table(city_dsn: str, tmp_path: Path) -> AsyncIterator[RoundTable]:
    async with city(city_dsn, tmp_path) as stage:
        await seed_demo_accounts(stage.hub.access, stage.clock.at)
        one = RoundTable(stage)
        await one.more_stations()
        yield one
