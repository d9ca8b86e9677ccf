"""What the switch takes and tells. Everything stands on the loop's thread; nothing here waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NewType, Protocol

import msgspec

Source = NewType("Source", str)
"""`<peer>/<mid>`: one incoming track."""
Outlet = NewType("Outlet", str)
"""`<peer>/<mid>`: one outgoing slot."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An m-line of an answer. `sends`: client to us; `hears`: us to the client; `codec` is what a
    sending client will use first ("" on a refused line). `role`: mic, camera, screen or ""."""

    mid: str
    kind: str
    sends: bool
    hears: bool
    codec: str = ""
    role: str = ""


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    answer: str
    lines: tuple[Line, ...]


class SourceFigures(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    codec: str
    packets: int
    octets: int
    lost: int
    repaired: int
    rejected: int
    """Forged, replayed or broken."""
    outlets: int


class PeerFigures(msgspec.Struct, frozen=True, kw_only=True):
    up: bool
    over: str
    """udp, tcp or "" (nothing has come yet)."""
    loss: float
    """0…1: what the client says it misses of what we send."""
    room: int
    """Bit/s the client believes it can take; 0 unknown."""
    round_trip: float
    """Seconds; 0 unknown."""


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    peers: Mapping[str, PeerFigures]
    sources: Mapping[str, SourceFigures]
    received: int
    sent: int
    dropped: int
    """Could not be sent: the socket or a viewer's connection was full."""
    strangers: int
    """Datagrams that belong to nobody."""
    nacks: int
    resent: int
    key_frames: int
    """Asked of senders."""
    fan_out: str
    """`c` or `python`."""


class Listener(Protocol):
    """Called on the loop's thread in the midst of packets: answer at once, raise nothing."""

    def up(self, peer: str) -> None:
        """ICE and DTLS are done: media can flow both ways."""

    def down(self, peer: str, why: str) -> None:
        """It went by itself: `left` (it closed), `silent` (no sign of life), `never` (did not come),
        `refused` (its certificate is not that of the offer). Not told after `leave` or a new `join`."""

    def level(self, source: Source, dbov: int) -> None:
        """The loudest of the last 100 ms, 0 (loud) … 127 (silence); of a closed gate, too."""

    def source(self, source: Source, kind: str, codec: str) -> None:
        """First packet of a track, or its codec changed."""

    def trouble(self, peer: str, loss: float) -> None:
        """It misses this share (0…1) of what we send; at most once a second, and once 0 when it is over."""

    def room(self, peer: str, bps: int, sends: int) -> None:
        """Bit/s that it believes it can take (REMB), and that were sent to it in the last second; at most once a
        second, and not in its first seconds, when it knows nothing."""


class LocalSource(Protocol):
    """A track that the plane itself plays."""

    def send(self, payload: bytes, timestamp_step: int, marker: bool = False) -> None:
        """`timestamp_step`: how far this frame begins after the one before (960 for 20 ms of Opus)."""

    def close(self) -> None:
        """The track is gone, and the links to it."""
