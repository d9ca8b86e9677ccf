"""Who is connected and who has the floor, as a hub process was told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from media.shapes import FloorState, PeerState, Tile
from media.wires import (
    Boot,
    FloorChanged,
    PeerChanged,
    PeerGone,
    TilesChanged,
    Told,
)


class Mirror:
    def __init__(self) -> None:
        self._peers: dict[str, dict[str, PeerState]] = {}
        self._floors: dict[str, FloorState] = {}
        self._tiles: dict[str, tuple[Tile, ...]] = {}
        self._takes: dict[type, Callable[[Any], None]] = {
            Boot: lambda _: self.clear(), PeerChanged: self._changed, PeerGone: self._gone, FloorChanged: self._floor,
            TilesChanged: self._tiled,
        }

    def take(self, told: Told) -> None:
        takes = self._takes.get(type(told))
        if takes is not None:
            takes(told)

    def clear(self) -> None:
        self._peers.clear()
        self._floors.clear()
        self._tiles.clear()

    def present(self, room: str) -> Sequence[PeerState]:
        return tuple(self._peers.get(room, {}).values())

    def everyone(self) -> set[tuple[str, str]]:
        """(room, peer)"""
        return {(room, peer) for room, peers in self._peers.items() for peer in peers}

    def rooms(self) -> Sequence[str]:
        return tuple(self._peers)

    def floor_of(self, room: str) -> FloorState | None:
        return self._floors.get(room)

    def tiles_of(self, peer: str) -> Sequence[Tile]:
        return self._tiles.get(peer, ())

    def _changed(self, told: PeerChanged) -> None:
        self._peers.setdefault(told.state.room, {})[told.state.peer] = told.state

    def _gone(self, told: PeerGone) -> None:
        self._tiles.pop(told.peer, None)
        peers = self._peers.get(told.room, {})
        peers.pop(told.peer, None)
        if not peers:
            self._peers.pop(told.room, None)

    def _floor(self, told: FloorChanged) -> None:
        known = self._floors.get(told.room)
        if known is None or known.seq <= told.state.seq:
            self._floors[told.room] = told.state

    def _tiled(self, told: TilesChanged) -> None:
        self._tiles[told.peer] = told.tiles
