"""RTCP written and read (RFC 3550, 4585, 5104, REMB): rare packets, but from strangers' hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from struct import Struct
from typing import TypeAlias

from media.plane.rtp import U16, U32

HEAD = Struct("!BBH")
SENDER = Struct("!IIIIII")
"""SSRC, NTP seconds, fraction, RTP time, packets, octets."""
BLOCK = Struct("!IIIIII")
"""SSRC, fraction and total lost, highest number, jitter, last report, delay since."""
PAIR = Struct("!II")
NACK_ITEM = Struct("!HH")
NTP_EPOCH = 2_208_988_800


class Kind(IntEnum):
    SENDER_REPORT = 200
    RECEIVER_REPORT = 201
    DESCRIPTION = 202
    BYE = 203
    TRANSPORT_FEEDBACK = 205
    PICTURE_FEEDBACK = 206


NACK = 1
PICTURE_LOST = 1
FULL_INTRA = 4
APPLICATION = 15

Part: TypeAlias = tuple[int, int, bytes]
"""Kind, count or format, body without its head."""
Report: TypeAlias = tuple[int, int, int, int, int, int]


def parts(packet: bytes) -> Iterator[Part]:
    """Of a compound packet, as far as it is whole."""
    at = 0
    while at + 4 <= len(packet):
        first, kind, words = HEAD.unpack_from(packet, at)
        end = at + 4 + (words << 2)
        if first >> 6 != 2 or end > len(packet):
            return
        padding = packet[end - 1] if first & 0x20 and words else 0
        if padding <= words << 2:
            yield kind, first & 0x1F, packet[at + 4 : end - padding]
        at = end


def part(kind: int, count: int, body: bytes) -> bytes:
    return HEAD.pack(0x80 | count, kind, len(body) >> 2) + body


# --- reports --------------------------------------------------------------------------------------


def sender_report(ssrc: int, ntp: float, timestamp: int, packets: int, octets: int,
                  blocks: Sequence[bytes] = ()) -> bytes:
    """`ntp`: seconds since 1900."""
    seconds = int(ntp)
    head = SENDER.pack(ssrc, seconds & 0xFFFFFFFF, int((ntp - seconds) * 4_294_967_296), timestamp & 0xFFFFFFFF,
                       packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return part(Kind.SENDER_REPORT, len(blocks), head + b"".join(blocks))


def receiver_report(ssrc: int, blocks: Sequence[bytes]) -> bytes:
    return part(Kind.RECEIVER_REPORT, len(blocks), U32.pack(ssrc) + b"".join(blocks))


def block(ssrc: int, report: tuple[int, int, int, int], last: int, delay: float) -> bytes:
    """`last`: middle of the NTP time of the sender's last report, 0 where none came; `delay` since, seconds."""
    fraction, total, highest, jitter = report
    since = min(0xFFFFFFFF, int(delay * 65_536)) if last else 0
    return BLOCK.pack(ssrc, fraction << 24 | total & 0xFFFFFF, highest, jitter & 0xFFFFFFFF, last, since)


def description(ssrcs: Sequence[int], name: bytes) -> bytes:
    item = bytes((1, len(name))) + name
    chunk = item + b"\0" * (4 - len(item) % 4)
    return part(Kind.DESCRIPTION, len(ssrcs), b"".join(U32.pack(ssrc) + chunk for ssrc in ssrcs))


def read_sender(body: bytes) -> tuple[int, float, int] | None:
    """SSRC, NTP time, RTP time."""
    if len(body) < SENDER.size:
        return None
    ssrc, seconds, fraction, timestamp, _, _ = SENDER.unpack_from(body)
    return ssrc, seconds + fraction / 4_294_967_296, timestamp


def read_blocks(kind: int, count: int, body: bytes) -> Iterator[tuple[int, float, int, float]]:
    """SSRC, share lost (0…1), last report (middle of NTP), delay since it (seconds)."""
    at = SENDER.size if kind == Kind.SENDER_REPORT else 4
    for start in range(at, min(len(body) - BLOCK.size, at + (count - 1) * BLOCK.size) + 1, BLOCK.size):
        ssrc, lost, _, _, last, delay = BLOCK.unpack_from(body, start)
        yield ssrc, (lost >> 24) / 256, last, delay / 65_536


# --- feedback -------------------------------------------------------------------------------------


def nack(sender: int, media: int, numbers: Sequence[int]) -> bytes:
    """`numbers` ascending in the order of the stream."""
    items, at = [], 0
    while at < len(numbers):
        first, mask = numbers[at], 0
        at += 1
        while at < len(numbers) and 0 < numbers[at] - first & 0xFFFF <= 16:
            mask |= 1 << (numbers[at] - first & 0xFFFF) - 1
            at += 1
        items.append(NACK_ITEM.pack(first, mask))
    return part(Kind.TRANSPORT_FEEDBACK, NACK, PAIR.pack(sender, media) + b"".join(items))


def read_nack(body: bytes) -> tuple[int, list[int]]:
    """SSRC and the numbers asked for."""
    if len(body) < 12:
        return 0, []
    numbers = []
    for at in range(8, len(body) - 3, 4):
        first, mask = NACK_ITEM.unpack_from(body, at)
        numbers.append(first)
        while mask:
            low = mask & -mask
            numbers.append(first + low.bit_length() & 0xFFFF)
            mask ^= low
    return U32.unpack_from(body, 4)[0], numbers


def picture_lost(sender: int, media: int) -> bytes:
    return part(Kind.PICTURE_FEEDBACK, PICTURE_LOST, PAIR.pack(sender, media))


def full_intra(sender: int, media: int, count: int) -> bytes:
    return part(Kind.PICTURE_FEEDBACK, FULL_INTRA, PAIR.pack(sender, 0) + PAIR.pack(media, (count & 0xFF) << 24))


def read_key_frame(form: int, body: bytes) -> list[int]:
    """SSRCs whose viewer cannot go on without a key frame."""
    if form == PICTURE_LOST and len(body) >= 8:
        return [U32.unpack_from(body, 4)[0]]
    if form == FULL_INTRA:
        return [U32.unpack_from(body, at)[0] for at in range(8, len(body) - 7, 8)]
    return []


def remb(sender: int, bps: int, media: Sequence[int]) -> bytes:
    """draft-alvestrand-rmcat-remb: all of it together."""
    exponent = max(0, bps.bit_length() - 18)
    head = PAIR.pack(sender, 0) + b"REMB" + U32.pack(len(media) << 24 | exponent << 18 | bps >> exponent)
    return part(Kind.PICTURE_FEEDBACK, APPLICATION, head + b"".join(map(U32.pack, media)))


def read_remb(body: bytes) -> int:
    """Bit/s; 0 where it is something else."""
    if len(body) < 16 or body[8:12] != b"REMB":
        return 0
    mantissa = (body[13] & 0x03) << 16 | U16.unpack_from(body, 14)[0]
    return min(int(mantissa << (body[13] >> 2)), 10**12)
