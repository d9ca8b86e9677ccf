"""A listener that writes down what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from tests.patience import PATIENCE


class Ear:
    def __init__(self) -> None:
        self.epochs: list[str] = []
        self.number = 0
        self.told_here: list[tuple[str, int, bytes]] = []
        """What guests get: (room, number, payload)."""
        self.again: list[tuple[str, int, bytes]] = []
        """What they had before it had a number."""
        self.whole: dict[str, int] = {}
        self.lost: list[str] = []
        self.signals: list[tuple[str, bytes]] = []
        self._news = asyncio.Event()

    def told(self, room: str, number: int, payload: bytes, *, given: bool) -> None:
        (self.again if given else self.told_here).append((room, number, payload))
        self._news.set()

    def renewed(self, epoch: str, number: int) -> None:
        self.epochs.append(epoch)
        self.number = number
        self._news.set()

    def ordered(self, number: int) -> None:
        self.number = number
        self._news.set()

    def followed(self, room: str, whole: int) -> None:
        self.whole[room] = whole

    def unfollowed(self, room: str) -> None:
        self.whole.pop(room, None)

    def broken(self, rooms: Mapping[str, int]) -> None:
        self.lost += rooms
        self._news.set()

    def signalled(self, room: str, payload: bytes) -> None:
        self.signals.append((room, payload))
        self._news.set()

    def payloads(self, room: str) -> list[bytes]:
        return [payload for told_in, _, payload in self.told_here if told_in == room]

    async def until(self, seen: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not seen():
                self._news.clear()
                await self._news.wait()
