from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.seed import seed_demo_accounts
from tests.flows.broadcast.stage import city
from tests.flows.conversations.talk import Talk


@pytest.fixture
async def talk(dsn: str, tmp_path: Path) -> AsyncIterator[Talk]:
    async with city(dsn, tmp_path) as stage:
        await seed_demo_accounts(stage.hub.access, stage.clock.at)
        one = Talk(stage)
        yield one
        await one.adds_up()
