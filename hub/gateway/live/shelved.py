"""Sessions where every node finds them: on the bus's shelf."""

from __future__ import annotations

import msgspec

from hub.bus.port import Shelf
from hub.gateway.live.sessions import Kept, Sessions

READ = msgspec.json.Decoder(Kept)


class Shelved:
    shared = True

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def put(self, pid: str, kept: Kept) -> None:
        self._shelf.put(pid, msgspec.json.encode(kept), kept.turn)

    def drop(self, pid: str) -> None:
        self._shelf.drop(pid)

    async def find(self, pid: str) -> Kept | None:
        found = await self._shelf.get(pid)
        return READ.decode(found) if found else None

    async def sure(self, pid: str) -> None:
        await self._shelf.sure(pid)

    def tick(self, sessions: Sessions, now: float) -> None:
        """What is not put again runs out by itself."""
