"""Node to node: what is told on one node reaches the sockets of all, in one order, each once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

Frame = tuple[int, bytes]
"""(number, payload)"""

Hearer = Callable[[bytes], None]


class Listener(Protocol):
    """Called on the loop, in order; must neither block nor raise."""

    def told(self, room: str, number: int, payload: bytes, *, given: bool) -> None:
        """Numbers rise, over all rooms. 0: the others cannot be reached just now; the same comes
        again with its number later and is `given` then: the guests here have it already."""

    def renewed(self, epoch: str, number: int) -> None:
        """What was told before cannot be resumed from: numbers of this epoch come after `number`."""

    def ordered(self, number: int) -> None:
        """Everything up to `number` was told in the rooms followed here, and all of it has its number."""

    def followed(self, room: str, whole: int) -> None:
        """Everything in this room after `whole` will be told."""

    def unfollowed(self, room: str) -> None: ...

    def broken(self, rooms: Mapping[str, int]) -> None:
        """Something told up to this number cannot be brought any more; who is there fetches snapshots."""

    def signalled(self, room: str, payload: bytes) -> None: ...


class Shelf(Protocol):
    """Keeps small things where every node finds them, for a while (KEPT seconds after the last put)."""

    def put(self, key: str, value: bytes, turn: int) -> None:
        """Written behind, within a tenth of a second. A `turn` lower than what stands is not written."""

    def drop(self, key: str) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def sure(self, key: str) -> None:
        """What was put is written, or the server is away."""


class Bus(Protocol):
    """A room whose name begins with `@` is a topic between nodes: heard with `hear`, never by guests.
    What is published in one that begins with LATEST (hub.wire.words) is a signal."""

    @property
    def number(self) -> int:
        """Everything up to it, in the rooms followed here, was told."""

    @property
    def tells_all(self) -> bool:
        """Also rooms that nobody follows."""

    async def publish(self, room: str, payload: bytes) -> None:
        """Once to every node that follows the room, also when the server is away for a while.
        `payload` is the ready JSON. Waits for nobody; never raises."""

    def signal(self, room: str, payload: bytes) -> None:
        """At most once, now or never, outside the order: who types, which node should let go."""

    def hear(self, topic: str, hearer: Hearer, *, past: bool = False) -> None:
        """`past`: also what was told in the last quarter of an hour. What this node publishes it hears at once."""

    def listen(self, listener: Listener) -> None: ...

    async def follow(self, rooms: Collection[str], reaching: int = 0) -> None:
        """Counted: each room needs its `unfollow`. When it returns everything up to `reaching` was
        told here, unless the server is away."""

    def unfollow(self, rooms: Iterable[str]) -> None: ...

    async def fill(self, since: Mapping[str, int]) -> Mapping[str, Sequence[Frame] | None]:
        """What is still known of these rooms after the number, oldest first; None where some may be missing."""
