"""What a node says and has not got off its hands: in order, bounded. Pure."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

NODE_BYTES = 8
MOST_WAITING = 200_000
MOST_WAITING_BYTES = 256 * 2**20
RECENT_SECONDS = 5.0
"""What was published so lately may not have reached the others before the server lost its memory."""


class Item:
    __slots__ = ("at", "count", "id", "payload", "room")

    def __init__(self, count: int, told: bytes, room: str, payload: bytes) -> None:
        self.count, self.id, self.room, self.payload = count, told, room, payload
        self.at = 0.0


class Outbox:
    def __init__(self) -> None:
        self.node = secrets.token_bytes(NODE_BYTES)
        self.overflowed: set[str] = set()
        """Rooms of what was given up because too much waited."""
        self._count = self._bytes = 0
        self._queue: deque[Item] = deque()
        self._recent: deque[Item] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, room: str, payload: bytes) -> tuple[Item, Item | None]:
        """The new one, and the oldest if it had to be given up."""
        self._count += 1
        item = Item(self._count, self.node + self._count.to_bytes(8), room, payload)
        self._queue.append(item)
        self._bytes += len(payload)
        if len(self._queue) <= MOST_WAITING and self._bytes <= MOST_WAITING_BYTES:
            return item, None
        lost = self._queue.popleft()
        self._bytes -= len(lost.payload)
        self.overflowed.add(lost.room)
        return item, lost

    def first(self, most: int) -> list[Item]:
        return [*islice(self._queue, most)]

    def sent(self, items: Sequence[Item], now: float) -> None:
        for item in items:
            if self._queue and self._queue[0] is item:
                self._queue.popleft()
                self._bytes -= len(item.payload)
            item.at = now
            self._recent.append(item)
        while self._recent and self._recent[0].at < now - RECENT_SECONDS:
            self._recent.popleft()

    def unsure(self) -> Iterator[Item]:
        """What may not have reached anybody yet, oldest first."""
        yield from self._recent
        yield from self._queue

    def send_again(self) -> None:
        """The server has lost its memory."""
        self._queue.extendleft(reversed(self._recent))
        self._bytes += sum(len(item.payload) for item in self._recent)
        self._recent.clear()
