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

from hub import garbage
from hub.access.messages import CreateApiKey
from hub.app import hub_on
from hub.bus.memory import MemoryBus
from hub.bus.port import Bus
from hub.gateway.live.connection import Connection
from hub.gateway.live.door import Door, limits_of
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from hub.kernel.actor import CITY, SYSTEM, Role
from hub.kernel.clock import SystemClock
from hub.kernel.ids import uuid7
from hub.settings import Settings
from hub.wire.codec import encode
from tests.bench.load.limits import LIMITS
from tests.bench.load.wire import text_of
from tests.bench.peers.lines import obey

ROOM, SIZE, BACKLOG = "roads", 200, 4096


async def whole(port: int, folder: str, dsn: str) -> None:
    settings = Settings(port=port, data=Path(folder), dsn=dsn, totp=False, limits=LIMITS)
    async with hub_on(dsn, settings) as hub:
        wish = CreateApiKey(id=uuid7(SystemClock().now()), name="bench", roles=(Role.OPERATOR,), scopes=(CITY,))
        made = await hub.desk.ask(wish, SYSTEM)
        # The hub gives its bus to nobody but its rooms.
        await obey(telling(hub.bus), port=port, key=made["key"])


async def bare(port: int) -> None:
    bus = MemoryBus()
    live = LiveServer(enter=let_in, answer=join, left=lambda _: None, bus=bus, door=Door(limits_of(LIMITS)))
    server = await asyncio.get_running_loop().create_server(live.protocol, "127.0.0.1", port, backlog=BACKLOG)
    async with server, asyncio.TaskGroup() as group:
        beating = group.create_task(live.run())
        garbage.settle()
        await obey(telling(bus), port=port)
        beating.cancel()


def telling(bus: Bus) -> Callable[[int], Awaitable[None]]:
    return lambda number: bus.publish(ROOM, encode(text_of(SIZE, time.monotonic_ns(), number)))


async def let_in(_connection: Connection, _knock: Knock, _auth: Mapping[str, Any]) -> Entered:
    return Entered("guest", "guest")


async def join(connection: Connection, event: str, _arguments: list[Any]) -> dict[str, Any]:
    await connection.server.rooms.follow(ROOM)
    connection.server.join(connection, ROOM)
    return {"ok": True, "event": event}


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    place = int(sys.argv[1])
    uvloop.run(whole(place, *sys.argv[2:4]) if len(sys.argv) > 2 else bare(place))
