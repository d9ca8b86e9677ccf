"""How long the loops of a hub's processes did not come round, as each says at /metrics."""

from __future__ import annotations

import re

import aiohttp

from tests.bench.city import City

STALL = re.compile(r'^hub_loop_stall_seconds\S* (\S+)$', re.MULTILINE)
NODE = re.compile(r'^hub_process_id\S* (\S+)$', re.MULTILINE)
TRIES = 60


async def longest_stalls(hub: City) -> list[float]:
    """Milliseconds since this was last asked, of each process; empty when the hub does not tell. The port is shared, so it
    is asked over new connections until every process has answered."""
    found: dict[str, float] = {}
    for _ in range(TRIES):
        async with aiohttp.ClientSession() as web, web.get(f"{hub.url}/metrics") as answer:
            text = await answer.text()
        stall, node = STALL.search(text), NODE.search(text)
        if stall is None or node is None:
            return []
        found[node[1]] = max(found.get(node[1], 0.0), 1000 * float(stall[1]))
        if len(found) == len(hub.workers):
            break
    return list(found.values())
