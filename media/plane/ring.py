"""The last packets of one track, decrypted: every viewer's missing ones are taken from here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from media.plane.rtp import Carried

PICTURES, VOICE = 512, 128
"""Powers of two: at 300 packets a second, at 50."""
Kept: TypeAlias = tuple[int, int, int, Carried, bytes]
"""Index in the track, marker bit, timestamp, header extensions, payload."""


class Ring:
    __slots__ = ("_slots", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._slots: list[Kept | None] = [None] * size

    def put(self, kept: Kept) -> None:
        self._slots[kept[0] & self.size - 1] = kept

    def get(self, index: int) -> Kept | None:
        kept = self._slots[index & self.size - 1]
        return kept if kept is not None and kept[0] == index else None

    def span(self, first: int, last: int) -> Iterator[Kept]:
        """What is there of it, in order."""
        for index in range(max(first, last - self.size + 1), last + 1):
            kept = self.get(index)
            if kept is not None:
                yield kept

    def clear(self) -> None:
        self._slots = [None] * self.size
