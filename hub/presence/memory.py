"""Presence of a hub that is one process."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from hub.presence.port import Seen


class MemoryPresence:
    def __init__(self) -> None:
        self._connections: dict[str, set[str]] = {}
        self._told: list[Callable[[Seen], None]] = []

    def arrive(self, ref: str, connection: str, at: datetime) -> None:
        held = self._connections.setdefault(ref, set())
        held.add(connection)
        if len(held) == 1:
            self._tell(Seen(ref, online=True, at=at))

    def leave(self, ref: str, connection: str, at: datetime) -> None:
        held = self._connections.get(ref, set())
        if connection not in held:
            return
        held.discard(connection)
        if not held:
            del self._connections[ref]
            self._tell(Seen(ref, online=False, at=at))

    def online(self, ref: str) -> bool:
        return ref in self._connections

    def count(self) -> int:
        return len(self._connections)

    def everyone(self) -> Collection[str]:
        return self._connections.keys()

    def on_change(self, told: Callable[[Seen], None]) -> None:
        self._told.append(told)

    def _tell(self, seen: Seen) -> None:
        for told in self._told:
            told(seen)
