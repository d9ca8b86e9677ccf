"""How long to wait before the hub is tried again. Pure: chance comes in as a number in [0, 1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Full jitter: anything between nothing and a ceiling that doubles from `first` to `most`."""

    first: float = 0.5
    most: float = 15.0
    refused: float = 60.0
    """After "I do not know your key": asking faster would not change the answer."""

    def after(self, failures: int, chance: float) -> float:
        return chance * min(self.most, self.first * 2.0 ** min(failures, 16))

    def asked_for(self, seconds: float, chance: float) -> float:
        """The hub named a time; some jitter, so that a whole city does not come at once."""
        return min(seconds, 600.0) + chance * self.first

    def refusal(self, chance: float) -> float:
        return self.refused * (0.9 + 0.2 * chance)
