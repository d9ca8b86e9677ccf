"""A live server alone, in which everybody watches one room; its time is played by hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from hub.bus.memory import MemoryBus
from hub.gateway.live.connection import Connection
from hub.gateway.live.door import Door, Limits
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from tests.flows.cluster.guest import Guest
from tests.patience import PATIENCE


class Hall:
    def __init__(self, limits: Limits, budget: int, ping_seconds: int) -> None:
        self.bus = MemoryBus()
        self.live = LiveServer(bus=self.bus, enter=self._enter, answer=self._answer, left=lambda _: None, door=Door(limits),
                               ping_seconds=ping_seconds, farewell_seconds=PATIENCE)
        self.port = 0
        self._budget = budget
        self._later = 0.0

    def guest(self, who: str = "guest", origin: str = "127.0.0.1") -> Guest:
        return Guest(self.port, {"who": who}, origin=origin)

    def tell(self, number: int, weight: int = 0) -> None:
        self.bus.tell("hall", json.dumps({"n": number, "pad": "x" * weight}).encode())

    def tell_newest(self, number: int, weight: int = 0) -> None:
        self.bus.tell("=hall", json.dumps({"n": number, "pad": "x" * weight}).encode())

    def signal(self, number: int, weight: int = 0) -> None:
        self.bus.signal("hall", json.dumps({"n": number, "pad": "x" * weight}).encode())

    def pass_time(self, seconds: float) -> None:
        self._later += seconds
        self.live.tick(time.monotonic() + self._later)

    async def _enter(self, connection: Connection, _knock: Knock, auth: Mapping[str, Any]) -> Entered:
        connection.budget = self._budget
        return Entered("guest", str(auth["who"]))

    async def _answer(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        if event == "join":
            for room in ("hall", "=hall"):
                self.live.join(connection, room)
        return {"ok": True, "size": len(str(arguments))}


@asynccontextmanager
async def opened(limits: Limits | None = None, budget: int = 256 * 1024, ping_seconds: int = 25) -> AsyncIterator[Hall]:
    hall = Hall(limits or Limits(), budget, ping_seconds)
    server = await asyncio.get_running_loop().create_server(hall.live.protocol, "127.0.0.1", 0)
    async with server, asyncio.TaskGroup() as group:
        beating = group.create_task(hall.live.run())
        hall.port = server.sockets[0].getsockname()[1]
        try:
            yield hall
        finally:
            server.close()
            beating.cancel()


async def hears(guest: Guest, last: int) -> None:
    await guest.until(lambda: numbers(guest)[-1:] == [last])


def numbers(guest: Guest) -> list[int]:
    return [told["n"] for told in guest.told]
