"""The socket on which hub processes ask: parcels of media.wires_studio."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog

from hub.kernel.errors import HubError
from media.wires import Failed
from media.wires_studio import LARGEST_PARCEL, of_hub, parcel

log = structlog.get_logger("media.studio")

Handler = Callable[[Any], Awaitable[object | None]]
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
            self._writer.write(parcel(0, told))

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
            size = int.from_bytes(await self._reader.readexactly(4), "big")
            if size > LARGEST_PARCEL:
                log.warning("a parcel too large", size=size)
                return
            raw = await self._reader.readexactly(size)
            await self._slots.acquire()
            answering.create_task(self._answer(raw))

    async def _answer(self, raw: bytes) -> None:
        number = 0
        answer: object | None
        try:
            number, request = of_hub.decode(raw)
            answer = await self._handle(request)
        except (msgspec.DecodeError, UnicodeError) as error:
            number, answer = _number(raw), failed("malformed", 400, "请求的格式不对。", str(error))
        except HubError as error:
            answer = Failed(status=error.status, zh=error.zh, en=error.en, code=error.code, field=error.field)
        except OSError as error:
            log.warning("asked and the disk refused", error=str(error))
            answer = failed("disk-failed", 503, f"磁盘出错：{error.strerror}，请检查磁盘后再试。",
                            f"The disk failed: {error.strerror}; see to it and try again.")
        finally:
            self._slots.release()
        if answer is not None and not self._writer.is_closing():
            self._writer.write(parcel(number, answer))


def failed(code: str, status: int, zh: str, en: str) -> Failed:
    return Failed(status=status, zh=zh, en=en, code=code)


def _number(raw: bytes) -> int:
    """Of a parcel whose rest cannot be read."""
    try:
        first, *_ = msgspec.msgpack.decode(raw, type=list[Any])
    except (msgspec.DecodeError, ValueError):
        return 0
    return first if isinstance(first, int) else 0
