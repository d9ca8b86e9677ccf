"""What this room needs of the studio, which writes and reads files and serves what is live."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from media.wires_studio import Fetch, Fetched, Request, Told

Answered = TypeVar("Answered")


class Studio(Protocol):
    async def ask(self, what: Request, shape: type[Answered], within: float = ...) -> Answered:
        """`within`: seconds. Raises TryAgain while the studio is away, and Refused or TryAgain with its own sentence and code
        where it answers with Failed."""

    def hear(self, hears: Callable[[Told], None]) -> None:
        """Called on the loop; must neither block nor raise."""


class Shelf(Protocol):
    """What is live, from memory: however many ask for the same, the studio is asked once."""

    async def fetch(self, what: Fetch) -> Fetched:
        """Raises TryAgain while the studio is away."""
