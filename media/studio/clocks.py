"""When a frame was taken, told from when its packets came."""

from __future__ import annotations

_SPAN = 10_000.0
"""Milliseconds over which the least delay is looked for."""
_STEP = 10.0
"""So far a clock is put right at a time: 1 ms a second follows any crystal, and nobody hears it."""
_EASE = 15.0
_WRONG = 300.0
"""No crystal is so far off: an encoder too slow for its own pictures, or one that stood still. Put right at once."""


class SourceClock:
    """RTP time of one source as wall clock. The packet with the least delay tells it best; afterwards
    the drift of the sender's clock is followed slowly."""

    def __init__(self, rate: int) -> None:
        self._per = 1_000 / rate
        self._base: float | None = None
        self._low = 0.0
        self._until = 0.0
        self._first = True

    def hear(self, ts: int, arrival: int) -> None:
        """`arrival` in microseconds."""
        now = arrival / 1_000
        delay = now - ts * self._per
        if self._base is None or abs(delay - self._base) > _SPAN:
            self._base = self._low = delay
            self._until, self._first = now + _SPAN, True
            return
        if delay < self._low:
            self._low = delay
            if self._first:
                self._base = delay
        if now >= self._until:
            self._settle(now, delay)

    def wall(self, ts: int) -> float:
        """Milliseconds since 1970."""
        return (self._base or 0.0) + ts * self._per

    def _settle(self, now: float, delay: float) -> None:
        off = self._low - (self._base or 0.0)
        if abs(off) > _EASE:
            self._base = (self._base or 0.0) + (off if abs(off) > _WRONG else max(-_STEP, min(_STEP, off)))
        self._low, self._until, self._first = delay, now + _SPAN, False
