"""How long the loops of a hub's processes did not come round, as each says at /metrics."""

from __future__ import annotations

import re

import aiohttp

from tests.bench.city import City

STALL = re.compile(r'^hub_loop_stall_seconds\S* (\S+)$', re.MULTILINE)


async def longest_stalls(hub: City) -> list[float]:
    """Milliseconds since this was last asked, of each process; empty when the hub does not tell."""
    async with aiohttp.ClientSession() as web, web.get(f"{hub.url}/metrics") as answer:
        return [1000 * float(stall[1]) for stall in STALL.finditer(await answer.text())]
