"""One packet to many: own header for each, one shared rest, encrypted and sent.

Two ways with the same bytes on the wire: Python here, and C (`_fanout.c`) where a compiler was found.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from media.plane.paths import Path
from media.plane.rtp import EXTENDED, HEAD, LARGEST
from media.plane.srtp import Shield, tx

MASK = 0xFFFFFFFF
ROOM = LARGEST - HEAD.size


class Row(NamedTuple):
    """One slot that plays a track: what is added to the track's index and timestamp."""

    shield: Shield
    path: Path
    ssrc: int
    type: int
    sequence: int
    timestamp: int


class FanOut(Protocol):
    name: str
    sent: int
    dropped: int

    def rows(self, rows: Sequence[Row]) -> Any:
        """Made ready once per change, used for every packet."""

    def send(self, rows: Any, marker: int, index: int, timestamp: int, extended: bool, rest: bytes) -> None:
        """`rest`: extension block and payload. What a full socket does not take is dropped."""


class PythonFanOut:
    name = "python"

    def __init__(self, sock: socket.socket) -> None:
        self._sendto = sock.sendto
        self.sent = 0
        self.dropped = 0

    def rows(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        return tuple(rows)

    def send(self, rows: tuple[Row, ...], marker: int, index: int, timestamp: int, extended: bool,
             rest: bytes) -> None:
        end = HEAD.size + len(rest)
        if len(rest) > ROOM:
            self.dropped += len(rows)
            return
        first = 0x80 | EXTENDED if extended else 0x80
        sent = 0
        for shield, path, ssrc, kind, sequence, shift in rows:
            HEAD.pack_into(tx, 0, first, marker | kind, index + sequence & 0xFFFF, timestamp + shift & MASK, ssrc)
            tx[HEAD.size : end] = rest
            size = shield.close(end)
            try:
                sent += size > 0 and self._sendto(tx[:size], path.address) > 0
            except OSError:
                continue
        self.sent += sent
        self.dropped += len(rows) - sent


def send_one(fan: FanOut, row: Row, marker: int, index: int, timestamp: int, extended: bool, rest: bytes) -> bool:
    """Retransmissions, and whoever is connected over TCP."""
    if len(rest) > ROOM:
        return False
    end = HEAD.size + len(rest)
    HEAD.pack_into(tx, 0, 0x80 | EXTENDED if extended else 0x80, marker | row.type, index + row.sequence & 0xFFFF,
                   timestamp + row.timestamp & MASK, row.ssrc)
    tx[HEAD.size : end] = rest
    size = row.shield.close(end)
    done = size > 0 and row.path.send(tx[:size])
    fan.sent += done
    fan.dropped += not done
    return done
