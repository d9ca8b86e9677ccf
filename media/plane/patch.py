"""The patch panel: what the switch was last asked to do, and only what differs is asked again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Protocol

from media.names import peer_of, source_id
from media.plane import words
from media.plane.rooms import Peer, Room
from media.plane.routes import route, route_voices
from media.plane.words import LocalSource, Outlet, Source, Stats
from media.shapes import Part, Tile
from media.wires import TilesChanged, Told


class Packets(Protocol):
    """As much of `media.plane.switch.Switch` as the plane uses."""

    async def join(self, peer: str, offer: str, roles: Mapping[str, str] = ...) -> words.Joined: ...
    def leave(self, peer: str, why: str = ...) -> None: ...
    def link(self, source: Source | None, outlet: Outlet) -> None: ...
    def gate(self, source: Source, open: bool) -> None: ...
    def local(self, source: Source, kind: str) -> LocalSource: ...
    def tap(self, source: Source, sink: Callable[[bytes], None]) -> Callable[[], None]: ...
    def bitrate(self, source: Source, bps: int) -> None: ...
    def key_frame(self, source: Source) -> None: ...
    def stats(self) -> Stats: ...


class Patch:
    def __init__(self, peers: Mapping[str, Peer], tell: Callable[[Told], None]) -> None:
        self.switch: Packets
        self._peers, self._tell = peers, tell
        self._links: dict[str, str] = {}
        self._open: dict[str, bool] = {}
        self._rates: dict[str, int] = {}

    def route(self, room: Room, here: Collection[Peer], tapped: Collection[str]) -> None:
        found = route(room, here, self._links, tapped)
        changed = self._link(found.links)
        self._gate((one.source for peer in here for one in peer.sources.values()), found.open)
        for source, bps in found.rates.items():
            if self._rates.get(source) != bps:
                self._rates[source] = bps
                self.switch.bitrate(Source(source), bps)
        self._tell_tiles(here, changed)

    def route_voices(self, room: Room, here: Collection[Peer], tapped: Collection[str]) -> None:
        found = route_voices(room, here, self._links, tapped)
        self._link(found.links)
        self._gate((one.source for peer in here for one in peer.sources.values() if one.part == Part.MIC), found.open)

    def _link(self, links: Mapping[str, str]) -> set[str]:
        """Whose slots play something else now."""
        changed = set()
        for outlet, source in links.items():
            if self._links.get(outlet) != source:
                self._links[outlet] = source
                self.switch.link(Source(source) if source else None, Outlet(outlet))
                changed.add(peer_of(outlet))
        return changed

    def ended(self, source: str) -> None:
        """What was asked of it is asked again when it comes again."""
        self._open.pop(source, None)
        self._rates.pop(source, None)

    def forget(self, peer: Peer) -> None:
        for mid in (*peer.hears, *peer.watches):
            self._links.pop(source_id(peer.id, mid), None)

    def _gate(self, sources: Iterable[str], wanted: Collection[str]) -> None:
        for source in sources:
            if self._open.get(source) is not (source in wanted):
                self._open[source] = source in wanted
                self.switch.gate(Source(source), source in wanted)

    def _tell_tiles(self, here: Iterable[Peer], changed: Collection[str]) -> None:
        for peer in here:
            if peer.id not in changed:
                continue
            tiles = tuple(self._tile(mid, self._links[source_id(peer.id, mid)]) for mid in peer.watches)
            if tiles != peer.tiles:
                peer.tiles = tiles
                self._tell(TilesChanged(room=peer.room, peer=peer.id, tiles=tiles))

    def _tile(self, mid: str, source: str) -> Tile:
        shown = self._peers.get(peer_of(source)) if source else None
        if shown is None:
            return Tile(mid=mid)
        part = next((one.part for one in shown.sources.values() if one.source == source), "")
        return Tile(mid=mid, source=source, ref=shown.ref, name=shown.name, part=part)
