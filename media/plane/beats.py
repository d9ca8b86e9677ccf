"""What the plane looks at again and again while somebody is connected: who speaks, who is on a bad network,
whether the holder of a floor still sends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from media.names import peer_of
from media.plane.rooms import Room
from media.plane.thrift import Thrift
from media.plane.words import Source
from media.shapes import Part
from media.wires import PeerChanged, Speaking, Told

if TYPE_CHECKING:
    from media.plane.plane import Plane

BEAT = 0.1
TOLD_EVERY, LOOKED_EVERY = 2, 10
"""Beats."""
QUIET = 1.0
"""Seconds without a level after which the holder's packets are counted."""


class Beats:
    def __init__(self, plane: Plane, tell: Callable[[Told], None]) -> None:
        self._plane, self._tell = plane, tell
        self._loop = asyncio.get_running_loop()
        self._thrifts: dict[str, Thrift] = {}
        self._counted: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    def go_on(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(BEAT, self._beat, 0)

    def misses(self, peer: str, loss: float) -> None:
        self._thrifts.setdefault(peer, Thrift()).misses(loss, self._loop.time())

    def room(self, peer: str, bps: int, sends: int) -> None:
        self._thrifts.setdefault(peer, Thrift()).room(bps, sends, self._loop.time())

    def forget(self, peer: str) -> None:
        self._thrifts.pop(peer, None)
        self._counted.pop(peer, None)

    def _beat(self, number: int) -> None:
        at, rooms = self._loop.time(), list(self._plane.rooms.values())
        for room in rooms:
            if room.speakers.weigh(at):
                self._plane.touch(room.id)
            if number % TOLD_EVERY == 0:
                self._tell_speaking(room, at)
            if number % LOOKED_EVERY == 0:
                self._hear_holder(room, at)
        if number % LOOKED_EVERY == 0:
            self._spare(at)
        self._timer = self._loop.call_later(BEAT, self._beat, number + 1) if self._plane.peers else None

    def _tell_speaking(self, room: Room, at: float) -> None:
        peers = tuple(dict.fromkeys(peer_of(source) for source in room.speakers.speaking(at)))
        if peers == room.told:
            return
        began = set(peers) - set(room.told)
        room.told = peers
        room.has_spoken(peers)
        if began:
            self._plane.touch(room.id)
        self._tell(Speaking(room=room.id, peers=peers))

    def _spare(self, at: float) -> None:
        for peer, thrift in self._thrifts.items():
            if thrift.step(at) and peer in self._plane.peers:
                found = self._plane.peers[peer]
                found.thrift = thrift.level
                self._tell(PeerChanged(state=found.state()))
                self._plane.touch(found.at)

    def _hear_holder(self, room: Room, at: float) -> None:
        """Of a sender that says no level, its packets are counted."""
        floor = room.floor
        holder = self._plane.peers.get(floor.holder.peer) if floor and floor.holder else None
        if floor is None or holder is None or at - floor.heard < QUIET:
            return
        seen = self._plane.patch.switch.stats().sources.get(Source(holder.source_of(Part.MIC)))
        if seen is not None and seen.packets != self._counted.get(holder.id):
            self._counted[holder.id] = seen.packets
            self._plane.floors.heard(room, holder.id, False, at)
