"""The rooms as their hosts wish them, stated to the plane: after each commit that touched one, and all of
them when the plane or the hub has begun anew.
"""

from __future__ import annotations

import asyncio

import structlog

from hub.kernel.errors import HubError, TryAgain
from hub.record import Database
from media.engine import Engine
from media.hosts import Hosts
from media.names import main_room
from media.ports import RoomHost
from media.wires import Boot, Told

log = structlog.get_logger()

RETRY = 0.5


class Settling:
    def __init__(self, db: Database, engine: Engine, hosts: Hosts) -> None:
        self._db, self._engine, self._hosts = db, engine, hosts
        self._due: dict[str, RoomHost] = {}
        self._wake = asyncio.Event()

    def touch(self, host: RoomHost, key: str) -> None:
        """A row of the host's view has changed: `key` names its room, with or without the kind."""
        room = key if key.startswith(f"{host.kind}:") else f"{host.kind}:{key}"
        self._due[main_room(room)] = host
        self._wake.set()

    async def run(self) -> None:
        """In every process: what it has committed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            due, self._due = self._due, {}
            for room, host in due.items():
                if not await self._state(room, host):
                    self._due.setdefault(room, host)
            if self._due:
                await asyncio.sleep(RETRY)
                self._wake.set()

    async def restate(self) -> None:
        """In the leading process: everything, now and whenever there is another plane."""
        begun = asyncio.Event()
        begun.set()

        def hears(told: Told) -> None:
            if isinstance(told, Boot):
                begun.set()

        self._engine.hear(hears)
        try:
            while True:
                await begun.wait()
                begun.clear()
                for host in self._hosts.all:
                    async with self._db.read() as conn:
                        rooms = await host.rooms(conn)
                    for room in rooms:
                        self.touch(host, room)
        finally:
            self._engine.stop_hearing(hears)

    async def _state(self, room: str, host: RoomHost) -> bool:
        """False: the plane is away, and it is to be tried again."""
        try:
            async with self._db.read() as conn:
                wish = await host.wish(conn, room)
            if wish is None:
                await self._engine.close_room(room)
            else:
                await self._engine.settle(wish)
        except TryAgain:
            return False
        except HubError as error:
            log.warning("a room cannot be so", room=room, why=error.en)
        return True
