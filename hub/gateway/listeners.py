"""Who hears a room without WebRTC: the one voice of it, as Opus frames over a plain WebSocket. A frame is
built once and written to every socket; who reads too slowly loses frames, and nobody waits for him.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from media.engine import Engine
from media.wires import Told, Voice

UNREAD = 16 * 1024
"""Bytes that may wait for a listener: some four seconds of speech."""
HEARTBEAT = 20.0
PROTOCOL = "hub.opus"
BINARY = 0x82


def ws_frame(payload: bytes) -> bytes:
    """A whole binary frame of a server (RFC 6455)."""
    size = len(payload)
    if size < 126:
        return bytes((BINARY, size)) + payload
    return bytes((BINARY, 126)) + size.to_bytes(2) + payload


class Listeners:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._rooms: dict[str, dict[asyncio.Transport, web.WebSocketResponse]] = {}
        self.missed = 0
        engine.hear(self._told)

    def count(self) -> int:
        return sum(map(len, self._rooms.values()))

    async def serve(self, request: web.Request, room: str) -> web.WebSocketResponse:
        """Until the listener goes. Raises TryAgain before anything is answered."""
        await self._engine.listen(room)
        try:
            socket = web.WebSocketResponse(heartbeat=HEARTBEAT, compress=False, max_msg_size=4096, protocols=(PROTOCOL,))
            await socket.prepare(request)
            transport = request.transport
            if transport is not None:
                await self._until_gone(room, transport, socket)
            return socket
        finally:
            await self._engine.unlisten(room)

    async def _until_gone(self, room: str, transport: asyncio.Transport, socket: web.WebSocketResponse) -> None:
        self._rooms.setdefault(room, {})[transport] = socket
        try:
            async for _ in socket:
                """What a listener says is of no interest."""
        finally:
            there = self._rooms.get(room, {})
            there.pop(transport, None)
            if not there:
                self._rooms.pop(room, None)

    async def close(self, _app: web.Application) -> None:
        for there in list(self._rooms.values()):
            for socket in list(there.values()):
                await socket.close(code=1001)

    def _told(self, told: Told) -> None:
        there = self._rooms.get(told.room) if isinstance(told, Voice) else None
        if not there or not isinstance(told, Voice):
            return
        frame = ws_frame(told.frame)
        for transport in there:
            if transport.is_closing():
                continue
            if transport.get_write_buffer_size() > UNREAD:
                self.missed += 1
            else:
                transport.write(frame)
