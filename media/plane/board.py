"""What all parts of one switch share: the fan-out, the counts, whose turn comes at the next tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.plane.fanout import FanOut
from media.plane.words import Listener

if TYPE_CHECKING:
    from media.plane.track import Track


class Board:
    def __init__(self, hears: Listener, fan: FanOut) -> None:
        self.hears = hears
        self.fan = fan
        self.now = 0.0
        """The loop's time, as of the last wake-up."""
        self.holes: set[Track] = set()
        """Tracks that miss packets."""
        self.starved: set[Track] = set()
        """Tracks whose sender is still to be asked for a key frame."""
        self.received = 0
        self.strangers = 0
        self.nacks = 0
        self.resent = 0
        self.key_frames = 0

    def forget(self, track: Track) -> None:
        self.holes.discard(track)
        self.starved.discard(track)
