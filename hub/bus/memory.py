"""The bus of a hub that is one process."""

from __future__ import annotations

from hub.bus.port import Listener


class MemoryBus:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    async def publish(self, room: str, frame: bytes) -> None:
        for listener in self._listeners:
            listener(room, frame)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
