from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.proposals.stage import ProposalStage, on_stage


@pytest.fixture
async def stage(dsn: str, tmp_path: Path) -> AsyncIterator[ProposalStage]:
    async with on_stage(dsn, tmp_path) as one:
        yield one
