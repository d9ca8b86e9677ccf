from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.flows.cluster.stage import Cluster, cluster


@pytest.fixture
async def two(dsn: str, tmp_path: Path) -> AsyncIterator[Cluster]:
    async with cluster(dsn, tmp_path / "d") as one:
        yield one
