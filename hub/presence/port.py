"""Who is here. A ref (`station:17`, `person:<uuid>`) is online while it holds at least one connection."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

import msgspec


class Seen(msgspec.Struct, frozen=True):
    ref: str
    online: bool
    at: datetime


class Presence(Protocol):
    def arrive(self, ref: str, connection: str, at: datetime) -> None: ...

    def leave(self, ref: str, connection: str, at: datetime) -> None: ...

    def online(self, ref: str) -> bool: ...

    def count(self) -> int: ...

    def everyone(self) -> Collection[str]: ...

    def on_change(self, told: Callable[[Seen], None]) -> None:
        """Called on the first arrival and the last leave of a ref."""
