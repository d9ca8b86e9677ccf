"""The vendor's bad days: outages and "too many"."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from scripts.carriers_sim.knobs import Platform, Road
from scripts.carriers_sim.world import World

LONGEST_HANG = 60.0


@dataclass
class Bucket:
    left: float = 0.0
    at: float = 0.0

    def take(self, rate: float, now: float) -> bool:
        burst = max(rate, 1.0)
        self.left = min(burst, self.left + (now - self.at) * rate)
        self.at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


@dataclass
class Gate:
    world: World
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def outage(self, road: Road | Platform) -> str:
        """What strikes this request, if anything does."""
        if not road.outage:
            return ""
        struck = self.world.luck(self.world.number("outage"), "outage") < road.outage_share
        return road.outage if struck else ""

    def too_many(self, name: str, road: Road) -> bool:
        if not road.rate:
            return False
        now = asyncio.get_running_loop().time()
        bucket = self.buckets.setdefault(name, Bucket(left=max(road.rate, 1.0), at=now))
        return not bucket.take(road.rate, now)


async def cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def hang(request: web.Request) -> web.Response:
    """Until the caller has gone, or a minute."""
    # The server cancels this when the caller leaves.
    await asyncio.sleep(LONGEST_HANG)
    return await cut(request)
