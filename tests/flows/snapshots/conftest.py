from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.duties.stage import on_stage
from tests.flows.snapshots.phone import SnapStage


@pytest.fixture
async def snaps(dsn: str, tmp_path: Path) -> AsyncIterator[SnapStage]:
    async with on_stage(dsn, tmp_path) as one, SnapStage.of(one) as stage:
        yield stage
