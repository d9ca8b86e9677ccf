from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.cases.stage import CaseStage, on_stage


@pytest.fixture
async def stage(dsn: str, tmp_path: Path) -> AsyncIterator[CaseStage]:
    async with on_stage(dsn, tmp_path) as one:
        yield one
