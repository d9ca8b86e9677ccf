"""What somebody on a bad network is spared: thumbnails first, then every picture, a voice never. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

BAD = 0.10
"""Share of packets missed from which pictures are dropped."""
PATIENCE = 2.0
"""Seconds that it stays bad before the next step."""
RELIEF = 10.0
"""Seconds without trouble before one step back; twice as long after each relapse."""
LONGEST_RELIEF = 80.0
MOST = 2


@dataclass(slots=True)
class Thrift:
    level: int = 0
    bad_since: float | None = None
    good_since: float = 0.0
    relief: float = RELIEF
    eased_at: float = -inf
    """Of the last step back: trouble soon after it is a relapse."""

    def misses(self, loss: float, at: float) -> None:
        """What he says he misses, at most once a second while there is trouble, and 0 when it is over."""
        if loss < BAD:
            if self.bad_since is not None:
                self.good_since = at
            self.bad_since = None
            return
        if self.bad_since is None:
            self.bad_since = at

    def step(self, at: float) -> bool:
        """Looked at once a second or so. True: the level is another."""
        if self.bad_since is not None:
            if self.level < MOST and at - self.bad_since >= PATIENCE:
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
