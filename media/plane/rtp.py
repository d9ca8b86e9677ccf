"""RTP headers read and written where they lie: numbers and offsets, no objects (RFC 3550, 8285)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from struct import Struct
from typing import TypeAlias

HEAD = Struct("!BBHII")
"""First byte, marker and payload type, sequence number, timestamp, SSRC."""
U16 = Struct("!H")
U32 = Struct("!I")
LARGEST = 1600
"""No datagram of a peer is longer (an Ethernet frame); a longer one is cut and fails its check."""
MARKER = 0x80
EXTENDED = 0x10
PADDED = 0x20
SHORT_FORM = 0xBEDE
LONG_FORM = 0x1000
LARGEST_SHORT = 16
LAST_SHORT_ID = 14


class Ext(IntEnum):
    """Header extensions that the switch knows. The first two it writes itself, the others pass through."""

    MID = 0
    SENT = 1
    LEVEL = 2
    ORIENTATION = 3
    DELAY = 4


Packet: TypeAlias = bytes | memoryview
Carried: TypeAlias = tuple[tuple[Ext, bytes], ...]


def is_rtcp(second: int) -> bool:
    """By the second byte, where both come over one port (RFC 5761)."""
    return 192 <= second <= 223


def payload_start(packet: Packet, size: int) -> int:
    """0 where this is no RTP packet."""
    if size < HEAD.size or packet[0] >> 6 != 2:
        return 0
    start = HEAD.size + ((packet[0] & 0x0F) << 2)
    if packet[0] & EXTENDED:
        if start + 4 > size:
            return 0
        start += 4 + (U16.unpack_from(packet, start + 2)[0] << 2)
    return start if start <= size else 0


def payload_end(packet: Packet, start: int, size: int) -> int:
    """Without padding; -1 where the padding is longer than what there is."""
    if not packet[0] & PADDED:
        return size
    padding = packet[size - 1]
    return size - padding if size > start and 0 < padding <= size - start else -1


def carried(packet: Packet, start: int, wanted: Mapping[int, Ext]) -> Carried:
    """The wanted header extensions. `start`: of the payload, checked by `payload_start`."""
    at = HEAD.size + ((packet[0] & 0x0F) << 2)
    form: int = U16.unpack_from(packet, at)[0]
    if form == SHORT_FORM:
        return _short_form(packet, at + 4, start, wanted)
    if form & 0xFFF0 == LONG_FORM:
        return _long_form(packet, at + 4, start, wanted)
    return ()


def _short_form(packet: Packet, at: int, end: int, wanted: Mapping[int, Ext]) -> Carried:
    found = []
    while at < end:
        head = packet[at]
        at += 1
        if head == 0:
            continue
        size = (head & 0x0F) + 1
        if head >= 0xF0 or at + size > end:
            break
        ext = wanted.get(head >> 4)
        if ext is not None:
            found.append((ext, bytes(packet[at : at + size])))
        at += size
    return tuple(found)


def _long_form(packet: Packet, at: int, end: int, wanted: Mapping[int, Ext]) -> Carried:
    found = []
    while at < end:
        number = packet[at]
        at += 1
        if number == 0:
            continue
        if at >= end or at + 1 + packet[at] > end:
            break
        size = packet[at]
        ext = wanted.get(number)
        if ext is not None and size:
            found.append((ext, bytes(packet[at + 1 : at + 1 + size])))
        at += 1 + size
    return tuple(found)


def sent_time(now: float) -> int:
    """abs-send-time: 24 bits, 6 of them seconds."""
    return int(now * 262_144) & 0xFFFFFF


class Extensions:
    """Writes the extension block that all slots with these ids and this MID share."""

    __slots__ = ("_fixed", "_ids", "_long", "_sent", "key")

    def __init__(self, ids: Mapping[Ext, int], mid: str) -> None:
        name = mid.encode()
        self.key = (tuple(sorted(ids.items())), name if Ext.MID in ids else b"")
        self._long = len(name) > LARGEST_SHORT or any(number > LAST_SHORT_ID for number in ids.values())
        self._ids: dict[Ext, int] = {ext: number for ext, number in ids.items() if ext not in {Ext.MID, Ext.SENT}}
        self._sent = ids.get(Ext.SENT, 0)
        self._fixed = self._element(ids[Ext.MID], name) if Ext.MID in ids and name else b""

    def block(self, carried: Carried, sent: int) -> bytes:
        """b"" where there is nothing to say; else with its head, padded."""
        body = self._fixed
        if self._sent:
            body += self._element(self._sent, sent.to_bytes(3, "big"))
        for ext, value in carried:
            number = self._ids.get(ext)
            if number is not None and len(value) <= LARGEST_SHORT:
                body += self._element(number, value)
        if not body:
            return b""
        words = (len(body) + 3) >> 2
        form = LONG_FORM if self._long else SHORT_FORM
        return U32.pack(form << 16 | words) + body.ljust(words << 2, b"\0")

    def _element(self, number: int, value: bytes) -> bytes:
        if self._long:
            return bytes((number, len(value))) + value
        return bytes((number << 4 | len(value) - 1,)) + value
