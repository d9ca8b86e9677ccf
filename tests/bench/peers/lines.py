"""What every server under load obeys, one word a line: `tell` an event to everybody; `report` its loop's longest
stall since the last report, after it has swept its memory as it would sooner or later."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

Tell = Callable[[int], Awaitable[None]]
"""Given the number of the event."""

STEP = 0.005


class Stall:
    """The longest time the loop did not come round, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        due = time.perf_counter()
        while True:
            due += STEP
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late = time.perf_counter() - due
            self.longest = max(self.longest, late * 1000)
            due += max(0.0, late)


async def lines() -> AsyncIterator[str]:
    """Of standard input, until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line.decode().strip()


async def obey(tell: Tell, **greeting: object) -> None:
    stall, watching = Stall(), None
    say(**greeting)
    number = 0
    async for word in lines():
        if word == "tell":
            number += 1
            await tell(number)
        else:
            say(stall=stall.longest)
            gc.collect()
            watching = watching or asyncio.create_task(stall.watch())
            stall.longest = 0.0


def say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
