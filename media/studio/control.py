"""The socket on which hub processes ask: parcels of media.wires_studio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from hub.kernel.errors import HubError
from hub.wire.parcels import HEAD, LONGEST, Opener, parcel
from media.wires import Failed
from media.wires_studio import OfHub

log = structlog.get_logger("media.studio")

Handler = Callable[[Any], Awaitable[object | None]]
_ASKED = Opener[tuple[int, Any]](OfHub)
_NUMBERED = Opener[list[Any]](list[Any])
_MOST_UNSENT = 32 * 1024 * 1024
_MOST_AT_ONCE = 512


class Line:
    """One hub process. Questions are answered as they are ready, not in order."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler) -> None:
        self._reader = reader
        self._writer = writer
        self._handle = handle
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)

    def tell(self, told: object) -> None:
        """Who does not read is let go: it comes again and finds everything as it is."""
        if self._writer.transport.get_write_buffer_size() > _MOST_UNSENT:
            self._writer.transport.abort()
        elif not self._writer.is_closing():
            self._writer.write(parcel((0, told)))

    def close(self) -> None:
        self._reader.feed_eof()

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as answering:
                await self._read(answering)
        except* (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writer.close()

    async def _read(self, answering: asyncio.TaskGroup) -> None:
        while True:
            size = int.from_bytes(await self._reader.readexactly(HEAD), "big")
            if size > LONGEST:
                log.warning("a parcel too large", size=size)
                return
            raw = await self._reader.readexactly(size)
            await self._slots.acquire()
            answering.create_task(self._answer(raw))

    async def _answer(self, raw: bytes) -> None:
        number = 0
        answer: object | None
        try:
            number, request = _ASKED.open(raw)
            answer = await self._handle(request)
        except HubError as error:
            number = number or _number(raw)
            answer = Failed(status=error.status, zh=error.zh, en=error.en, code=error.code, field=error.field)
        except OSError as error:
            log.warning("asked and the disk refused", error=str(error))
            answer = Failed(
                status=503, code="disk-failed", zh=f"磁盘出错（{error.strerror}），请检查磁盘后再试。",
                en=f"The disk failed ({error.strerror}); see to it and try again.")
        finally:
            self._slots.release()
        if answer is not None and number and not self._writer.is_closing():
            self._writer.write(parcel((number, answer)))


def _number(raw: bytes) -> int:
    """Of a parcel whose rest cannot be read; 0 where even that cannot."""
    try:
        found = _NUMBERED.open(raw)
    except HubError:
        return 0
    return found[0] if found and isinstance(found[0], int) else 0
