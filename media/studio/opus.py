"""Opus in RTP (RFC 7587): a packet is a sample. How long it sounds stands in its first byte (RFC 6716, 3.1)."""

from __future__ import annotations

from collections.abc import Callable

from media.studio.samples import Sample, Sink

FRAME = 960
"""Ticks of 20 ms, the usual packet."""
_LONGEST = 5_760
_SILK = (480, 960, 1_920, 2_880)
_HYBRID = (480, 960)
_CELT = (120, 240, 480, 960)
DESCRIPTION = b"\x00\x02\x00\x00" + (48_000).to_bytes(4, "big") + b"\x00\x00\x00"
"""The body of dOps: two channels, nothing to skip; mono packets are heard on both."""


class Opus:
    def __init__(self, into: Sink, broke: Callable[[], None] = lambda: None) -> None:
        self._into = into
        self._broke = broke

    def put(self, ts: int, marker: bool, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        payload = buffer[start:stop]
        if ticks(payload):
            self._into(Sample(ts, True, payload, arrival, None))
        else:
            self._broke()

    def lost(self) -> None:
        """Every packet stands for itself."""


def ticks(packet: bytes) -> int:
    """Samples at 48 kHz; 0: not an Opus packet."""
    if not packet:
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        one = _SILK[config & 3]
    elif config < 16:
        one = _HYBRID[config & 1]
    else:
        one = _CELT[config & 3]
    whole = one * _count(packet, code)
    return whole if whole <= _LONGEST else 0


def _count(packet: bytes, code: int) -> int:
    """Frames in the packet."""
    if code < 3:
        return min(code, 1) + 1
    return packet[1] & 63 if len(packet) > 1 else 0
