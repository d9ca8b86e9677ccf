"""From how the rooms are to what the switch shall do: links, gates and bitrates. Pure; the plane applies
what differs from before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from media.names import source_id
from media.plane.rooms import Peer, Room, heard_by, pictures, seen_by, voices
from media.shapes import Part

LARGE, SCREEN, THUMBNAIL, UNSEEN = 1_500_000, 2_500_000, 150_000, 50_000
"""Bit/s we ask of who sends a picture, by how the largest of its viewers shows it."""
RECORDED = 1_000_000


@dataclass(slots=True)
class Routes:
    """`links`: outlet → source, "" silence. `open`: sources whose packets are wanted at all."""

    links: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    rates: dict[str, int] = field(default_factory=dict)


def route(room: Room, here: Collection[Peer], before: Mapping[str, str], tapped: Collection[str]) -> Routes:
    """Of one room and those who are in it now. `before`: the links that stand. `tapped`: sources that are
    recorded, whoever looks; who may not be heard is not recorded either."""
    found, large = route_voices(room, here, before, tapped), set[str]()
    shown = pictures(room, here)
    for peer in here:
        seen = seen_by(peer, here, shown, _held(peer.id, peer.watches, before))
        for mid, source in seen.items():
            found.links[source_id(peer.id, mid)] = source
        large |= {seen[mid] for mid in peer.watches[:peer.large] if seen[mid]}
    found.open |= {source for source in found.links.values() if source}
    found.open |= {source for source in shown if source in tapped}
    for peer in here:
        _rates(peer, found, large, tapped)
    return found


def route_voices(room: Room, here: Collection[Peer], before: Mapping[str, str], tapped: Collection[str]) -> Routes:
    """The voices alone: what a change of the floor needs at once."""
    found, audible = Routes(), voices(room, here)
    room.speakers.of(audible, room.wish.loudest)
    for peer in here:
        for mid, source in heard_by(peer, room, _held(peer.id, peer.hears, before)).items():
            found.links[source_id(peer.id, mid)] = source
    found.open |= {source for source in found.links.values() if source}
    found.open |= {source for source in audible if source in tapped}
    return found


def _held(peer: str, mids: Iterable[str], before: Mapping[str, str]) -> dict[str, str]:
    return {mid: before.get(source_id(peer, mid), "") for mid in mids}


def _rates(peer: Peer, found: Routes, large: set[str], tapped: Collection[str]) -> None:
    for one in peer.sources.values():
        if one.part in (Part.CAMERA, Part.SCREEN):
            found.rates[one.source] = _rate(one.source, one.part, found, large, tapped)


def _rate(source: str, part: str, found: Routes, large: set[str], tapped: Collection[str]) -> int:
    if source not in found.open:
        return UNSEEN
    if part == Part.SCREEN:
        return SCREEN
    if source in large:
        return LARGE
    return RECORDED if source in tapped else THUMBNAIL
