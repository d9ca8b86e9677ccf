"""The load, as a bench commands it: several swarms, each a process, on several loopback addresses."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from hub.settings import ROOT
from tests.bench.load.swarm import BUCKET

ADDRESSES = 8
"""Of each swarm: no address is asked for more ports than it has, none looks like a flood."""
LINE = 16 * 2**20
SLACK_SECONDS = 15.0


class Heard(msgspec.Struct, kw_only=True):
    """What the swarms report, together. `took` is a histogram in steps of 0.1 ms."""

    live: int
    lost: int
    tells: int
    fresh: int
    answers: int
    recovered: int
    lost_place: int
    missing: int
    doubled: int
    behind: int
    closes: dict[str, int]
    why: dict[str, int]
    seconds: float
    cpu: float
    took: dict[int, int]

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return percentile(self.took, share)


def percentile(took: Mapping[int, int], share: float) -> float:
    wanted, seen = sum(took.values()) * share, 0
    for step in sorted(took):
        seen += took[step]
        if seen >= wanted:
            return (step + 0.5) * BUCKET / 1e6
    return 0.0


SUMS = ("live", "lost", "tells", "fresh", "answers", "recovered", "lost_place", "missing", "doubled", "behind", "cpu")
TABLES = ("took", "why", "closes")


def together(heard: Sequence[Heard]) -> Heard:
    found: dict[str, Any] = {name: sum(getattr(one, name) for one in heard) for name in SUMS}
    for name in TABLES:
        tables: Counter[Any] = Counter()
        for one in heard:
            tables.update(getattr(one, name))
        found[name] = dict(tables)
    return Heard(**found, seconds=max(one.seconds for one in heard))


class Crowd:
    def __init__(self, swarms: Sequence[asyncio.subprocess.Process]) -> None:
        self._swarms = swarms
        self._sizes = [0] * len(swarms)

    @property
    def size(self) -> int:
        return sum(self._sizes)

    async def open(self, count: int, port: int, *, auths: Sequence[Mapping[str, Any]] = ({},), watch: Mapping[str, Any] | None = None,
                   parallel: int = 128, seconds: float = 60.0, exact: bool = False,
                   returns: bool = False) -> Heard:
        """Raises RuntimeError when not everybody came in."""
        shares = [count // len(self._swarms) + (n < count % len(self._swarms)) for n in range(len(self._swarms))]
        firsts = [self.size + sum(shares[:n]) for n in range(len(shares))]
        self._sizes = [size + share for size, share in zip(self._sizes, shares, strict=True)]
        heard = together(await asyncio.gather(*(
            self._say(swarm, seconds, do="open", count=share, host="127.0.0.1", port=port, auths=auths, watch=watch,
                      sources=[f"127.0.{n + 1}.{1 + m}" for m in range(ADDRESSES)], seconds=seconds, exact=exact, returns=returns,
                      first=first, parallel=max(1, parallel // len(self._swarms)))
            for n, (swarm, share, first) in enumerate(zip(self._swarms, shares, firsts, strict=True)))))
        if heard.live != self.size:
            raise RuntimeError(f"only {heard.live} of {self.size} clients came in: {heard.why} {heard.closes}")
        return heard

    async def clear(self) -> Heard:
        return await self._all(5.0, do="clear")

    async def report(self, wanted: int = 0) -> Heard:
        return await self._all(5.0, do="report", wanted=wanted)

    async def until(self, each: int, seconds: float = 30.0) -> Heard:
        """Until every client was told so many events since `clear`."""
        return together(await asyncio.gather(*(
            self._say(swarm, seconds, do="until", fresh=size * each, seconds=seconds)
            for swarm, size in zip(self._swarms, self._sizes, strict=True))))

    async def cut(self, share: float = 1.0) -> Heard:
        return await self._all(30.0, do="cut", count=round(max(self._sizes) * share))

    async def deaf(self, share: float, seconds: float) -> Heard:
        return await self._all(30.0, do="deaf", count=round(max(self._sizes) * share), seconds=seconds)

    async def back(self, *, parallel: int = 256, seconds: float = 90.0) -> Heard:
        return await self._all(seconds, do="back", parallel=max(1, parallel // len(self._swarms)), seconds=seconds)

    async def acknowledge(self, *, spread: float, seconds: float) -> Heard:
        return await self._all(seconds, do="acknowledge", spread=spread, seconds=seconds)

    async def _all(self, patience: float, **wish: Any) -> Heard:
        return together(await asyncio.gather(*(self._say(swarm, patience, **wish) for swarm in self._swarms)))

    async def _say(self, swarm: asyncio.subprocess.Process, patience: float, **wish: Any) -> Heard:
        assert swarm.stdin is not None
        assert swarm.stdout is not None
        async with asyncio.timeout(patience + SLACK_SECONDS):
            swarm.stdin.write(json.dumps(wish).encode() + b"\n")
            line = await swarm.stdout.readline()
        if not line:
            raise RuntimeError("a swarm has ended; its words are above")
        return msgspec.json.decode(line, type=Heard)


@asynccontextmanager
async def crowd(swarms: int = 1) -> AsyncIterator[Crowd]:
    """Its processes are ended with the block."""
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.load.swarm", cwd=ROOT, limit=LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        for _ in range(swarms)
    ]
    try:
        yield Crowd(started)
    finally:
        for swarm in started:
            if swarm.returncode is None:
                swarm.kill()
            await swarm.wait()
