"""The only emitter. A frame is encoded once; every connection of the room gets the same text.

Nothing is awaited here: each connection has its own outgoing queue, emptied by its own writer.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable

import socketio
from engineio import packet as engine

from hub.wire.words import TELL

REMEMBERED = 50_000
"""Rooms; each person's inbox is one."""


class Fanout:
    def __init__(self, server: socketio.AsyncServer) -> None:
        self._server = server
        self._rooms: dict[str, set[str]] = defaultdict(set)
        self._joined: dict[str, set[str]] = defaultdict(set)
        self._times: OrderedDict[str, int] = OrderedDict()
        self.told = 0

    def join(self, connection: str, room: str) -> None:
        self._rooms[room].add(connection)
        self._joined[connection].add(room)

    def leave(self, connection: str, room: str) -> None:
        self._joined.get(connection, set()).discard(room)
        self._drop(connection, room)

    def gone(self, connection: str) -> None:
        """Costs the rooms of this connection only."""
        for room in self._joined.pop(connection, ()):
            self._drop(connection, room)

    def rooms_of(self, connection: str) -> int:
        return len(self._joined.get(connection, ()))

    def told_in(self, room: str) -> int:
        """Changes whenever the room is told something. Of rooms long silent nothing is remembered."""
        return self._times.get(room, 0)

    def tell(self, room: str, frame: bytes) -> None:
        """A listener of the bus: `frame` is the JSON of what is told."""
        self._times[room] = self._times.pop(room, 0) + 1
        if len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        self._write(self._rooms.get(room, ()), f'2["{TELL}",{frame.decode()}]')

    def _write(self, connections: Iterable[str], text: str) -> None:
        packet = engine.Packet(engine.MESSAGE, text)
        sockets = self._server.eio.sockets
        for connection in connections:
            engine_id = self._server.manager.eio_sid_from_sid(connection, "/")
            socket = sockets.get(engine_id)
            if socket is not None and not socket.closed:
                socket.queue.put_nowait(packet)
                self.told += 1

    def _drop(self, connection: str, room: str) -> None:
        members = self._rooms.get(room)
        if members is not None:
            members.discard(connection)
            if not members:
                del self._rooms[room]
