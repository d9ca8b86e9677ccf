"""The only emitter. A frame is encoded once; every connection of the room gets the same text.

Nothing is awaited here: each connection has its own outgoing queue, emptied by its own writer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import socketio
from engineio import packet as engine

from hub.wire.words import TELL


class Fanout:
    def __init__(self, server: socketio.AsyncServer) -> None:
        self._server = server
        self._rooms: dict[str, set[str]] = defaultdict(set)
        self._joined: dict[str, set[str]] = defaultdict(set)
        self.told = 0

    def join(self, connection: str, room: str) -> None:
        self._rooms[room].add(connection)
        self._joined[connection].add(room)

    def leave(self, connection: str, room: str) -> None:
        self._joined[connection].discard(room)
        self._drop(connection, room)

    def gone(self, connection: str) -> None:
        """Costs the rooms of this connection only."""
        for room in self._joined.pop(connection, ()):
            self._drop(connection, room)

    def rooms_of(self, connection: str) -> int:
        return len(self._joined[connection])

    def tell(self, room: str, frame: bytes) -> None:
        """A listener of the bus: `frame` is the JSON of what is told."""
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
