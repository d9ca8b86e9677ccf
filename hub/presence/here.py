"""Who is here in this process: connections counted by ref, and those who may be back in a moment."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime

Moved = Callable[[str, bool, datetime], None]
"""(ref, is here, when)"""


class Here:
    def __init__(self, moved: Moved, linger: float) -> None:
        self._moved, self._linger = moved, linger
        self._connections: dict[str, set[str]] = {}
        self._leaving: dict[str, tuple[float, datetime]] = {}
        """Ref → (when it is gone, when it left)."""
        self._due: deque[tuple[float, str]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def refs(self) -> frozenset[str]:
        return frozenset(self._connections) | frozenset(self._leaving)

    def __contains__(self, ref: str) -> bool:
        return ref in self._connections or ref in self._leaving

    def __len__(self) -> int:
        return len(self._connections) + len(self._leaving)

    def arrive(self, ref: str, connection: str, at: datetime) -> None:
        held = self._connections.setdefault(ref, set())
        held.add(connection)
        if len(held) == 1 and self._leaving.pop(ref, None) is None:
            self._moved(ref, True, at)

    def leave(self, ref: str, connection: str, at: datetime) -> None:
        held = self._connections.get(ref, set())
        if connection not in held:
            return
        held.discard(connection)
        if held:
            return
        del self._connections[ref]
        if not self._linger:
            self._moved(ref, False, at)
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + self._linger
        self._leaving[ref] = due, at
        self._due.append((due, ref))
        if self._timer is None:
            self._timer = loop.call_later(self._linger, self._look)

    def _look(self) -> None:
        """One timer for all: a mass drop must not cost a timer each."""
        loop, self._timer = asyncio.get_running_loop(), None
        while self._due and self._due[0][0] <= loop.time() + 0.001:
            due, ref = self._due.popleft()
            if ref in self._leaving and self._leaving[ref][0] == due:
                self._moved(ref, False, self._leaving.pop(ref)[1])
        if self._due:
            self._timer = loop.call_later(self._due[0][0] - loop.time(), self._look)
