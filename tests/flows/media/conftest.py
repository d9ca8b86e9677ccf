from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.media.stage import Studio, studio


@pytest.fixture
async def on_air(city_dsn: str, tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(city_dsn, tmp_path) as one:
        yield one
