from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.broadcast.stage import Stage, city
from tests.patience import PATIENCE


@pytest.fixture
async def stage(city_dsn: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """A parameter: the seconds that the hub waits for a vendor that says nothing."""
    async with city(city_dsn, tmp_path, getattr(request, "param", PATIENCE)) as one:
        yield one
