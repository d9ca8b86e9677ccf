from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.opinions.stage import OpinionStage, opinion_stage


@pytest.fixture
async def voters(dsn: str, tmp_path: Path) -> AsyncIterator[OpinionStage]:
    async with opinion_stage(dsn, tmp_path) as stage:
        yield stage
