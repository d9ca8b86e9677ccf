"""How often something may be tried from one place. In memory: a restart forgives."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address


class Allowance:
    """At most `tries` within `window` per key. Of more than `keys` keys the oldest are forgotten."""

    def __init__(self, tries: int, window: timedelta, keys: int = 10_000) -> None:
        self._tries = tries
        self._window = window
        self._keys = keys
        self._taken: dict[str, deque[datetime]] = {}

    def take(self, key: str, at: datetime) -> bool:
        """False when nothing is left."""
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= at - self._window:
            taken.popleft()
        if len(taken) >= self._tries:
            return False
        taken.append(at)
        if len(self._taken) > self._keys:
            del self._taken[next(iter(self._taken))]
        return True

    def give_back(self, key: str) -> None:
        taken = self._taken.get(key)
        if taken:
            taken.pop()
        if not taken:
            self._taken.pop(key, None)


def network_of(address: str) -> str:
    """Whoever has one IPv6 address has its whole /64."""
    if ":" not in address:
        return address
    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    return str(found.ipv4_mapped or f"{found.exploded[:19]}::/64")
