"""How much somebody may do in a while: token buckets, one for each key. Pure: the time is given."""

from __future__ import annotations

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """`burst` at once, `per_second` in the long run."""

    per_second: float
    burst: float


class Buckets:
    """Of more than `keys` keys the one unused for longest is forgotten, that is: full again."""

    def __init__(self, rate: Rate, keys: int = 50_000) -> None:
        self._rate, self._keys = rate, keys
        self._left: dict[str, tuple[float, float]] = {}
        """Key → (tokens, when)."""

    def take(self, key: str, now: float, amount: float = 1.0) -> float:
        """0 when it was there; else the seconds until it will be, and nothing was taken."""
        rate = self._rate
        tokens, then = self._left.pop(key, (rate.burst, now))
        tokens = min(rate.burst, tokens + max(0.0, now - then) * rate.per_second)
        wait = 0.0 if tokens >= amount else (min(amount, rate.burst) - tokens) / rate.per_second
        self._left[key] = (tokens - amount if tokens >= amount else tokens, now)
        if len(self._left) > self._keys:
            del self._left[next(iter(self._left))]
        # Never 0 for a refusal, however little is missing.
        return wait if tokens >= amount else max(wait, 0.001)

    def __len__(self) -> int:
        return len(self._left)


class Counts:
    """How many each has now; who has none is not remembered."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: dict[str, int] = {}

    def take(self, key: str) -> bool:
        held = self._held.get(key, 0)
        if held >= self.most:
            return False
        self._held[key] = held + 1
        return True

    def give_back(self, key: str) -> None:
        held = self._held.get(key, 0) - 1
        if held > 0:
            self._held[key] = held
        else:
            self._held.pop(key, None)
