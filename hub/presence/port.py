"""Who is here. A ref (`station:17`, `person:<uuid>`) is online while it holds at least one connection,
on whichever process; one that comes back within LINGER never left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

LINGER = 3.0
"""Seconds."""


class Seen(msgspec.Struct, frozen=True):
    ref: str
    online: bool
    at: datetime


class Presence(Protocol):
    def arrive(self, ref: str, connection: str, at: datetime) -> None: ...

    def leave(self, ref: str, connection: str, at: datetime) -> None: ...

    def online(self, ref: str) -> bool:
        """On whichever process, as far as this one knows."""

    def count(self) -> int:
        """How many are here, as far as this process knows: at most a few seconds old."""

    async def everyone(self) -> frozenset[str]: ...

    def on_change(self, told: Callable[[Seen], None]) -> None:
        """Called when somebody came to this process, and in one of them when he has been gone from all for LINGER."""

    async def run(self, *, sweeping: Callable[[], bool]) -> None:
        """Keeps it true until cancelled. `sweeping`: whether this process looks after those of dead ones."""
