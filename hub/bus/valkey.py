"""The bus of a hub that is several processes: local listeners at once, the others through Valkey or Redis.

What cannot be published now waits here, bounded, and goes out in order when the server is back;
who was told nothing meanwhile reads fresh snapshots when it next connects.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hub.bus.port import Listener
from hub.kernel.errors import Refused

log = structlog.get_logger()

CHANNEL = b"hub:tell"
NODE_BYTES = 8
WAITING = 20_000
PAUSE = 0.5
CONNECT_SECONDS = 3.0


class ValkeyBus:
    def __init__(self, server: Redis) -> None:
        self._server = server
        self._node = secrets.token_bytes(NODE_BYTES)
        self._listeners: list[Listener] = []
        self._waiting: deque[bytes] = deque(maxlen=WAITING)
        self._wake = asyncio.Event()
        self.listening = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[ValkeyBus]:
        """Raises Refused when there is no server to begin with; later outages are waited out."""
        server = Redis.from_url(url, socket_connect_timeout=CONNECT_SECONDS, protocol=2)
        try:
            await server.ping()
        except (RedisError, OSError) as error:
            await server.aclose()
            raise Refused(f"连不上 HUB_VALKEY 指定的服务器 {url}，请检查地址。",
                          f"The server named by HUB_VALKEY ({url}) cannot be reached: {error}.") from error
        bus = cls(server)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(bus._send()), group.create_task(bus._receive())]
            try:
                yield bus
            finally:
                for task in tasks:
                    task.cancel()
        await server.aclose()

    async def publish(self, room: str, frame: bytes) -> None:
        self._deliver(room, frame)
        name = room.encode()
        self._waiting.append(self._node + len(name).to_bytes(2) + name + frame)
        self._wake.set()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def _deliver(self, room: str, frame: bytes) -> None:
        for listener in self._listeners:
            listener(room, frame)

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                try:
                    await self._server.publish(CHANNEL, self._waiting[0])
                    self._waiting.popleft()
                except (RedisError, OSError) as error:
                    log.warning("bus waits", error=str(error), waiting=len(self._waiting))
                    await asyncio.sleep(PAUSE)

    async def _receive(self) -> None:
        while True:
            try:
                async with self._server.pubsub() as feed:
                    await feed.subscribe(CHANNEL)
                    await self._follow(feed)
            except (RedisError, OSError) as error:
                log.warning("bus is deaf", error=str(error))
                await asyncio.sleep(PAUSE)
            finally:
                self.listening.clear()

    async def _follow(self, feed: object) -> None:
        async for message in feed.listen():  # type: ignore[attr-defined]
            if message["type"] == "subscribe":
                self.listening.set()
            elif message["type"] == "message":
                self._take(message["data"])

    def _take(self, raw: bytes) -> None:
        if raw.startswith(self._node):
            return
        size = int.from_bytes(raw[NODE_BYTES:NODE_BYTES + 2])
        start = NODE_BYTES + 2
        self._deliver(raw[start:start + size].decode(), raw[start + size:])
