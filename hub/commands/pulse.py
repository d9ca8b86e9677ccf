"""Feels the plane's pulse: one that is stopped, or turns in a circle, is ended, and the reserve serves in its place."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path

import structlog

from media.plane.pulse import NAME

log = structlog.get_logger()

EVERY = 0.25
PATIENCE = 1.2
"""Seconds without an answer after which a plane is taken for dead: nobody has heard anything as long."""
LATE = 0.5
"""Who was himself away so much longer than he waited says nothing about others."""
PID = struct.Struct("i")


class Pulse:
    def __init__(self, folder: Path) -> None:
        self.felt = asyncio.Event()
        """A plane has answered."""
        self._path = folder / NAME

    async def watch(self) -> None:
        """Until cancelled. A plane that is not there is nobody's fault here: who keeps it starts it again."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._path))
            except OSError:
                await asyncio.sleep(EVERY)
                continue
            try:
                await self._feel(reader, writer)
            except (OSError, EOFError):
                await asyncio.sleep(EVERY)
            finally:
                writer.close()

    async def _feel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Raises EOFError (OSError) where it ends."""
        loop = asyncio.get_running_loop()
        while True:
            writer.write(b".")
            due = loop.time() + PATIENCE
            try:
                async with asyncio.timeout_at(due):
                    await reader.readexactly(1)
            except TimeoutError:
                if loop.time() - due < LATE:
                    self._end(writer.get_extra_info("socket"))
                    raise EOFError from None
            else:
                self.felt.set()
            await asyncio.sleep(EVERY)

    def _end(self, connection: socket.socket) -> None:
        """Whoever listens there, by what the kernel says: the folder is ours, so it is a plane of ours, or of a hub before us."""
        pid = PID.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:PID.size])[0]
        if pid not in (0, os.getpid()):
            log.warning("a plane does not answer and is ended", pid=pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
