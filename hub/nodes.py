"""What a hub of one process keeps to itself and one of several shares: who is here, the clock of views."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.presence.memory import MemoryPresence
from hub.presence.port import Presence
from hub.presence.valkey import ValkeyPresence
from hub.settings import Settings


@asynccontextmanager
async def presence_of(settings: Settings) -> AsyncIterator[Presence]:
    if not settings.node:
        yield MemoryPresence()
        return
    async with ValkeyPresence.open(settings.valkey) as presence:
        yield presence


BEGAN = time.time_ns() - time.monotonic_ns()


def shared_micros() -> int:
    """Of the wall clock as it was when this process began, and steady since: it does not jump with it."""
    return (BEGAN + time.monotonic_ns()) // 1000
