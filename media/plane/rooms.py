"""Rooms and who is in them, as the plane knows them. No packets here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from media.names import source_id
from media.plane.floor import Caller, Floor
from media.plane.speakers import Speakers
from media.shapes import Allowed, Part, PeerState, RoomWish, SourceState, Tile


@dataclass(slots=True, eq=False)
class Peer:
    """`order`: of joining. `sources`: what has come in, by mid; `slots`: mids that play something here."""

    id: str
    room: str
    ref: str
    name: str
    by: str
    allowed: Allowed
    order: int
    up: bool = False
    lost: bool = False
    """His connection broke; he may come back and keeps his place meanwhile."""
    parts: dict[str, str] = field(default_factory=dict)
    sources: dict[str, SourceState] = field(default_factory=dict)
    hears: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    wanted: tuple[str, ...] | None = None
    large: int = 1
    thrift: int = 0
    tiles: tuple[Tile, ...] = ()

    @property
    def at(self) -> str:
        return self.allowed.at_room or self.room

    def source_of(self, *parts: str) -> str:
        """"" where he sends no such thing."""
        return next((one.source for one in self.sources.values() if one.part in parts), "")

    def caller(self, rank: int | None = None) -> Caller:
        most = self.allowed.rank
        return Caller(self.id, self.ref, self.name, most if rank is None else min(rank, most))

    def state(self) -> PeerState:
        may = self.allowed
        return PeerState(
            peer=self.id, room=self.room, at_room=self.at, ref=self.ref, name=self.name, up=self.up, hear=may.hear, talk=may.talk,
            show=may.show, hidden=may.hidden, thrift=self.thrift, sources=tuple(self.sources.values()))


@dataclass(slots=True, eq=False)
class Room:
    """`stated`: somebody said how it should be; else it is there only as long as somebody is in it."""

    id: str
    stated: bool = False
    wish: RoomWish = field(default_factory=lambda: RoomWish(room="none:0"))
    floor: Floor | None = None
    speakers: Speakers = field(default_factory=lambda: Speakers(3))
    spoke: dict[str, None] = field(default_factory=dict)
    """Peers who have spoken, the latest first."""
    told: tuple[str, ...] = ()
    playing: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The plane's own sources here → to whom (peers or refs), () to all."""

    def permits(self, ref: str, admitted: Allowed | None) -> Allowed | None:
        """What he may, having been admitted with so much; None: he goes."""
        known = self.wish.members.get(ref)
        return known or (self.wish.others and (admitted or self.wish.others))

    def has_spoken(self, peers: Sequence[str]) -> None:
        recent = dict.fromkeys([*peers, *self.spoke])
        self.spoke = dict.fromkeys(list(recent)[:32])


def voices(room: Room, here: Iterable[Peer]) -> list[str]:
    """Sources that may be heard in the room: of a floor, its holder's alone."""
    holder = room.floor.holder if room.floor else None
    found = []
    for peer in here:
        source = peer.source_of(Part.MIC)
        if source and peer.allowed.talk and (room.floor is None or (holder is not None and holder.peer == peer.id)):
            found.append(source)
    return found


def pictures(room: Room, here: Iterable[Peer]) -> list[str]:
    """Sources that may be seen: screens first, then who spoke last, then who came first."""
    showing = [peer for peer in here if peer.allowed.show and not peer.allowed.hidden]
    spoke = {peer: number for number, peer in enumerate(room.spoke)}
    showing.sort(key=lambda peer: (spoke.get(peer.id, len(spoke)), peer.order))
    screens = [peer.source_of(Part.SCREEN) for peer in showing]
    cameras = [peer.source_of(Part.CAMERA) for peer in showing]
    return [source for source in (*screens, *cameras) if source]


def named(wanted: str, here: Collection[Peer], shown: Sequence[str]) -> str:
    """The source meant by `<source>`, `<peer>`, `<ref>` or `<ref>:screen`; "" when it is not to be seen."""
    if wanted in shown:
        return wanted
    part = Part.SCREEN if wanted.endswith(":screen") else Part.CAMERA
    who = wanted.removesuffix(":screen")
    found = (peer.source_of(part) for peer in here if who in (peer.id, peer.ref))
    return next((source for source in found if source in shown), "")


def slots(mids: Sequence[str], sources: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """As many as fit, first come; who is in a slot already stays in it."""
    wanted = dict.fromkeys(sources[:len(mids)])
    filled = {mid: before[mid] for mid in mids if before.get(mid) in wanted}
    free = [source for source in wanted if source not in filled.values()]
    for mid in mids:
        if mid not in filled:
            filled[mid] = free.pop(0) if free else ""
    return filled


def heard_by(peer: Peer, room: Room, before: Mapping[str, str]) -> dict[str, str]:
    """Slot → source, of voices. What the plane plays comes first."""
    if not peer.allowed.hear:
        return dict.fromkeys(peer.hears, "")
    own = {source_id(peer.id, mid) for mid in peer.sources}
    playing = [source for source, to in room.playing.items() if not to or peer.id in to or peer.ref in to]
    return slots(peer.hears, [*playing, *(one for one in room.speakers.forwarded if one not in own)], before)


def seen_by(peer: Peer, here: Collection[Peer], shown: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Slot → source, of pictures: pinned ones where they are wanted, the rest by who speaks. On a bad
    network thumbnails go first, then the large picture."""
    mids = peer.watches
    if not peer.allowed.hear or peer.thrift >= 2:
        return dict.fromkeys(mids, "")
    wanted = ("",) * len(mids) if peer.wanted is None else peer.wanted
    if peer.thrift == 1:
        wanted = wanted[:max(1, peer.large)]
    own = {source_id(peer.id, mid) for mid in peer.sources}
    pinned = {mid: named(one, here, shown) for mid, one in zip(mids, wanted, strict=False) if one}
    open_ = [mid for mid, one in zip(mids, wanted, strict=False) if not one]
    rest = [source for source in shown if source not in own and source not in pinned.values()]
    return dict.fromkeys(mids, "") | pinned | slots(open_, rest, before)
