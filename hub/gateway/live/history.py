"""What was told lately, so that who was cut off for a while gets exactly what he missed. Pure.

One order for the whole hub: every telling has the next number. Frames are kept as they went out;
what is forgotten is forgotten from the old end only, so a resumption is whole or it is refused.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from heapq import merge
from operator import itemgetter

Told = tuple[int, bytes]
"""(number, frame)"""


class History:
    """At most `most` bytes and `window` seconds of frames."""

    def __init__(self, epoch: str, *, window: float = 600.0, most: int = 64 * 2**20) -> None:
        self.epoch = epoch
        self.number = 0
        self.forgotten = 0
        """The last number that is no longer here."""
        self._window, self._most, self._held = window, most, 0
        self._order: deque[tuple[float, str, int]] = deque()
        self._rooms: dict[str, deque[Told]] = defaultdict(deque)

    def next(self) -> tuple[int, str]:
        """The number of the next telling, and how a client says it back."""
        self.number += 1
        return self.number, f"{self.epoch}.{self.number}"

    def keep(self, room: str, number: int, frame: bytes, at: float) -> None:
        self._rooms[room].append((number, frame))
        self._order.append((at, room, len(frame)))
        self._held += len(frame)
        while self._order and (self._held > self._most or self._order[0][0] < at - self._window):
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, room, size = self._order.popleft()
        kept = self._rooms[room]
        self.forgotten = kept.popleft()[0]
        self._held -= size
        if not kept:
            del self._rooms[room]

    def last(self, room: str) -> int:
        kept = self._rooms.get(room)
        return kept[-1][0] if kept else 0

    def position(self, offset: str) -> int | None:
        """The number a client has seen last; None when it is none of this epoch's."""
        epoch, _, number = offset.rpartition(".")
        if epoch != self.epoch or not number.isdecimal() or len(number) > 18:
            return None
        found = int(number)
        return found if found <= self.number else None

    def missed(self, rooms: Mapping[str, int], since: int) -> list[bytes] | None:
        """Frames of these rooms (each with the number at which it was joined) after `since`, in
        order; None when some may be forgotten."""
        if since < self.forgotten:
            return None
        parts = (_after(self._rooms.get(room, ()), max(since, joined)) for room, joined in rooms.items())
        return [frame for _, frame in merge(*parts, key=itemgetter(0))]


def _after(kept: Iterable[Told], number: int) -> list[Told]:
    found: list[Told] = []
    for told in reversed(kept) if isinstance(kept, deque) else ():
        if told[0] <= number:
            break
        found.append(told)
    found.reverse()
    return found
