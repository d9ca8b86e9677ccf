"""Cut off and back: the unmodified JavaScript client recovers and sees every event once, in order."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop

from hub.bus.memory import MemoryBus
from hub.gateway.live.connection import Connection
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[3]


class Hall:
    """A live server in which everybody watches one room."""

    def __init__(self) -> None:
        self.bus = MemoryBus()
        self.live = LiveServer(enter=self._enter, answer=self._answer, left=lambda _: None, bus=self.bus)
        self.url = ""

    async def _enter(self, connection: Connection, _knock: Knock, auth: Mapping[str, Any]) -> Entered:
        return Entered("guest", str(auth.get("who", "")))

    async def _answer(self, _connection: Connection, event: str, _arguments: list[Any]) -> dict[str, Any]:
        return {"ok": True, "event": event}

    def everybody_joins(self) -> None:
        for connection in self.live.connections.values():
            self.live.join(connection, "hall")

    async def tell(self, number: int) -> None:
        await self.bus.publish("hall", json.dumps({"n": number}).encode())


@asynccontextmanager
async def opened() -> AsyncIterator[Hall]:
    hall = Hall()
    server = await asyncio.get_running_loop().create_server(hall.live.protocol, "127.0.0.1", 0)
    async with server, asyncio.TaskGroup() as group:
        beating = group.create_task(hall.live.run())
        hall.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield hall
        server.close()
        beating.cancel()


class Stock:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.told: list[int] = []

    async def until(self, **wanted: Any) -> dict[str, Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                said: dict[str, Any] = json.loads(line)
                if "told" in said:
                    self.told.append(said["told"]["n"])
                if wanted.items() <= said.items():
                    return said
        raise AssertionError("the client ended")

    async def hears(self, number: int) -> None:
        while not self.told or self.told[-1] < number:
            await self.until(told={"n": number})

    def lead_to(self, port: int) -> None:
        """Where the wire ends from the next connection on."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"to {port}\n".encode())

    def ask(self, event: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"ask {event}\n".encode())

    def cut(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"cut\n")


@asynccontextmanager
async def stock_client(url: str) -> AsyncIterator[Stock]:
    node = shutil.which("node") or str(ROOT / ".venv" / "node" / "bin" / "node")
    process = await asyncio.create_subprocess_exec(
        node, str(Path(__file__).with_name("stock_client.mjs")), url, str(ROOT / "web" / "package.json"),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    try:
        yield Stock(process)
    finally:
        process.kill()
        await process.wait()


async def recovered_three_times():
    async with opened() as hall, stock_client(hall.url) as stock:
        assert (await stock.until(connected=True))["recovered"] is False
        hall.everybody_joins()
        for number in range(1, 4):
            await hall.tell(number)
        await stock.hears(3)

        for first in (4, 104, 204):
            stock.cut()
            await stock.until(connected=False)
            for number in range(first, first + 100):
                await hall.tell(number)
            assert (await stock.until(connected=True))["recovered"] is True
            await stock.hears(first + 99)

        assert stock.told == list(range(1, 304))


async def test_the_stock_client_recovers_and_sees_every_event_once():
    await recovered_three_times()


def test_so_it_does_on_the_loop_the_hub_runs_on():
    uvloop.run(recovered_three_times())


async def test_it_recovers_also_before_it_has_heard_anything():
    async with opened() as hall, stock_client(hall.url) as stock:
        await stock.until(connected=True)
        hall.everybody_joins()
        stock.cut()
        await stock.until(connected=False)
        await hall.tell(1)

        assert (await stock.until(connected=True))["recovered"] is True
        await stock.hears(1)


async def test_when_something_is_forgotten_it_is_told_so():
    async with opened() as hall, stock_client(hall.url) as stock:
        await stock.until(connected=True)
        hall.everybody_joins()
        await hall.tell(1)
        await stock.hears(1)
        stock.cut()
        await stock.until(connected=False)
        hall.live.rooms.history.broken("hall", 10)

        assert (await stock.until(connected=True))["recovered"] is False


async def test_cut_at_every_byte_of_what_it_is_sent_a_session_loses_nothing():
    """A raw client reads so many bytes of the tellings and is cut off in the middle of a frame."""
    async with opened() as hall:
        for at in range(120):
            first = 7 * at + 1
            pid, heard = await visit(hall, {}, tell=range(first, first + 5), read=at)
            resume = {"pid": pid, "offset": heard[-1][1] if heard else ""}
            _, rest = await visit(hall, resume, tell=range(first + 5, first + 7), read=None)
            assert [number for number, _ in (*heard, *rest)] == list(range(first, first + 7)), f"cut after {at} bytes"


async def test_nobody_else_resumes_a_session():
    async with opened() as hall:
        pid, heard = await visit(hall, {}, tell=range(1, 3), read=None)
        other, told = await visit(hall, {"who": "other", "pid": pid, "offset": heard[0][1]}, tell=range(3, 5), read=None)

    assert other != pid
    assert [number for number, _ in told] == [3, 4]


async def visit(
    hall: Hall, resume: dict[str, str], tell: range, read: int | None,
) -> tuple[str, list[tuple[int, str]]]:
    """(pid, what was heard as (number, offset)); `read` bytes after the greeting, or all."""
    port = int(hall.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                 b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        await reader.readuntil(b"\r\n\r\n")
        await one(reader)
        auth = json.dumps({"who": "raw"} | {name: value for name, value in resume.items() if value})
        body = f"40{auth}".encode()
        writer.write(bytes((0x81, 0x80 | len(body))) + bytes(4) + body)
        pid = json.loads((await one(reader))[2:])["pid"]
        hall.everybody_joins()
        for number in tell:
            await hall.tell(number)
        raw = await reader.readexactly(read) if read is not None else await all_until(reader, tell[-1])
    writer.transport.abort()
    while hall.live.connections:
        await asyncio.sleep(0.001)
    return pid, list(parsed(raw))


async def one(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(2)
    size = head[1] if head[1] < 126 else int.from_bytes(await reader.readexactly(2))
    return await reader.readexactly(size)


async def all_until(reader: asyncio.StreamReader, last: int) -> bytes:
    raw = b""
    while not any(number == last for number, _ in parsed(raw)):
        raw += await reader.read(4096)
    return raw


def parsed(raw: bytes) -> list[tuple[int, str]]:
    """Whole frames only."""
    found = []
    while len(raw) >= 2 and len(raw) >= 2 + raw[1]:
        _, told, offset = json.loads(raw[2:2 + raw[1]][2:])
        found.append((told["n"], offset))
        raw = raw[2 + raw[1]:]
    return found
