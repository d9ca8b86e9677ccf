"""Who listens on this node: the guests' rooms, and the topics between nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from hub.bus.port import Hearer, Listener


class Audience:
    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self._hearers: defaultdict[str, list[Hearer]] = defaultdict(list)

    def hear(self, topic: str, hearer: Hearer) -> None:
        self._hearers[topic].append(hearer)

    def told(self, room: str, number: int, payload: bytes, *, given: bool = False) -> None:
        if not room.startswith("@"):
            for listener in self.listeners:
                listener.told(room, number, payload, given=given)
        elif not given:
            self.heard(room, payload)

    def heard(self, topic: str, payload: bytes) -> None:
        for hearer in self._hearers.get(topic, ()):
            hearer(payload)

    def signalled(self, room: str, payload: bytes) -> None:
        if room.startswith("@"):
            return self.heard(room, payload)
        for listener in self.listeners:
            listener.signalled(room, payload)

    def followed(self, room: str, whole: int) -> None:
        if not room.startswith("@"):
            for listener in self.listeners:
                listener.followed(room, whole)

    def unfollowed(self, room: str) -> None:
        for listener in self.listeners:
            listener.unfollowed(room)

    def renewed(self, epoch: str, number: int) -> None:
        for listener in self.listeners:
            listener.renewed(epoch, number)

    def ordered(self, number: int) -> None:
        for listener in self.listeners:
            listener.ordered(number)

    def broken(self, rooms: Mapping[str, int]) -> None:
        ours = {room: number for room, number in rooms.items() if not room.startswith("@")}
        if ours:
            for listener in self.listeners:
                listener.broken(ours)
