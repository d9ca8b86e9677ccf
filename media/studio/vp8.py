"""VP8 out of RTP (RFC 7741)."""

from __future__ import annotations

from collections.abc import Callable

from media.studio.samples import Look, Sample, Sink

_START_CODE = b"\x9d\x01\x2a"
_CONFIG = bytes((1, 0, 0, 0, 0, 41, 0x82, 2, 2, 2, 0, 0))
"""The body of vpcC: profile 0, level 4.1, 8 bit, 4:2:0."""
_BEGINS = 0x10
"""S set, partition 0: here a picture begins."""
_MOST_PIECES = 8_192


class Vp8:
    """`broke` is called for each picture that is not whole, and therefore left out."""

    def __init__(self, into: Sink, broke: Callable[[], None] = lambda: None) -> None:
        self._into = into
        self._broke = broke
        self._pieces: list[bytes] = []
        self._whole = True
        self._ts = -1
        self._arrival = 0
        self._look: Look | None = None

    def put(self, ts: int, marker: bool, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        if ts != self._ts:
            if self._pieces:
                self._end()
            self._ts, self._arrival, self._whole = ts, arrival, True
        body = start + described(buffer[start:start + 6])
        if not start < body < stop:
            self._whole = False
            return
        if not self._pieces and buffer[start] & 0x17 != _BEGINS:
            self._whole = False
        self._pieces.append(buffer[body:stop])
        if len(self._pieces) > _MOST_PIECES:
            self._pieces, self._whole = [], False
        if marker:
            self._end()

    def lost(self) -> None:
        self._whole = False

    def _end(self) -> None:
        body, whole = b"".join(self._pieces), self._whole
        self._pieces, self._whole = [], True
        if not whole:
            self._broke()
            return
        key = bool(body) and not body[0] & 1
        if key:
            self._look = looked(body, self._look)
        if self._look is not None and body:
            self._into(Sample(self._ts, key, body, self._arrival, self._look))


def described(payload: bytes) -> int:
    """How long the payload descriptor is; 0: it does not end."""
    if not payload[0] & 0x80:
        return 1
    if len(payload) < 3:
        return 0
    extended, at = payload[1], 2
    if extended & 0x80:
        at += 2 if payload[at] & 0x80 else 1
    if extended & 0x40:
        at += 1
    if extended & 0x30:
        at += 1
    return at


def looked(frame: bytes, before: Look | None) -> Look | None:
    """The look of a key frame; the same object while it stays the same."""
    if len(frame) < 10 or frame[3:6] != _START_CODE:
        return before
    width, height = (int.from_bytes(frame[at:at + 2], "little") & 0x3FFF for at in (6, 8))
    if before is not None and (before.width, before.height) == (width, height):
        return before
    return Look("vp8", width, height, _CONFIG) if width and height else before
