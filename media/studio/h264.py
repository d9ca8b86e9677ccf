"""H.264 out of RTP (RFC 6184: single units, STAP-A, FU-A), as MP4 wants it."""

from __future__ import annotations

from collections.abc import Callable

from media.studio import sps
from media.studio.samples import Look, Sample, Sink

_IDR, _SPS, _PPS, _DELIMITER, _FILLER = 5, 7, 8, 9, 12
_STAP_A, _FU_A = 24, 28
_NEITHER_END = 0x40
"""Of an FU header that is less, the unit neither begins nor ends here."""
_MOST_PIECES = 8_192
"""Packets of one picture; more is not a picture but an attack."""


class H264:
    """`broke` is called for each picture that is not whole, and therefore left out."""

    def __init__(self, into: Sink, broke: Callable[[], None] = lambda: None) -> None:
        self._into = into
        self._broke = broke
        self._units: list[bytes] = []
        self._fragment: list[bytes] = []
        self._key = False
        self._whole = True
        self._ts = -1
        self._arrival = 0
        self._sets: dict[int, bytes] = {}
        self._look: Look | None = None
        self._stale = True

    def put(self, ts: int, marker: bool, buffer: bytes, start: int, stop: int, arrival: int) -> None:
        if ts != self._ts:
            if self._units or self._fragment:
                self._end()
            self._ts, self._arrival, self._whole = ts, arrival, True
        if self._fragment and buffer[start] & 31 == _FU_A and stop - start > 2 and buffer[start + 1] < _NEITHER_END:
            self._fragment.append(buffer[start + 2:stop])
        else:
            self._take(buffer[start:stop])
        if marker:
            self._end()
        elif len(self._fragment) + len(self._units) > _MOST_PIECES:
            self._units, self._fragment, self._whole = [], [], False

    def lost(self) -> None:
        self._whole = False
        self._fragment = []

    def _take(self, payload: bytes) -> None:
        kind = payload[0] & 31
        if kind == _FU_A:
            self._piece(payload)
        elif kind == _STAP_A:
            self._many(payload)
        elif 0 < kind < _STAP_A:
            self._unit(payload)

    def _piece(self, payload: bytes) -> None:
        if len(payload) < 3:
            return
        head = payload[1]
        if head & 0x80:
            self._fragment = [bytes((payload[0] & 0xE0 | head & 31,)), payload[2:]]
        elif self._fragment:
            self._fragment.append(payload[2:])
        else:
            self._whole = False
        if head & 0x40 and self._fragment:
            unit = b"".join(self._fragment)
            self._fragment = []
            self._unit(unit)

    def _many(self, payload: bytes) -> None:
        at = 1
        while at + 2 < len(payload):
            end = at + 2 + int.from_bytes(payload[at:at + 2], "big")
            if end > len(payload) or end == at + 2:
                self._whole = False
                return
            self._unit(payload[at + 2:end])
            at = end

    def _unit(self, unit: bytes) -> None:
        kind = unit[0] & 31
        if kind in (_SPS, _PPS):
            if self._sets.get(kind) != unit:
                self._sets[kind] = unit
                self._stale = True
            return
        if kind in (_DELIMITER, _FILLER):
            return
        if kind == _IDR:
            self._key = True
        self._units.append(len(unit).to_bytes(4, "big"))
        self._units.append(unit)

    def _end(self) -> None:
        units, key, whole = self._units, self._key, self._whole and not self._fragment
        self._units, self._fragment, self._key, self._whole = [], [], False, True
        if not whole:
            self._broke()
            return
        if not units:
            return
        if self._stale and key:
            self._look = self._looked()
            self._stale = False
        if self._look is not None:
            self._into(Sample(self._ts, key, b"".join(units), self._arrival, self._look))

    def _looked(self) -> Look | None:
        first, second = self._sets.get(_SPS), self._sets.get(_PPS)
        if first is None or second is None or len(first) < 4:
            return self._look
        size = sps.size(first)
        return Look("h264", *size, configuration(first, second)) if size else self._look


def configuration(first: bytes, second: bytes) -> bytes:
    """The body of avcC (ISO 14496-15) of one SPS and one PPS."""
    high = b"\xfd\xf8\xf8\x00" if first[1] in (100, 110, 122, 144) else b""
    return b"".join((
        b"\x01", first[1:4], b"\xff\xe1", len(first).to_bytes(2, "big"), first,
        b"\x01", len(second).to_bytes(2, "big"), second, high,
    ))


def annex_b(sample: bytes) -> bytes:
    """A sample's units with start codes, as decoders take them."""
    at, units = 0, []
    while at + 4 < len(sample):
        end = at + 4 + int.from_bytes(sample[at:at + 4], "big")
        units.append(sample[at + 4:end])
        at = end
    return b"".join(b"\x00\x00\x00\x01" + unit for unit in units)


def sets_of(config: bytes) -> bytes:
    """SPS and PPS of an avcC, with start codes."""
    middle = 8 + int.from_bytes(config[6:8], "big")
    end = middle + 3 + int.from_bytes(config[middle + 1:middle + 3], "big")
    return b"\x00\x00\x00\x01" + config[8:middle] + b"\x00\x00\x00\x01" + config[middle + 3:end]


def in_band(config: bytes) -> bytes:
    """The same as units of a sample: who reads a file with several heads and knows the first alone still sees all of it."""
    middle = 8 + int.from_bytes(config[6:8], "big")
    end = middle + 3 + int.from_bytes(config[middle + 1:middle + 3], "big")
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in (config[8:middle], config[middle + 3:end]))
