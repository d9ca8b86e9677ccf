"""RTP packets of one source in the order in which they were sent."""

from __future__ import annotations

from struct import Struct

from media.studio.samples import Depacketiser

WAIT = 300_000
"""Microseconds that a gap is given to be filled (the plane repairs pictures by NACK)."""
SOUND_WAIT = 100_000
_MOST_HELD = 1_024
_STRAYS = 64
"""So many late packets in a row: not late, but a sender that counts anew."""

_HEAD = Struct("!BBHI").unpack_from
_HALF = 1 << 31
_PLAIN = 0x80
"""The first byte of a packet without padding, extensions (0x10) and sources."""


class Ordered:
    """A packet in its place goes on at once; behind a gap it waits, at most `wait` microseconds."""

    def __init__(self, into: Depacketiser, wait: int = WAIT) -> None:
        self._into = into
        self._to = into.put
        self._wait = wait
        self._next = -1
        self._held: dict[int, tuple[bytes, int]] = {}
        self._gap_since = 0
        self._short = -1
        self._ts = 0
        self._strays = 0
        self._strays_since = 0
        self.now = 0
        """Arrival of the last packet."""
        self.packets = 0
        self.lost = 0

    def put(self, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        """The packet is buffer[start:stop]."""
        if stop - start < 13:
            return
        first, second, number, short = _HEAD(buffer, start)
        self.now = arrival
        if number != self._next or self._held or first & 0xEF != _PLAIN:
            self._unusual(first, number, buffer[start:stop], arrival)
            return
        # By far the most packets come here, and each microsecond is paid for as often.
        self._next = (number + 1) & 0xFFFF
        self.packets += 1
        if short != self._short:
            self._ts += (short - self._short + _HALF) % (2 * _HALF) - _HALF
            self._short = short
        start += 12 if first == _PLAIN else 16 + 4 * int.from_bytes(buffer[start + 14:start + 16], "big")
        if start < stop:
            self._to(self._ts, second > 127, buffer, start, stop, arrival)

    def end(self) -> None:
        """What still waits will not be filled any more."""
        while self._held:
            self._skip()

    def _unusual(self, first: int, number: int, packet: bytes, arrival: int) -> None:
        if first >> 6 != 2:
            return
        if self._next < 0:
            self._begin(number, packet, arrival)
        elif number == self._next:
            self._begin(number, packet, arrival)
            self._go_on()
        elif (number - self._next) & 0xFFFF >= 0x8000:
            self._strayed(number, packet, arrival)
        else:
            self._hold(number, packet, arrival)

    def _strayed(self, number: int, packet: bytes, arrival: int) -> None:
        if self._strays_since != self.packets:
            self._strays, self._strays_since = 0, self.packets
        self._strays += 1
        if self._strays > _STRAYS:
            self.end()
            self._into.lost()
            self._begin(number, packet, arrival)

    def _hold(self, number: int, packet: bytes, arrival: int) -> None:
        if not self._held:
            self._gap_since = arrival
        self._held[number] = packet, arrival
        while self._held and (arrival - self._gap_since > self._wait or len(self._held) > _MOST_HELD):
            self._skip()
            self._gap_since = arrival

    def _begin(self, number: int, packet: bytes, arrival: int) -> None:
        self._next = (number + 1) & 0xFFFF
        self._give(packet, arrival)

    def _go_on(self) -> None:
        held = self._held
        while (waiting := held.pop(self._next, None)) is not None:
            self._next = (self._next + 1) & 0xFFFF
            self._give(*waiting)

    def _skip(self) -> None:
        """Over the first gap."""
        first = min(self._held, key=lambda number: (number - self._next) & 0xFFFF)
        self.lost += (first - self._next) & 0xFFFF
        self._into.lost()
        self._next = first
        self._go_on()

    def _give(self, packet: bytes, arrival: int) -> None:
        first, second, _, short = _HEAD(packet)
        if self._short < 0:
            self._ts = self._short = short
        self._ts += (short - self._short + _HALF) % (2 * _HALF) - _HALF
        self._short = short
        self.packets += 1
        payload = packet[12:] if first == _PLAIN else bare(packet)
        if payload:
            self._to(self._ts, second > 127, payload, 0, len(payload), arrival)


def bare(packet: bytes) -> bytes:
    """The payload; empty where the packet is padding only, or its header lies."""
    start = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        if len(packet) < start + 4:
            return b""
        start += 4 + 4 * int.from_bytes(packet[start + 2:start + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    return packet[start:end] if start < end else b""
