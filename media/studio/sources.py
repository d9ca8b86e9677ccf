"""One tapped track: packets in, samples out to everybody who wants them."""

from __future__ import annotations

from collections.abc import Callable

from media.names import peer_of, ref_of
from media.studio.clocks import SourceClock
from media.studio.h264 import H264
from media.studio.opus import Opus
from media.studio.ordered import SOUND_WAIT, WAIT, Ordered
from media.studio.samples import Depacketiser, Sample, Sink
from media.studio.vp8 import Vp8
from media.tapping import TapSource

_DEPACKETISERS: dict[str, Callable[[Sink, Callable[[], None]], Depacketiser]] = {"h264": H264, "vp8": Vp8, "opus": Opus}
_PATIENCE = 700_000
"""Microseconds between two wishes for a key frame."""


class Source:
    """`want_key` asks the sender for a key frame; here no oftener than each 0.7 s."""

    def __init__(self, said: TapSource, room: str, want_key: Callable[[], None]) -> None:
        self.said = said
        self.room = room
        self.peer = peer_of(said.source)
        self.ref = said.ref or ref_of(self.peer)
        self.video = said.codec != "opus"
        self.clock = SourceClock(said.clock_rate)
        self.sinks: list[Sink] = []
        self._want_key = want_key
        self._asked = -_PATIENCE
        self._ordered = Ordered(_DEPACKETISERS[said.codec](self._give, self.ask_key), WAIT if self.video else SOUND_WAIT)
        self.put = self._ordered.put
        """(buffer, start, stop, arrival in microseconds): a packet."""

    @property
    def packets(self) -> int:
        return self._ordered.packets

    @property
    def lost(self) -> int:
        return self._ordered.lost

    def ask_key(self) -> None:
        if self.video and self._ordered.now - self._asked >= _PATIENCE:
            self._asked = self._ordered.now
            self._want_key()

    def end(self) -> None:
        self._ordered.end()

    def wall(self, ts: int) -> float:
        """Milliseconds since 1970."""
        return self.clock.wall(ts)

    def _give(self, sample: Sample) -> None:
        self.clock.hear(sample.ts, sample.arrival)
        for sink in self.sinks:
            sink(sample)


def known(codec: str) -> bool:
    return codec in _DEPACKETISERS
