"""Wakes who waits. Nothing is lost when a waiter listens before it looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Bell:
    def __init__(self) -> None:
        self._ringing = asyncio.Event()
        self.abroad: Callable[[], None] | None = None
        """Told of every ring in this process, where others wait for it too."""

    def listen(self) -> asyncio.Event:
        """Take this before reading; it is set by every later `ring`."""
        return self._ringing

    def ring(self) -> None:
        self.ring_here()
        if self.abroad is not None:
            self.abroad()

    def ring_here(self) -> None:
        self._ringing.set()
        self._ringing = asyncio.Event()


async def heard(ringing: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await ringing.wait()
    except TimeoutError:
        return False
    return True
