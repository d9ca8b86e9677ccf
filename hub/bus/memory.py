"""The bus of a hub that is one process."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from hub.bus.port import Frame, Hearer, Listener
from hub.wire.words import LATEST


class MemoryBus:
    """`epoch` and `number`: where an earlier life of the same hub ended."""

    tells_all = True

    def __init__(self, epoch: str = "", number: int = 0) -> None:
        self.epoch = epoch or secrets.token_hex(4)
        self.number = number
        self.written: Callable[[str, int, bytes], None] | None = None
        """Writes down what is about to be told."""
        self._listeners: list[Listener] = []
        self._hearers: defaultdict[str, list[Hearer]] = defaultdict(list)

    async def publish(self, room: str, payload: bytes) -> None:
        self.tell(room, payload)

    def tell(self, room: str, payload: bytes) -> None:
        if room.startswith(("@", LATEST)):
            return self.signal(room, payload)
        self.number += 1
        if self.written is not None:
            self.written(room, self.number, payload)
        for listener in self._listeners:
            listener.told(room, self.number, payload, given=False)

    def signal(self, room: str, payload: bytes) -> None:
        for hearer in self._hearers.get(room, ()):
            hearer(payload)
        if not room.startswith("@"):
            for listener in self._listeners:
                listener.signalled(room, payload)

    def hear(self, topic: str, hearer: Hearer, *, past: bool = False) -> None:
        self._hearers[topic].append(hearer)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
        listener.renewed(self.epoch, self.number)
        listener.ordered(self.number)

    async def follow(self, rooms: Collection[str], reaching: int = 0) -> None:
        """Everything is told here, followed or not."""

    def unfollow(self, rooms: Iterable[str]) -> None: ...

    async def fill(self, since: Mapping[str, int]) -> Mapping[str, Sequence[Frame] | None]:
        return dict.fromkeys(since)
