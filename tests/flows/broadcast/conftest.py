from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.broadcast.stage import Stage, city


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with city(city_dsn, tmp_path) as one:
        yield one
