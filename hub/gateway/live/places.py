"""Where tellings get their numbers and sessions are kept: in this process and on its disk, or for
several nodes in Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hub.bus.port import Bus
from hub.bus.valkey import ValkeyBus
from hub.gateway.live.disk import Disk
from hub.gateway.live.sessions import Keep
from hub.gateway.live.shelved import Shelved


@asynccontextmanager
async def told_by(valkey: str, folder: Path) -> AsyncIterator[tuple[Bus, Keep]]:
    """Raises Refused when the server that is named is not there."""
    if valkey:
        async with ValkeyBus.open(valkey) as bus:
            yield bus, Shelved(bus.shelf)
        return
    disk = Disk(folder)
    try:
        yield disk.bus, disk
    finally:
        disk.close()
