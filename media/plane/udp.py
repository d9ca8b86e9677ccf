"""The one UDP port: everything that has come is read in one go, and where much comes, in larger gulps."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping

from media.plane.board import Board
from media.plane.peer import Peer
from media.plane.srtp import rx

BURST = 256
"""Datagrams per wake-up: others on the loop have their turn, too."""
ROOM = 4 << 20
ATTEMPTS = 8
WINDOW = 0.1
CAME, WENT = ((600, 0.002), (1800, 0.005)), ((8000, 0.008),)
"""From so many datagrams a second on, in and out, the socket is looked at every so many seconds only."""


class UdpPort:
    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, board: Board,
                 known: Mapping[object, Peer], stranger: Callable[[int, tuple[str, int]], None],
                 after: Callable[[], None]) -> None:
        self._loop = loop
        self._socket = sock
        self._board = board
        self._known = known
        self._stranger = stranger
        self._after = after
        self._gulp = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._count = 0
        self._window = 0.0
        self._sent = 0
        loop.add_reader(sock, self._readable)

    def close(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
        if self._timer is not None:
            self._timer.cancel()
        self._socket.close()

    def _readable(self) -> None:
        now = self._board.now = self._loop.time()
        count = self._drain(now)
        self._count += count
        self._board.received += count
        self._after()
        if now - self._window >= WINDOW:
            self._pace(max(now - self._window, WINDOW))
            self._window, self._count, self._sent = now, 0, self._board.fan.sent

    def _drain(self, now: float) -> int:
        receive, known, stranger = self._socket.recvfrom_into, self._known, self._stranger
        for count in range(BURST):
            try:
                size, address = receive(rx)
            except BlockingIOError:
                return count
            except OSError:
                continue  # an ICMP message of somebody who has gone
            peer = known.get(address)
            if peer is not None and size and 128 <= rx[0] <= 191:
                peer.packet(size, now)
            else:
                stranger(size, address)
        return BURST

    def _pace(self, took: float) -> None:
        rates = ((self._count / took, CAME), ((self._board.fan.sent - self._sent) / took, WENT))
        gulp = max((seconds for rate, steps in rates for least, seconds in steps if rate >= least), default=0.0)
        if gulp and not self._gulp:
            self._loop.remove_reader(self._socket)
            self._timer = self._loop.call_later(gulp, self._again)
        elif self._gulp and not gulp:
            self._loop.add_reader(self._socket, self._readable)
        self._gulp = gulp

    def _again(self) -> None:
        self._readable()
        if self._gulp:
            self._timer = self._loop.call_later(self._gulp, self._again)


def bound(host: str, port: int, kind: socket.SocketKind = socket.SOCK_DGRAM) -> socket.socket:
    """An address, not a name: nothing is looked up. Raises OSError where the port is taken."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    try:
        sock.setblocking(False)
        if kind == socket.SOCK_DGRAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        else:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def both(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """The same port over UDP and over TCP; a free one may be taken over TCP alone, then the next is tried."""
    for last in (*[False] * (ATTEMPTS if port == 0 else 0), True):
        datagrams = bound(host, port)
        try:
            return datagrams, bound(host, datagrams.getsockname()[1], socket.SOCK_STREAM)
        except OSError:
            datagrams.close()
            if last:
                raise
    raise AssertionError("the last attempt returns or raises")
