"""What is said past the order of tellings: signals, which may be lost, and who must leave a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from dispatch.conversations.seats import seats_of
from hub.bus.port import Bus
from hub.gateway.live.server import LiveServer
from hub.gateway.sockets import Guest
from hub.wire.codec import decode, encode
from hub.wire.words import REFETCH, TELL

EVICTIONS = "@evict"


class Asides:
    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._forgetters: tuple[Callable[[Sequence[str]], None], ...] = ()

    def reach(self, live: LiveServer, *forgetters: Callable[[Sequence[str]], None]) -> None:
        """The guests of this process; and what it remembers of who must leave a room."""
        self._forgetters = forgetters
        self._bus.hear(EVICTIONS, partial(self._evict, live), past=True)

    async def signal(self, room: str, payload: bytes) -> None:
        self._bus.signal(room, payload)

    async def evict(self, room: str, refs: Sequence[str]) -> None:
        """Who speaks for one of these watches the room no longer; he is told to fetch again, and so
        finds out, or comes back for another seat of his."""
        await self._bus.publish(EVICTIONS, encode([room, refs]))

    def _evict(self, live: LiveServer, told: bytes) -> None:
        room, named = decode(told, tuple[str, list[str]])
        refs = frozenset(named)
        for forget in self._forgetters:
            forget(named)

        def held(guest: Guest) -> bool:
            return not refs.isdisjoint(seats_of(guest.entry.actor))

        words = {"room": room, "view": room.partition("/")[0], "position": 0, "changes": [[REFETCH, None]]}
        live.evict(room, held, TELL, words)
