"""One pass over a sound, from where it may go on. Nothing is played that was not reserved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from edge.pcm import Pcm
from edge.sinks import Playing

SLICE_MS = 500
CHUNK_MS = 100
MOST_CHUNK_MS = 10_000

Reserve = Callable[[int, int], Awaitable[None]]
"""(reached_ms, upto_ms): returns when it is durable that playing may go as far as `upto_ms`."""


def slice_ms(speed: float, length_ms: int) -> int:
    """What is reserved at a time: half a second of real time."""
    return max(1, int(min(SLICE_MS * speed, length_ms)))


class Pass:
    """`reached_ms` counts what was handed to the sink, at any moment, also after a cancellation."""

    def __init__(self, pcm: Pcm, out: Playing, *, from_ms: int, upto_ms: int, speed: float,
                 reserve: Reserve) -> None:
        self._pcm = pcm
        self._out = out
        self._length = pcm.length_ms
        self._slice = slice_ms(speed, self._length)
        self._chunk = int(min(max(CHUNK_MS, CHUNK_MS * speed), MOST_CHUNK_MS))
        self._reserve = reserve
        self._reserved = upto_ms
        self.reached_ms = from_ms

    @property
    def complete(self) -> bool:
        return self.reached_ms >= self._length

    async def run(self, halt: asyncio.Event) -> None:
        """To the end, or until `halt` is set. The next slice is reserved while this one sounds, so
        that a slow disk makes no gap."""
        try:
            await self._run(halt)
        except ExceptionGroup as group:
            raise group.exceptions[0] from group

    async def _run(self, halt: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as tasks:
            pending: asyncio.Task[None] | None = None
            while not self.complete and not halt.is_set():
                if pending is None and self._soon_out():
                    pending = tasks.create_task(self._reserve_more())
                if pending is not None and self.reached_ms >= self._reserved:
                    await pending
                if pending is not None and pending.done():
                    pending = None
                if self.reached_ms < self._reserved:
                    await self._play_chunk()

    def _soon_out(self) -> bool:
        left = self._reserved - self.reached_ms
        return self._reserved < self._length and left <= self._slice // 2

    async def _reserve_more(self) -> None:
        upto = min(self._reserved + self._slice, self._length)
        await self._reserve(self.reached_ms, upto)
        self._reserved = upto

    async def _play_chunk(self) -> None:
        start = self.reached_ms
        # Counted before the write: a chunk that was handed over is never handed over again.
        self.reached_ms = min(start + self._chunk, self._reserved)
        await self._out.write(self._pcm.cut(start, self.reached_ms))
