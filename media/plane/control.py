"""The plane's ears towards the hub: a Unix socket, answers as they are ready, facts told to every hub
process. What cannot be read is refused, and costs nobody but who sent it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from hub.kernel.errors import HubError, Malformed
from hub.wire.parcels import Opener, Parcels, parcel
from media.plane.requests import Requests, failed
from media.wires import Answer, Request

log = structlog.get_logger()

LONGEST = 2 * 2**20
UNREAD = 16 * 2**20
"""Bytes that may wait for a hub process; then it is cut off, and hears everything anew when it comes back."""
AT_ONCE = 512
"""Requests of one process that are being answered."""
ASKED = Opener[tuple[int, Request]](tuple[int, Request])
NUMBERED = Opener[list[Any]](list[Any])


class HubLine(asyncio.Protocol):
    """One hub process."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._parcels = Parcels(LONGEST)
        self._transport: asyncio.Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's transport is a Transport
        self._requests.came(self.write)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._requests.went(self.write)
        for task in self._tasks:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            for body in self._parcels.feed(data):
                self._take(body)
        except Malformed as error:
            log.warning("a hub's connection is broken", why=error.en)
            self._abort()

    def write(self, packed: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > UNREAD:
            log.warning("a hub process does not read")
            self._abort()
            return
        transport.write(packed)

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _take(self, body: bytes) -> None:
        try:
            number, request = ASKED.open(body)
        except HubError as error:
            self._answered(_number(body), failed(error))
            return
        if self._requests.at_once(request):
            self._answered(number, self._requests.now(self.write, request))
        elif len(self._tasks) >= AT_ONCE:
            self._answered(number, failed(Malformed("同时进行的请求太多。", "Too many requests at once.", code="too-many")))
        else:
            # Owned by this connection, which cancels it: a protocol has no group of tasks to stand in.
            task = asyncio.get_running_loop().create_task(self._slowly(number, request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _slowly(self, number: int, request: Request) -> None:
        self._answered(number, await self._requests.later(request))

    def _answered(self, number: int, answer: Answer | None) -> None:
        if answer is not None and number:
            self.write(parcel((number, answer)))


def _number(body: bytes) -> int:
    """Of a parcel whose rest cannot be read; 0 where even that cannot."""
    try:
        found = NUMBERED.open(body)
    except HubError:
        return 0
    return found[0] if found and isinstance(found[0], int) else 0
