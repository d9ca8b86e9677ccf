"""The hub under load: `python -m tests.bench.live_hub PORT DATA DSN`.

The whole hub with its real door, bus and live layer, and beside it a publisher that tells what a bench asks for
by the same call as every room does: `Bus.publish`. Without DSN the live layer alone, its door open: what peers are.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import uvloop

from hub.access.messages import CreateApiKey
from hub.app import _settle_memory, hub_on
from hub.bus.memory import MemoryBus
from hub.gateway.live.connection import Connection
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from hub.kernel.actor import CITY, SYSTEM, Role
from hub.kernel.clock import SystemClock
from hub.kernel.ids import uuid7
from hub.settings import Settings
from hub.wire.codec import encode
from tests.bench.load.wire import text_of
from tests.bench.peers.lines import obey

ROOM, SIZE, BACKLOG = "roads", 200, 4096


async def whole(port: int, folder: str, dsn: str) -> None:
    settings = Settings(port=port, data=Path(folder), dsn=dsn, totp=False)
    async with hub_on(dsn, settings) as hub:
        wish = CreateApiKey(id=uuid7(SystemClock().now()), name="bench", roles=(Role.OPERATOR,), scopes=(CITY,))
        made = await hub.desk.ask(wish, SYSTEM)
        bus = hub.teller._bus
        await obey(_teller(lambda body: bus.publish(ROOM, body)), port=port, key=made["key"])


async def bare(port: int) -> None:
    bus = MemoryBus()
    live = LiveServer(bus=bus, enter=_open_door, answer=_no_answer, left=lambda _: None)

    server = await asyncio.get_running_loop().create_server(live.protocol, "127.0.0.1", port, backlog=BACKLOG)
    async with server, asyncio.TaskGroup() as group:
        beating = group.create_task(live.run())
        _settle_memory()
        await obey(_teller(lambda body: bus.publish(ROOM, body)), port=port)
        beating.cancel()


def _teller(publish: Callable[[bytes], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    return lambda number: publish(encode(text_of(SIZE, time.monotonic_ns(), number)))


async def _open_door(connection: Connection, _knock: Knock, _auth: Mapping[str, Any]) -> Entered:
    return Entered("guest", "")


async def _no_answer(connection: Connection, event: str, _arguments: list[Any]) -> dict[str, Any]:
    connection.server.join(connection, ROOM)
    return {"ok": True, "event": event}


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    place = int(sys.argv[1])
    uvloop.run(whole(place, *sys.argv[2:4]) if len(sys.argv) > 2 else bare(place))
