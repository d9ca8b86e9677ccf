"""A track that the plane plays itself: ready frames, no sender, no repair."""

from __future__ import annotations

from collections.abc import Callable
from random import randrange

from media.plane.board import Board
from media.plane.codecs import Codec
from media.plane.rtcp import NTP_EPOCH
from media.plane.rtp import MARKER
from media.plane.track import Track

OPUS = Codec(type=111, name="opus", clock=48_000, channels=2)


class LocalTrack:
    def __init__(self, track: Track, board: Board, end: Callable[[], None]) -> None:
        self.close = end
        self._track = track
        self._board = board
        self._timestamp = randrange(2**32)
        track.codec = OPUS

    def send(self, payload: bytes, timestamp_step: int, marker: bool = False) -> None:
        track = self._track
        if track.closed or not payload:
            return
        self._timestamp = self._timestamp + timestamp_step & 0xFFFFFFFF
        track.report = (NTP_EPOCH + self._board.now, self._timestamp, self._board.now)
        track.put((track.top + 1, MARKER if marker else 0, self._timestamp, (), payload))
