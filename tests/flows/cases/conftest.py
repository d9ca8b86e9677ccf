from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.cases.stage import CaseStage, fill, on_stage
from tests.places import fresh_database, prepared


@pytest.fixture(scope="session")
def small_city(postgres: str) -> str:
    return prepared(postgres, "small_city", fill)


@pytest.fixture
async def stage(postgres: str, small_city: str, tmp_path: Path) -> AsyncIterator[CaseStage]:
    async with fresh_database(postgres, small_city) as dsn, on_stage(dsn, tmp_path, settled=True) as one:
        yield one
