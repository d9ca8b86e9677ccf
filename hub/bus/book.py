"""What a node has heard: the last number of every room it follows, and what it must not tell twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable


class Gap(Exception):
    """Something between what was heard before and this was not heard."""


class Book:
    """`number`: everything up to it, in the rooms followed, was heard."""

    def __init__(self) -> None:
        self.number = 0
        self.last: dict[str, int] = {}
        self._joining: set[str] = set()
        self._ids: set[bytes] = set()
        self._older: set[bytes] = set()

    def begin_joining(self, rooms: Iterable[str]) -> None:
        self._joining.update(rooms)

    def join(self, room: str, number: int) -> int:
        """What was heard while it was being joined counts as before; returns the number after which it is whole."""
        self._joining.discard(room)
        whole = max(number, self.last.get(room, 0))
        self.last[room] = whole
        return whole

    def follows(self, room: str) -> bool:
        """Not while it is being joined."""
        return room in self.last and room not in self._joining

    def leave(self, room: str) -> None:
        self.last.pop(room, None)
        self._joining.discard(room)

    def begin_anew(self, number: int) -> None:
        self.number = number
        self.last = dict.fromkeys(self.last, number)

    def hear(self, room: str, number: int, before: int) -> bool:
        """True when it is to be told. Raises Gap."""
        if room in self._joining:
            self.last[room] = number
            return False
        last = self.last.get(room)
        if last is None or number <= last:
            return False
        if before > last:
            raise Gap(room)
        self.last[room] = number
        self.number = max(self.number, number)
        return True

    def given(self, told: bytes) -> bool:
        """Was this id told here before? It is from now on."""
        if told in self._ids or told in self._older:
            return True
        self._ids.add(told)
        return False

    def knows(self, told: bytes) -> bool:
        return told in self._ids or told in self._older

    def age(self) -> None:
        """Forgets the ids that were there when this was last called."""
        self._older, self._ids = self._ids, set()
