"""Plays what comes in. What a sink cannot take in time is left out: a late word is worth less than the next one."""

from __future__ import annotations

import asyncio
from array import array
from collections import deque
from contextlib import suppress
from typing import Any

import structlog
from aiortc.mediastreams import MediaStreamError

from edge.sinks import Playing, Sink, Sound
from hub.kernel.errors import TryAgain

log = structlog.get_logger("edge.calls")

MOST_WAITING = 10
"""Frames of 20 ms."""
AUDIBLE = 300
"""Of 32,767: what opus makes of silence stays below."""
HEARD = Sound(rate=48_000, channels=1)


class Ear:
    """`frames` came, `audible` of them were not silence."""

    def __init__(self, sink: Sink) -> None:
        self.frames = self.audible = self.left_out = 0
        self._sink = sink

    async def listen(self, track: Any, name: str) -> None:
        """Until the track ends. It is read whatever the sink does: aiortc keeps what nobody takes."""
        waiting: deque[bytes] = deque(maxlen=MOST_WAITING)
        news = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(self._play(name, waiting, news))
            with suppress(MediaStreamError):
                while True:
                    self._take(await track.recv(), waiting)
                    news.set()
            playing.cancel()

    def _take(self, frame: Any, waiting: deque[bytes]) -> None:
        channels = len(frame.layout.channels)
        samples = array("h", bytes(frame.planes[0])[: 2 * channels * frame.samples])[::channels]
        self.frames += 1
        self.audible += max(samples, default=0) > AUDIBLE
        self.left_out += len(waiting) == MOST_WAITING
        waiting.append(samples.tobytes())

    async def _play(self, name: str, waiting: deque[bytes], news: asyncio.Event) -> None:
        await news.wait()
        out: Playing | None = None
        try:
            out = await self._sink.open(name, HEARD)
            while True:
                news.clear()
                while waiting:
                    await out.write(waiting.popleft())
                await news.wait()
        except TryAgain as error:
            log.warning("the sound device does not work", why=str(error))
        finally:
            if out is not None:
                await out.close(drain=False)
