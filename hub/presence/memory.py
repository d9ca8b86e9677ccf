"""Presence of a hub that is one process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from hub.presence.here import Here
from hub.presence.port import LINGER, Seen


class MemoryPresence:
    def __init__(self, linger: float = LINGER) -> None:
        self._here = Here(self._moved, linger)
        self._told: list[Callable[[Seen], None]] = []

    def arrive(self, ref: str, connection: str, at: datetime) -> None:
        self._here.arrive(ref, connection, at)

    def leave(self, ref: str, connection: str, at: datetime) -> None:
        self._here.leave(ref, connection, at)

    def online(self, ref: str) -> bool:
        return ref in self._here

    def count(self) -> int:
        return len(self._here)

    async def everyone(self) -> frozenset[str]:
        return self._here.refs

    def on_change(self, told: Callable[[Seen], None]) -> None:
        self._told.append(told)

    async def run(self, *, sweeping: Callable[[], bool]) -> None:
        await asyncio.get_running_loop().create_future()

    def _moved(self, ref: str, online: bool, at: datetime) -> None:
        for told in self._told:
            told(Seen(ref, online=online, at=at))
