from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.duties.stage import DutyStage, on_stage


@pytest.fixture
async def duty(dsn: str, tmp_path: Path) -> AsyncIterator[DutyStage]:
    async with on_stage(dsn, tmp_path) as one:
        yield one
