from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dispatch.ports import Carrier
from dispatch.words import Channel
from tests.contract.carriers.stage import Stage, carrier_of, staged

ROADS = [Channel.SMS, Channel.VOICE, Channel.WECHAT]


@pytest.fixture(params=ROADS)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with staged(request.param) as one:
        yield one


@pytest.fixture
async def hasty(stage: Stage) -> AsyncIterator[Carrier]:
    """Waits for its vendor half a second only."""
    one = carrier_of(stage.channel, stage.vendor, stage.door.url, seconds=0.5)
    yield one
    await one.close()
