"""The socket to which the plane sends what it receives: media.tapping, read in gulps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import structlog

from media.studio.sources import Source, known
from media.tapping import (
    HEAD,
    LONGEST,
    PACKET,
    Kind,
    TapEnded,
    TapFloor,
    TapKeyFrame,
    TapOpened,
    TapSource,
    said,
)

log = structlog.get_logger("media.studio")

_GULP = 240
"""Packets that one reading should bring: so often, and no oftener, the socket is looked at. It holds 340 of the largest,
which the plane writes many at a time, so that it hardly ever finds the socket full."""
_SOONEST, _LATEST, _HURRIED = 0.003, 0.4, 0.03
_FIRST = 5
_PACKET_FIRST = PACKET.size
_PACKET_LEAST = PACKET.size - 4
_MOST_SOURCES = 1_024


class Room(Protocol):
    """Who is told of sources."""

    def came(self, source: Source) -> None: ...

    def went(self, source: Source) -> None: ...

    def floor(self, room: str, ref: str) -> None: ...

    def hurry(self) -> bool:
        """Whether somebody waits for what comes (a live stream, a telephone)."""


class TapConnection(asyncio.Protocol):
    """Between two readings the socket keeps what comes: a hundred packets cost one waking up."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._name = ""
        self._opened: TapOpened | None = None
        self._sources: dict[int, Source] = {}
        self._puts: dict[int, Callable[[bytes, int, int, int], None]] = {}
        self._rest = b""
        self._pause = 0.02
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream's transport is a Transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        for number in list(self._sources):
            self._end(number)

    def data_received(self, data: bytes) -> None:
        count = self._feed(data)
        transport = self._transport
        if transport is not None and not transport.is_closing():
            latest = _HURRIED if self._room.hurry() else _LATEST
            self._pause = min(latest, max(_SOONEST, self._pause * min(2.0, _GULP / max(1, count))))
            transport.pause_reading()
            asyncio.get_running_loop().call_later(self._pause, self._resume)

    def _resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _feed(self, data: bytes) -> int:
        """Packets that it brought."""
        rest = self._rest + data if self._rest else data
        at, end, count, puts, heads = 0, len(rest), 0, self._puts, PACKET.unpack_from
        while True:
            # By far the most frames are packets: they are looked for first, with one reading of both heads.
            while end - at > _PACKET_FIRST:
                length, kind, number, arrival = heads(rest, at)
                stop = at + 4 + length
                if kind != 3 or stop > end or not _PACKET_LEAST < length <= LONGEST:
                    break
                count += 1
                if number in puts:
                    puts[number](rest, at + _PACKET_FIRST, stop, arrival)
                at = stop
            stop = self._other(rest, at, end)
            if not stop:
                break
            at = stop
        self._rest = rest[at:]
        return count

    def _other(self, rest: bytes, at: int, end: int) -> int:
        """Where the frame ends that is no packet; 0: it is not all there, or broken."""
        if end - at < _FIRST:
            return 0
        length, kind = HEAD.unpack_from(rest, at)
        stop: int = at + 4 + length
        if not 0 < length <= LONGEST:
            self._broken("a frame of an impossible length")
            return 0
        if stop > end:
            return 0
        if kind != 3:
            self._said(kind, rest[at + _FIRST:stop])
        return stop

    def _said(self, kind: int, body: bytes) -> None:
        heard = _HEARD.get(kind)
        if heard is None:
            return
        shape, act = heard
        try:
            message = msgspec.msgpack.decode(body, type=shape)
        except (msgspec.DecodeError, UnicodeError) as error:
            self._broken(str(error))
            return
        act(self, message)

    def open(self, opened: TapOpened) -> None:
        self._opened = opened

    def start(self, source: TapSource) -> None:
        if self._opened is None or not known(source.codec) or len(self._sources) >= _MOST_SOURCES or source.clock_rate <= 0:
            log.warning("a track that cannot be taken", source=source.source, codec=source.codec)
            return
        self._end(source.number)
        self._sources[source.number] = tapped = Source(source, self._opened.room, lambda: self._want_key(source.number))
        self._puts[source.number] = tapped.put
        self._room.came(tapped)

    def stop(self, ended: TapEnded) -> None:
        self._end(ended.number)

    def floor(self, floor: TapFloor) -> None:
        if self._opened is not None:
            self._room.floor(self._opened.room, floor.ref)

    def _end(self, number: int) -> None:
        self._puts.pop(number, None)
        source = self._sources.pop(number, None)
        if source is not None:
            source.end()
            self._room.went(source)

    def _want_key(self, number: int) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(said(Kind.KEY, TapKeyFrame(number=number)))

    def _broken(self, why: str) -> None:
        log.warning("a tap that cannot be read", tap=self._opened.tap if self._opened else "", why=why)
        self._rest = b""
        if self._transport is not None:
            self._transport.abort()


_HEARD: dict[int, tuple[Any, Callable[[TapConnection, Any], None]]] = {
    Kind.OPENED: (TapOpened, TapConnection.open),
    Kind.SOURCE: (TapSource, TapConnection.start),
    Kind.ENDED: (TapEnded, TapConnection.stop),
    Kind.FLOOR: (TapFloor, TapConnection.floor),
}
