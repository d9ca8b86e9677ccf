"""ICE-TCP, passive: the same packets, each with its length before it (RFC 4571, RFC 6544)."""

from __future__ import annotations

import asyncio
from typing import Protocol

from media.plane.rtp import LARGEST, U16, Packet
from media.plane.srtp import rx

FULL = 256 << 10
"""Bytes a slow reader may owe; what comes then is dropped, as on any full line."""
FIRST_WORD = 5.0
"""Seconds until a connection must have proved whose it is."""
CONNECTIONS = 512


class Receives(Protocol):
    streams: set[StreamPath]

    def streamed(self, size: int, path: StreamPath, now: float) -> None:
        """A packet in `rx`."""

    def closed(self, path: StreamPath) -> None: ...


class StreamPath(asyncio.Protocol):
    over = "tcp"
    wire = b""

    def __init__(self, receives: Receives, loop: asyncio.AbstractEventLoop) -> None:
        self.address = ("0.0.0.0", 0)
        self.proved = False
        self._receives = receives
        self._loop = loop
        self._transport: asyncio.WriteTransport | None = None
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        name = transport.get_extra_info("peername")
        if name is None or not isinstance(transport, asyncio.WriteTransport) or len(self._receives.streams) >= CONNECTIONS:
            transport.close()
            return
        self.address = (name[0], name[1])
        self._transport = transport
        self._receives.streams.add(self)
        self._loop.call_later(FIRST_WORD, self._prove)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._receives.streams.discard(self)
        self._receives.closed(self)

    def data_received(self, data: bytes) -> None:
        buffer = self._pending + data if self._pending else data
        at = 0
        while at + 2 <= len(buffer):
            size = U16.unpack_from(buffer, at)[0]
            if size > LARGEST:
                self.close()
                return
            if at + 2 + size > len(buffer):
                break
            rx[:size] = buffer[at + 2 : at + 2 + size]
            at += 2 + size
            if size:
                self._receives.streamed(size, self, self._loop.time())
        self._pending = buffer[at:]

    def send(self, packet: Packet) -> bool:
        transport = self._transport
        if transport is None or transport.is_closing() or transport.get_write_buffer_size() > FULL:
            return False
        transport.write(U16.pack(len(packet)) + packet)
        return True

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _prove(self) -> None:
        if not self.proved:
            self.close()
