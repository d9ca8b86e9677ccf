"""What somebody on a bad network is spared: thumbnails first, then every picture, a voice never. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

BAD = 0.10
"""Share of packets missed from which pictures are dropped."""
ENOUGH, FALLS, RISES = 0.95, 0.97, 1.2
"""What he believes he can take (REMB) against what is sent to him, what he believed before, and the least since."""
PATIENCE, DOUBT = 2.0, 3.0
"""Seconds that it stays bad before the next step: where packets are missed, and where he only believes it."""
RELIEF = 10.0
"""Seconds without trouble before one step back; twice as long after each relapse."""
LONGEST_RELIEF = 80.0
MOST = 2


@dataclass(slots=True)
class Thrift:
    level: int = 0
    lossy: bool = False
    low: int = 0
    """Bit/s he fell to and has not recovered from; 0: there is room enough."""
    believed: int = 0
    bad_since: float | None = None
    good_since: float = 0.0
    relief: float = RELIEF
    eased_at: float = -inf
    """Of the last step back: trouble soon after it is a relapse."""

    def misses(self, loss: float, at: float) -> None:
        """What he says he misses, at most once a second while there is trouble, and 0 when it is over."""
        self.lossy = loss >= BAD
        self._weigh(at)

    def room(self, bps: int, sends: int, at: float) -> None:
        """Once a second or so. His belief follows slowly where more is sent than before: only one that falls while
        it is less than what is sent says that the line is full, until it has risen well again."""
        if bps >= sends * ENOUGH or (self.low and bps > self.low * RISES):
            self.low = 0
        elif bps < self.believed * FALLS:
            self.low = bps
        self.believed = bps
        self._weigh(at)

    def _weigh(self, at: float) -> None:
        bad = self.lossy or self.low > 0
        if bad and self.bad_since is None:
            self.bad_since = at
        elif not bad and self.bad_since is not None:
            self.bad_since, self.good_since = None, at

    def step(self, at: float) -> bool:
        """Looked at once a second or so. True: the level is another."""
        if self.bad_since is not None:
            if self.level < MOST and at - self.bad_since >= (PATIENCE if self.lossy else DOUBT):
                self.level, self.bad_since = self.level + 1, at
                if self.eased_at > -inf:
                    relapse = at - self.eased_at < self.relief
                    self.relief, self.eased_at = (min(self.relief * 2, LONGEST_RELIEF) if relapse else RELIEF), -inf
                return True
            return False
        if self.level and at - self.good_since >= self.relief:
            self.level, self.good_since, self.eased_at = self.level - 1, at, at
            return True
        return False
