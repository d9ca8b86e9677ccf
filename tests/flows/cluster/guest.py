"""A raw Socket.IO client that resumes as the stock one does, and remembers what it was told."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.patience import PATIENCE

CLOSE = 8
KNOCK = ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n")


class Refused(Exception):
    """The door said no: an HTTP status, or the problem of a connect_error."""


class Guest:
    def __init__(self, port: int, auth: Mapping[str, Any], cookie: str = "", origin: str = "127.0.0.1", to: str = "127.0.0.1") -> None:
        self._port, self._auth, self._from, self._to = port, dict(auth), origin, to
        self._more = f"Cookie: {cookie}\r\n" if cookie else ""
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self.pid = self.offset = ""
        self.told: list[Any] = []
        self.signals: list[Any] = []
        self.byes: list[dict[str, Any]] = []
        self.closes: list[int] = []
        self.recovered: list[bool] = []
        self.here = asyncio.Event()
        self.news = asyncio.Event()
        self.local_port = 0
        self._writer: asyncio.StreamWriter | None = None

    @asynccontextmanager
    async def staying(self) -> AsyncIterator[Guest]:
        """Comes, and comes again whenever it is sent away."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.stay())
            async with asyncio.timeout(PATIENCE):
                await self.here.wait()
            try:
                yield self
            finally:
                task.cancel()

    async def stay(self) -> None:
        while True:
            with contextlib.suppress(OSError, EOFError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, Refused):
                await self.visit()
            await asyncio.sleep(self.byes[-1]["retry_after"] if self.byes and self.byes[-1]["retry_after"] < 2 else 0.1)

    async def visit(self) -> None:
        """Until the connection ends. Raises Refused."""
        reader, writer = await self.knock()
        self._writer = writer
        try:
            while True:
                self._take(*await frame(reader))
        finally:
            self.here.clear()
            self._writer = None
            writer.transport.abort()
            for waiting in self._acks.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("cut off"))
            self._acks.clear()

    async def knock(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._to, self._port, local_addr=(self._from, 0))
        self.local_port = writer.get_extra_info("sockname")[1]
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write(KNOCK.format(host=f"{self._to}:{self._port}", more=self._more).encode())
                head = await reader.readuntil(b"\r\n\r\n")
                if b" 101 " not in head[:20]:
                    raise Refused(head.decode())
                await frame(reader)
                resume = {"pid": self.pid, "offset": self.offset} if self.pid else {}
                writer.write(masked(f"40{json.dumps(self._auth | {k: v for k, v in resume.items() if v})}"))
                opcode, said = await frame(reader)
                if not said.startswith(b"40"):
                    raise Refused(f"closed {int.from_bytes(said[:2])}" if opcode == CLOSE else said.decode())
        except BaseException:
            writer.transport.abort()
            raise
        pid = json.loads(said[2:])["pid"]
        self.recovered.append(pid == self.pid)
        self.pid = pid
        self.here.set()
        self._ring()
        return reader, writer

    def _take(self, opcode: int, said: bytes) -> None:
        if opcode == CLOSE:
            self.closes.append(int.from_bytes(said[:2]))
            raise EOFError
        if said == b"2" and self._writer is not None:
            self._writer.write(masked("3"))
        elif said.startswith(b"43"):
            number, _, body = said[2:].partition(b"[")
            waiting = self._acks.pop(int(number), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(json.loads(b"[" + body)[0])
        elif said.startswith(b"42"):
            self._event(*json.loads(said[2:]))

    def _event(self, name: str, told: Any, offset: str | None = None) -> None:
        if name == "bye":
            self.byes.append(told)
            return
        if isinstance(offset or told, str):
            self.offset = offset or told
        if name == "tell":
            self.told.append(told)
            self._ring()
        if name == "signal":
            self.signals.append(told)
            self._ring()

    def _ring(self) -> None:
        self.news.set()
        self.news = asyncio.Event()

    def cut(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()

    async def call(self, event: str, body: Any) -> Any:
        """Again when the connection is cut before the answer."""
        while True:
            async with asyncio.timeout(PATIENCE):
                await self.here.wait()
                if self._writer is None:
                    await asyncio.sleep(0)
                    continue
                self._number += 1
                waiting = self._acks[self._number] = asyncio.get_running_loop().create_future()
                self._writer.write(masked(f"42{self._number}{json.dumps([event, body])}"))
                with contextlib.suppress(ConnectionError):
                    return await waiting

    async def until_knows(self, offset: Callable[[], str]) -> None:
        """How far the hub is by now: from there he may go on elsewhere."""
        async with asyncio.timeout(PATIENCE):
            while not offset() or self.offset != offset():
                await asyncio.sleep(0.005)

    async def until(self, so: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not (found := so()):
                await self.news.wait()
        return found


def masked(text: str) -> bytes:
    body = text.encode()
    size = len(body)
    head = bytes((0x81, 0x80 | size)) if size < 126 else bytes((0x81, 0x80 | 126)) + size.to_bytes(2)
    return head + bytes(4) + body


async def frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readexactly(2)
    size = head[1]
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2))
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8))
    return head[0] & 0x0F, await reader.readexactly(size)
