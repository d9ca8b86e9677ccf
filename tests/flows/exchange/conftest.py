"""One hub for all of them: each has suggestions of its own."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.carriers_sim.knobs import Knobs
from tests.flows.exchange.stage import BEFORE, OVER, ExchangeStage, on_stage
from tests.flows.proposals.stage import deputy, fill
from tests.flows.proposals.stage import on_stage as without_province
from tests.places import fresh_database, prepared


@pytest.fixture(scope="session")
def demo_city(postgres: str) -> str:
    return prepared(postgres, "exchange_city", _before_it_was_opened)


async def _before_it_was_opened(dsn: str) -> None:
    """A suggestion under way, and one that is over, in a city without a province."""
    await fill(dsn)
    with tempfile.TemporaryDirectory() as data:
        async with without_province(dsn, Path(data)) as stage:
            await stage.accepted(deputy(9), title=BEFORE)
            over = await stage.accepted(deputy(9), title=OVER)
            await stage.take("WithdrawProposal", deputy(9), over, reason="情况已有变化")
            assert await stage.value("select count(*) from work.jobs where kind like 'exchange.%'") == 0
            assert await stage.see("exchange_packages") == []
            assert not (await stage.see("exchange_standing"))[0]["on"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(postgres: str, demo_city: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ExchangeStage]:
    async with fresh_database(postgres, demo_city) as dsn, on_stage(dsn, tmp_path_factory.mktemp("exchange")) as one:
        await one.until(lambda: one.at_rest(20))
        yield one


@pytest.fixture(autouse=True)
def calm(exchange: ExchangeStage) -> None:
    exchange.world.knobs = Knobs()
