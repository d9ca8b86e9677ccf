from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.legislation.stage import LawStage, on_stage


@pytest.fixture
async def law(dsn: str, tmp_path: Path) -> AsyncIterator[LawStage]:
    async with on_stage(dsn, tmp_path) as one:
        yield one
