from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.live_meetings.stage import LiveStage, on_stage


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path) -> AsyncIterator[LiveStage]:
    async with on_stage(city_dsn, tmp_path) as one:
        yield one
