from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.proposals.stage import ProposalStage, fill, on_stage
from tests.places import fresh_database, prepared


@pytest.fixture(scope="session")
def demo_city(postgres: str) -> str:
    return prepared(postgres, "demo_city", fill)


@pytest.fixture
async def stage(postgres: str, demo_city: str, tmp_path: Path) -> AsyncIterator[ProposalStage]:
    async with fresh_database(postgres, demo_city) as dsn, on_stage(dsn, tmp_path) as one:
        yield one
