"""The bytes of a tap: from the plane to the studio, one connection to the studio's socket for each tap.

The plane connects and writes frames `[u32 length][u8 kind][body]`, big-endian:

    OPENED   msgpack `TapOpened`: first, once
    SOURCE   msgpack `TapSource`: a track that comes now, under a number of its own
    PACKET   [u16 number][u64 microseconds since 1970, of arrival][RTP packet, decrypted, header and all]
    ENDED    msgpack `TapEnded`: a track that comes no more
    FLOOR    msgpack `TapFloor`: who has the floor from now on

Packets come after loss was repaired, as they arrived: late ones are out of order by their sequence
number. Where the studio does not read, packets are dropped before they are written (`TapOpened` never):
a source's next packet then comes after a key frame was asked for. The studio may write back one
thing: msgpack `TapKeyFrame` in a frame of kind KEY.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from struct import Struct as Packing
from typing import Any

import msgspec

from hub.kernel.errors import Malformed

HEAD = Packing("!IB")
PACKET_HEAD = Packing("!HQ")
PACKET = Packing("!IBHQ")
"""Both heads of a packet's frame."""
LONGEST = 70_000


class Kind(IntEnum):
    OPENED = 1
    SOURCE = 2
    PACKET = 3
    ENDED = 4
    FLOOR = 5
    KEY = 6


class TapOpened(msgspec.Struct, frozen=True, kw_only=True):
    tap: str
    room: str


class TapSource(msgspec.Struct, frozen=True, kw_only=True):
    """`codec` as `opus`, `h264`, `vp8`; `payload_type` is what its packets carry."""

    number: int
    source: str
    ref: str
    name: str
    part: str
    kind: str
    codec: str
    payload_type: int = 0
    clock_rate: int = 90_000


class TapEnded(msgspec.Struct, frozen=True, kw_only=True):
    number: int


class TapFloor(msgspec.Struct, frozen=True, kw_only=True):
    """`ref` "": nobody."""

    seq: int
    ref: str
    name: str
    at: datetime


class TapKeyFrame(msgspec.Struct, frozen=True, kw_only=True):
    number: int


_packer = msgspec.msgpack.Encoder()


def said(kind: Kind, message: Any) -> bytes:
    body = _packer.encode(message)
    return HEAD.pack(len(body) + 1, kind) + body


def packet(number: int, micros: int, rtp: bytes) -> bytes:
    return PACKET.pack(len(rtp) + PACKET_HEAD.size + 1, 3, number, micros) + rtp


class TapReader:
    """Bytes in, (kind, body) out."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, given: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Raises Malformed where a frame is none; nothing after it can be read."""
        rest = self._rest
        rest += given
        at = 0
        try:
            while len(rest) - at >= HEAD.size:
                length, kind = HEAD.unpack_from(rest, at)
                if not 0 < length <= LONGEST or kind not in Kind._value2member_map_:
                    raise Malformed("录制数据流已损坏。", "The tap's frames are broken.", code="bad-tap")
                end = at + 4 + length
                if len(rest) < end:
                    return
                body = bytes(rest[at + HEAD.size:end])
                at = end
                yield Kind(kind), body
        finally:
            del rest[:at]
