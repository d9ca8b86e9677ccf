"""Where a picture can begin: told from the first bytes of a payload, nothing is decoded."""

from __future__ import annotations

from media.plane.rtp import U16

PARAMETERS = 1
"""H.264: the packet brings a sequence parameter set."""
PICTURE = 2
"""The packet begins a picture that needs no other."""

SPS, IDR, STAP_A, FU_A = 7, 5, 24, 28
FLAGS = {SPS: PARAMETERS, IDR: PICTURE}
START_BIT = 0x80


def key_flags(codec: str, payload: bytes) -> int:
    """A viewer may begin where both flags stand at one timestamp. VP8 brings both at once."""
    if codec == "h264":
        return _h264(payload)
    return _vp8(payload) if codec == "vp8" else PARAMETERS | PICTURE


def _h264(payload: bytes) -> int:
    """RFC 6184."""
    unit = payload[0] & 0x1F
    if unit == STAP_A:
        return _aggregate(payload)
    if unit == FU_A:
        return FLAGS.get(payload[1] & 0x1F, 0) if len(payload) > 1 and payload[1] & START_BIT else 0
    return FLAGS.get(unit, 0)


def _aggregate(payload: bytes) -> int:
    flags, at = 0, 1
    while at + 2 < len(payload):
        flags |= FLAGS.get(payload[at + 2] & 0x1F, 0)
        at += 2 + U16.unpack_from(payload, at)[0]
    return flags


def _vp8(payload: bytes) -> int:
    """RFC 7741: the first partition's start, and its bit P (not a key frame) unset."""
    if payload[0] & 0x17 != 0x10:
        return 0
    at = _vp8_descriptor(payload)
    return PARAMETERS | PICTURE if at < len(payload) and not payload[at] & 1 else 0


def _vp8_descriptor(payload: bytes) -> int:
    """Its length; beyond the payload where it is cut."""
    if not payload[0] & 0x80:
        return 1
    if len(payload) < 3:
        return len(payload)
    more = payload[1]
    at = 2
    if more & 0x80:
        at += 2 if payload[at] & 0x80 else 1
    at += bool(more & 0x40)
    return at + bool(more & 0x30)
