"""What is due when: one heap, one timer, a bounded number of hands."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

Errand = Callable[[], Awaitable[None]]

HANDS = 128
MOST = 400_000
NAP = 3600.0


class Agenda:
    """Must be made inside the loop. `after` may be called at any time, `run` works it off."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._heap: list[tuple[float, int, Errand]] = []
        self._order = count()
        self._sooner = asyncio.Event()
        self._due: asyncio.Queue[Errand] = asyncio.Queue()
        self._group: asyncio.TaskGroup | None = None

    def __len__(self) -> int:
        return len(self._heap) + self._due.qsize()

    def after(self, seconds: float, errand: Errand) -> None:
        if len(self._heap) >= MOST:
            return
        at = self._loop.time() + seconds
        if not self._heap or at < self._heap[0][0]:
            self._sooner.set()
        heapq.heappush(self._heap, (at, next(self._order), errand))

    def begin(self, errand: Errand) -> None:
        """For what lasts long (a phone call) and must not keep one of the hands."""
        if self._group is None:
            raise RuntimeError("The agenda does not run.")
        self._group.create_task(_run(errand))

    def clear(self) -> None:
        self._heap.clear()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._group = group
            for _ in range(HANDS):
                group.create_task(self._work())
            await self._watch()

    async def _watch(self) -> None:
        while True:
            now = self._loop.time()
            while self._heap and self._heap[0][0] <= now:
                self._due.put_nowait(heapq.heappop(self._heap)[2])
            await self._sleep(self._heap[0][0] - now if self._heap else NAP)

    async def _sleep(self, seconds: float) -> None:
        self._sooner.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._sooner.wait()
        except TimeoutError:
            return

    async def _work(self) -> None:
        while True:
            errand = await self._due.get()
            await errand()


async def _run(errand: Errand) -> None:
    await errand()
