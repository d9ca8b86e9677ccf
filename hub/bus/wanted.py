"""Which rooms somebody on this node wants, how many times; and those that nobody wants any more. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

LINGER_SECONDS = 30.0
"""Who was cut off comes back into the same rooms."""


class Wanted:
    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._lingering: deque[tuple[float, str]] = deque()

    def __contains__(self, room: str) -> bool:
        return room in self._times

    def __iter__(self) -> Iterator[str]:
        return iter(self._times)

    def add(self, rooms: Iterable[str]) -> None:
        for room in rooms:
            self._times[room] = self._times.get(room, 0) + 1

    def remove(self, rooms: Iterable[str], now: float) -> None:
        for room in rooms:
            left = self._times.get(room, 0) - 1
            if left > 0:
                self._times[room] = left
            elif self._times.pop(room, None) is not None:
                self._lingering.append((now, room))

    def gone(self, now: float) -> list[str]:
        """Rooms that nobody has wanted for a while; each is named once."""
        found: dict[str, None] = {}
        while self._lingering and self._lingering[0][0] < now - LINGER_SECONDS:
            _, room = self._lingering.popleft()
            if room not in self._times:
                found[room] = None
        return list(found)
