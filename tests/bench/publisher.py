"""A node of the bus that serves nobody: `python -m tests.bench.publisher VALKEY ROOM…`."""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter

import uvloop

from hub.bus.valkey import ValkeyBus
from hub.wire.codec import encode
from tests.bench.load.wire import text_of
from tests.bench.peers.lines import lines, say

SIZE, HEAVY_SIZE = 200, 60_000


async def main(url: str, *rooms: str) -> None:
    numbers: Counter[str] = Counter()
    turn = itertools.cycle(rooms)
    async with ValkeyBus.open(url) as bus:
        say(ready=True)
        async for word in lines():
            for room in {"tell": rooms, "heavy": rooms[:1]}.get(word) or (next(turn),):
                numbers[room] += 1
                size = HEAVY_SIZE if word == "heavy" else SIZE
                await bus.publish(room, encode(text_of(size, time.monotonic_ns(), numbers[room])))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
