"""What a watcher of a room sees: who is connected, who has the floor, what his own slots show. Rows come
from what the plane tells; nothing of it is in the database.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hub.kernel.actor import Actor, Permission
from hub.record import Connection
from hub.spoke import Change, Page, Spoke, View
from media.engine import Engine
from media.hosts import Hosts
from media.names import room_of
from media.shapes import FloorState, PeerId, PeerState, RoomId, SourceState, Tile

ROOM, FLOOR, TILES = "media_room", "media_floor", "media_tiles"
AT_ONCE = 0.0


class OfRoom(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    room: RoomId


class OfPeer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    peer: PeerId


class PeerRow(msgspec.Struct, frozen=True, kw_only=True):
    peer: str
    ref: str
    name: str
    room: str
    at_room: str
    up: bool
    hear: bool
    talk: bool
    show: bool
    thrift: int
    sources: tuple[SourceState, ...]


class FloorRow(FloorState, frozen=True, kw_only=True):
    """Of a room; its key is the room."""

    room: str


def live_room(room: str) -> str:
    """Where signals about a room are said."""
    return f"{ROOM}/{room}"


def tiles_room(peer: str) -> str:
    return f"{TILES}/{peer}"


class RoomViews:
    def __init__(self, engine: Engine, hosts: Hosts) -> None:
        self._engine, self._hosts = engine, hosts

    def spoke(self) -> Spoke:
        own = Permission.SELF
        return Spoke(name="media", views=(
            View(name=ROOM, params=OfRoom, row=PeerRow, permission=own, fetch=self._peers, key="peer",
                 room=lambda params, _: live_room(params.room), reread=self._peers_again, pace=AT_ONCE),
            View(name=FLOOR, params=OfRoom, row=FloorRow, permission=own, fetch=self._floor, key="room",
                 room=lambda params, _: f"{FLOOR}/{params.room}", reread=self._floors_again, pace=AT_ONCE),
            View(name=TILES, params=OfPeer, row=Tile, permission=own, fetch=self._tiles, key="mid",
                 room=lambda params, _: tiles_room(params.peer), reread=self._tiles_again, pace=AT_ONCE),
        ))

    async def _peers(self, conn: Connection, params: OfRoom, actor: Actor) -> Page:
        await self._hosts.admit(conn, params.room, actor)
        return Page([_row(one) for one in self._engine.present(params.room) if not one.hidden])

    async def _peers_again(self, _conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
        return [Change(key=peer, row=self._shown(peer), rooms=(live_room(room_of(peer)),)) for peer in keys]

    def _shown(self, peer: str) -> PeerRow | None:
        found = next((one for one in self._engine.present(room_of(peer)) if one.peer == peer and not one.hidden), None)
        return None if found is None else _row(found)

    async def _floor(self, conn: Connection, params: OfRoom, actor: Actor) -> Page:
        await self._hosts.admit(conn, params.room, actor)
        row = self._floor_row(params.room)
        return Page([] if row is None else [row])

    async def _floors_again(self, _conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
        return [Change(key=room, row=self._floor_row(room), rooms=(f"{FLOOR}/{room}",)) for room in keys]

    def _floor_row(self, room: str) -> FloorRow | None:
        state = self._engine.floor_of(room)
        return None if state is None else FloorRow(room=room, **msgspec.structs.asdict(state))

    async def _tiles(self, conn: Connection, params: OfPeer, actor: Actor) -> Page:
        await self._hosts.admit(conn, room_of(params.peer), actor)
        return Page(self._engine.tiles_of(params.peer))

    async def _tiles_again(self, _conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
        return [Change(key=tile.mid, row=tile, rooms=(tiles_room(peer),)) for peer in keys for tile in self._engine.tiles_of(peer)]


def _row(state: PeerState) -> PeerRow:
    return PeerRow(
        peer=state.peer, ref=state.ref, name=state.name, room=state.room, at_room=state.at_room, up=state.up, hear=state.hear,
        talk=state.talk, show=state.show, thrift=state.thrift, sources=state.sources)
