"""One scrape tells of every process."""

from __future__ import annotations

from contextlib import AsyncExitStack

from hub.bus.valkey import ValkeyBus
from hub.figures import Figures, Measures
from tests.flows.live.nodes import valkey_running
from tests.patience import PATIENCE


def guests(number: int) -> Measures:
    return {"hub_connections": ("Live connections", lambda: number)}


async def test_whichever_process_is_asked_it_knows_the_numbers_of_all_and_its_own_when_it_is_alone():
    async with AsyncExitStack() as stack:
        valkey = stack.enter_context(valkey_running())
        one, other = [await stack.enter_async_context(ValkeyBus.open(valkey.url, within=PATIENCE)) for _ in range(2)]
        first = Figures(one, guests(3), node="w0", processes=2)
        second = Figures(other, guests(4), node="w1", processes=2)
        for bus in (one, other):
            await bus.follow(["@figures-asked", "@figures"])

        together = [await figures.of_all(PATIENCE) for figures in (first, second)]
        valkey.kill()
        alone = await first.of_all()

    assert together == [{"w0": {"hub_connections": 3}, "w1": {"hub_connections": 4}}] * 2
    assert alone == {"w0": {"hub_connections": 3}}
