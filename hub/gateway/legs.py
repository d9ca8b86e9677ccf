"""The door of telephones: a carrier connects who has answered, over a WebSocket."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import structlog
from aiohttp import WSMsgType, web

from hub.kernel.errors import HubError, NotFound
from media.calls.legs import Line, Sound
from media.ports import LegWire, PhoneLegs

log = structlog.get_logger()

LONGEST_FRAME = 64_000
SILENT_FOR = 30.0
"""Seconds without a frame: carriers send fifty a second, silence too."""
WAITING_FRAMES = 50
"""A second of sound; what a slow carrier does not take is dropped, the oldest first."""


def leg_token(key: bytes, leg: UUID) -> str:
    return hmac.new(key, b"leg/" + leg.bytes, hashlib.sha256).hexdigest()[:32]


def leg_stream(public_url: str, vendor: str, key: bytes, leg: UUID) -> str:
    """http becomes ws, https becomes wss."""
    return f"ws{public_url.removeprefix('http').rstrip('/')}/legs/{vendor}/{leg}/{leg_token(key, leg)}"


class Legs:
    def __init__(self, sound: Sound, phones: Mapping[str, PhoneLegs], key: bytes) -> None:
        self._sound, self._phones, self._key = sound, phones, key
        self._sockets: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/legs/{vendor}/{leg}/{token}", self.connected)] if self._phones else []

    async def connected(self, request: web.Request) -> web.WebSocketResponse:
        phones, leg = self._phones.get(request.match_info["vendor"]), _id(request.match_info["leg"])
        if phones is None or not hmac.compare_digest(leg_token(self._key, leg), request.match_info["token"]):
            raise _nobody()
        socket = web.WebSocketResponse(max_msg_size=LONGEST_FRAME, compress=False)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await self._talk(socket, phones.wire(), leg)
        except HubError as refusal:
            log.info("telephone was not connected", leg=str(leg), why=refusal.en)
        finally:
            self._sockets.discard(socket)
            await socket.close()
        return socket

    async def close(self, _application: web.Application) -> None:
        """The hub goes down."""
        for socket in list(self._sockets):
            await socket.close()

    async def _talk(self, socket: web.WebSocketResponse, wire: LegWire, leg: UUID) -> None:
        waiting: asyncio.Queue[bytes] = asyncio.Queue(WAITING_FRAMES)

        def send(ulaw: bytes) -> None:
            if waiting.full():
                waiting.get_nowait()
            waiting.put_nowait(ulaw)

        line = await self._sound.open(leg, send)
        try:
            async with _beside(_write(socket, wire, waiting)):
                await _read(socket, wire, line)
        finally:
            await line.close()


async def _read(socket: web.WebSocketResponse, wire: LegWire, line: Line) -> None:
    while True:
        message = await socket.receive(timeout=SILENT_FOR)
        if message.type is not WSMsgType.TEXT:
            return
        said = wire.take(message.data)
        if said is None:
            return
        if said:
            line.said(said)


async def _write(socket: web.WebSocketResponse, wire: LegWire, waiting: asyncio.Queue[bytes]) -> None:
    with suppress(ConnectionError):
        while True:
            frame = wire.give(await waiting.get())
            if frame:
                await socket.send_str(frame)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work)
        try:
            yield
        except TimeoutError:
            log.info("telephone fell silent")
        finally:
            task.cancel()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _nobody() from None


def _nobody() -> NotFound:
    return NotFound("没有等待接通的电话。", "No telephone is awaited here.", code="no-leg")

