"""Node to node: what is told on one node reaches the sockets of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Listener = Callable[[str, bytes], None]
"""(room, frame): called on the loop, must not block. `frame` is the ready JSON payload."""


class Bus(Protocol):
    async def publish(self, room: str, frame: bytes) -> None:
        """At most once to every listener that is connected now, in order within a room."""

    def listen(self, listener: Listener) -> None: ...
