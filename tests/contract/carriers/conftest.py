from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dispatch.words import Channel
from tests.contract.carriers.stage import Stage, staged

ROADS = [Channel.SMS, Channel.VOICE, Channel.WECHAT]


@pytest.fixture(params=ROADS)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as one:
        yield one


@pytest.fixture(params=ROADS)
async def hasty(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Waits for its vendor half a second only."""
    async with staged(request.param, seconds=0.5) as one:
        yield one
