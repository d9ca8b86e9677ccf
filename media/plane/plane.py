"""The plane: rooms and peers over the packet switch. What the hub states is made so here; what the
switch sees becomes facts. Everything but `join` happens at once, on the loop's thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from hub.kernel.errors import Forbidden, NotFound, Refused
from media.names import main_room, peer_of, ref_of
from media.plane.beats import Beats
from media.plane.floors import Floors
from media.plane.patch import Patch
from media.plane.rooms import Peer, Room
from media.plane.words import LocalSource, Source
from media.shapes import Allowed, FloorState, Line, Part, RoomWish, SourceState
from media.wires import (
    Join,
    Joined,
    PeerChanged,
    PeerDown,
    PeerGone,
    PeerUp,
    SourceDown,
    SourceUp,
    Tiles,
    Told,
)

MOST_PEERS, MOST_ROOMS = 2_000, 1_000
LINGER = 10.0
"""Seconds that somebody whose connection broke keeps his place."""
SILENCE = 120
"""dBov from which a packet holds no voice."""
FIRST = {"audio": Part.MIC, "video": Part.CAMERA}
"""What a track is of which nobody says it."""


class Plane:
    """Hears the switch (`media.plane.words.Listener`). `tell` reaches every hub process."""

    def __init__(self, tell: Callable[[Told], None], began: datetime) -> None:
        self.rooms: dict[str, Room] = {}
        self.peers: dict[str, Peer] = {}
        self.tapped: Callable[[], Collection[str]] = tuple
        """Sources that are recorded."""
        self.rerouted: list[Callable[[Room], None]] = []
        """Told of rooms in which something about sources is otherwise now."""
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._began, self._began_at = began, self._loop.time()
        self.floors = Floors(tell, self._route_voices, self.wall)
        self.patch = Patch(self.peers, tell)
        self._dirty: dict[str, None] = {}
        self._order = 0
        self.beats = Beats(self, tell)
        self._forgetting: dict[str, asyncio.TimerHandle] = {}

    def wall(self, at: float) -> datetime:
        """The clock's time at a moment of the loop; it never goes back."""
        return self._began + timedelta(seconds=at - self._began_at)

    def here(self, room: str) -> list[Peer]:
        return [peer for peer in self.peers.values() if peer.at == room and not peer.lost]

    # --- rooms ------------------------------------------------------------------------------------

    def settle(self, wish: RoomWish) -> None:
        room = self._room(wish.room)
        if room.stated and wish.version < room.wish.version:
            return
        room.stated, room.wish = True, wish
        for peer in [one for one in self.peers.values() if one.room == room.id]:
            allowed = room.permits(peer.ref, peer.allowed)
            if allowed is None:
                self.leave(peer, "not-admitted")
            else:
                self.allow(peer, allowed)
        self.floors.set_rules(room, wish.floor, self._loop.time())
        self.touch(room.id)

    def close_room(self, room: str, why: str) -> None:
        for peer in [one for one in self.peers.values() if main_room(one.room) == room or one.room == room]:
            self.leave(peer, why or "closed")
        for one in [one for one in self.rooms if one == room or main_room(one) == room]:
            self.floors.end(self.rooms[one], self._loop.time())
            self.rooms[one].stated = False
            self._sweep(one)

    def _room(self, room: str) -> Room:
        if room not in self.rooms:
            if len(self.rooms) >= MOST_ROOMS:
                raise Refused("同时进行的房间太多，请先结束一些。", "Too many rooms are open; close some.", code="too-many-rooms")
            self.rooms[room] = Room(room)
            self.rooms[room].wish = RoomWish(room=room)
        return self.rooms[room]

    def _sweep(self, room: str) -> None:
        """A room of which nobody said that it should be ends with its last guest."""
        found = self.rooms.get(room)
        if found is not None and not found.stated and not found.playing and all(peer.at != room for peer in self.peers.values()):
            self.floors.end(found, self._loop.time())
            self.rooms.pop(room, None)

    # --- peers ------------------------------------------------------------------------------------

    async def join(self, wish: Join) -> Joined:
        if wish.peer not in self.peers and len(self.peers) >= MOST_PEERS:
            raise Refused("接入的人数已满，请稍后再试。", "No more connections can be taken; try again later.", code="full")
        joined = await self.patch.switch.join(wish.peer, wish.offer, {mid: part.value for mid, part in wish.parts.items()})
        try:
            room = self._room(wish.room)
        except Refused:
            self.patch.switch.leave(wish.peer)
            raise
        peer = self._seat(wish)
        peer.parts = {line.mid: line.role or FIRST[line.kind] for line in joined.lines if line.sends}
        peer.hears = tuple(line.mid for line in joined.lines if line.hears and line.kind == "audio")
        peer.watches = tuple(line.mid for line in joined.lines if line.hears and line.kind == "video")
        self._silence(peer, but=peer.parts)
        self._tell(PeerChanged(state=peer.state()))
        self.touch(peer.at)
        self.beats.go_on()
        lines = tuple(Line(mid=line.mid, kind=line.kind, sends=line.sends, hears=line.hears, part=peer.parts.get(line.mid, ""),
                           codec=line.codec) for line in joined.lines)
        return Joined(answer=joined.answer, lines=lines, peer=peer.state(), floor=self._floor_of(room, peer))

    def _seat(self, wish: Join) -> Peer:
        """His own again, or a new one."""
        self._stay(wish.peer)
        peer = self.peers.get(wish.peer)
        if peer is None:
            self._order += 1
            peer = self.peers[wish.peer] = Peer(wish.peer, wish.room, ref_of(wish.peer), wish.name, wish.by, wish.allowed, self._order)
        else:
            peer.name, peer.by, peer.up, peer.lost = wish.name, wish.by, False, False
            self.allow(peer, wish.allowed)
        self._room(peer.at)
        return peer

    def _floor_of(self, room: Room, peer: Peer) -> FloorState | None:
        room = self.rooms.get(peer.at, room)
        return self.floors.state(room) if room.floor is not None else None

    def allow(self, peer: Peer, allowed: Allowed) -> None:
        if allowed == peer.allowed:
            return
        before, peer.allowed = peer.at, allowed
        at = self._loop.time()
        self._room(peer.at)
        if peer.at != before or not allowed.talk:
            self.floors.left(self.rooms[before], peer.id, at)
        if peer.at != before:
            self.touch(before)
            self._sweep(before)
        self.floors.reranked(self.rooms[peer.at], peer, at)
        self._tell(PeerChanged(state=peer.state()))
        self.touch(peer.at)

    def leave(self, peer: Peer, why: str) -> None:
        self._stay(peer.id)
        self.patch.switch.leave(peer.id, why)
        self._silence(peer)
        self.peers.pop(peer.id, None)
        self.beats.forget(peer.id)
        self.patch.forget(peer)
        room = self.rooms[peer.at]
        room.spoke.pop(peer.id, None)
        self.floors.left(room, peer.id, self._loop.time())
        self._tell(PeerDown(room=peer.room, peer=peer.id, ref=peer.ref, why=why, left=True))
        self._tell(PeerGone(room=peer.room, peer=peer.id))
        self.touch(peer.at)
        self._sweep(peer.at)
        self._sweep(peer.room)

    def owned(self, peer: str, by: str) -> Peer:
        """Raises NotFound; Forbidden where it is somebody else's. `by` "": the hub's own wish."""
        found = self.peers.get(peer)
        if found is None:
            raise NotFound("这个音视频连接已经结束。", "This connection has ended.", code="no-peer")
        if by and found.by != by:
            raise Forbidden("这不是您的音视频连接。", "This connection is not yours.", code="not-your-peer")
        return found

    def find(self, room: str, who: str, by: str) -> Peer | None:
        """By peer or ref, or the one that `by` owns there."""
        here = [peer for peer in self.peers.values() if room in (peer.at, peer.room) and (not by or peer.by == by)]
        found = [peer for peer in here if who in (peer.id, peer.ref)] if who else here
        return max(found, key=lambda peer: (peer.up, peer.order), default=None)

    def tile(self, wish: Tiles) -> None:
        peer = self.owned(wish.peer, wish.by)
        peer.wanted, peer.large = wish.wanted, wish.large
        self.touch(peer.at)

    # --- what the switch hears --------------------------------------------------------------------

    def up(self, peer: str) -> None:
        found = self.peers.get(peer)
        if found is None:
            return
        found.up, found.lost = True, False
        self._stay(peer)
        self._tell(PeerUp(room=found.room, peer=peer, ref=found.ref))
        self._tell(PeerChanged(state=found.state()))

    def down(self, peer: str, why: str) -> None:
        found = self.peers.get(peer)
        if found is None:
            return
        self._silence(found)
        self.patch.forget(found)
        found.lost, found.up = True, False
        self._tell(PeerDown(room=found.room, peer=peer, ref=found.ref, why=why))
        self._tell(PeerChanged(state=found.state()))
        self.touch(found.at)
        self._forgetting[peer] = self._loop.call_later(LINGER, self._forget, found)

    def level(self, source: Source, dbov: int) -> None:
        peer = self.peers.get(peer_of(source))
        room = self.rooms.get(peer.at) if peer is not None else None
        if peer is None or room is None:
            return
        at = self._loop.time()
        room.speakers.hear(source, dbov, at)
        if room.floor is not None:
            self.floors.heard(room, peer.id, dbov >= SILENCE, at)

    def source(self, source: Source, kind: str, codec: str) -> None:
        peer = self.peers.get(peer_of(source))
        if peer is None:
            return
        mid = source.rpartition("/")[2]
        part = peer.parts.get(mid) or FIRST[kind]
        peer.sources[mid] = SourceState(source=source, part=part, codec=codec)
        self._tell(SourceUp(room=peer.room, peer=peer.id, ref=peer.ref, source=source, part=part, codec=codec))
        self._tell(PeerChanged(state=peer.state()))
        self.touch(peer.at)

    def trouble(self, peer: str, loss: float) -> None:
        if peer in self.peers:
            self.beats.misses(peer, loss)

    def room(self, peer: str, bps: int, sends: int) -> None:
        if peer in self.peers:
            self.beats.room(peer, bps, sends)

    # --- a voice that does not come over the network ----------------------------------------------

    def leg_up(self, peer: str, room: str, name: str) -> LocalSource:
        at = self._room(room)
        self._order += 1
        found = Peer(peer, room, ref_of(peer), name, "", at.permits(ref_of(peer), None) or Allowed(show=False), self._order)
        source = Source(f"{peer}/0")
        found.parts, self.peers[peer] = {"0": Part.MIC}, found
        into = self.patch.switch.local(source, "audio")
        self.up(peer)
        self.source(source, "audio", "opus")
        self.beats.go_on()
        return into

    def plays(self, room: str, source: str, to: tuple[str, ...]) -> LocalSource:
        into = self.patch.switch.local(Source(source), "audio")
        self._room(room).playing[source] = to
        self.touch(room)
        return into

    def plays_to(self, room: str, source: str, to: tuple[str, ...]) -> None:
        self._room(room).playing[source] = to
        self.touch(room)

    def plays_no_more(self, room: str, source: str) -> None:
        found = self.rooms.get(room)
        if found is not None and found.playing.pop(source, None) is not None:
            self.touch(room)
            self._sweep(room)

    # --- inside -----------------------------------------------------------------------------------

    def _silence(self, peer: Peer, but: Collection[str] = ()) -> None:
        """Nothing comes from him any more, but on these lines: the switch keeps their tracks over a new connection."""
        for mid in [one for one in peer.sources if one not in but]:
            ended = peer.sources.pop(mid)
            self.patch.ended(ended.source)
            self._tell(SourceDown(room=peer.room, peer=peer.id, ref=peer.ref, source=ended.source))

    def _stay(self, peer: str) -> None:
        timer = self._forgetting.pop(peer, None)
        if timer is not None:
            timer.cancel()

    def _forget(self, peer: Peer) -> None:
        if self.peers.get(peer.id) is peer and peer.lost:
            self.leave(peer, "gone")

    def touch(self, room: str) -> None:
        """Many changes at once are routed once."""
        if not self._dirty:
            self._loop.call_soon(self._route_dirty)
        self._dirty[room] = None

    def _route_dirty(self) -> None:
        dirty, self._dirty = self._dirty, {}
        for one in dirty:
            if one in self.rooms:
                self._route(self.rooms[one])

    def _route_voices(self, room: Room) -> None:
        """At once: who was granted the floor is heard before he is told so."""
        self.patch.route_voices(room, self.here(room.id), self.tapped())
        for told in self.rerouted:
            told(room)

    def _route(self, room: Room) -> None:
        # Taps first: what they take now must be let in, also where nobody else hears it.
        for told in self.rerouted:
            told(room)
        self.patch.route(room, self.here(room.id), self.tapped())
