"""One hub for all of them: each has suggestions of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from scripts.carriers_sim.knobs import Knobs
from tests.flows.exchange.stage import ExchangeStage, on_stage
from tests.flows.proposals.stage import fill
from tests.places import fresh_database, prepared


@pytest.fixture(scope="session")
def demo_city(postgres: str) -> str:
    return prepared(postgres, "exchange_city", fill)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def exchange(postgres: str, demo_city: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ExchangeStage]:
    async with fresh_database(postgres, demo_city) as dsn, on_stage(dsn, tmp_path_factory.mktemp("exchange")) as one:
        await one.until(lambda: one.at_rest(20))
        yield one


@pytest.fixture(autouse=True)
def calm(exchange: ExchangeStage) -> None:
    exchange.world.knobs = Knobs()
