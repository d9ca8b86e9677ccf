"""Rooms as they should be and as they are: what the hub states to the plane, and is told by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

RoomId = Annotated[str, Meta(pattern=r"^[a-z]+:[A-Za-z0-9:._/-]{1,120}$")]
PeerId = Annotated[str, Meta(min_length=1, max_length=250)]
SourceId = Annotated[str, Meta(max_length=270)]
"""`<peer>/<mid>`: one incoming track. `play:<id>/0`: what the plane plays itself."""
Name = Annotated[str, Meta(max_length=120)]
Rank = Annotated[int, Meta(ge=0, le=9)]
"""Priority of who speaks; 9 is for emergencies."""


class Part(StrEnum):
    """What an m-line is for."""

    MIC = "mic"
    CAMERA = "camera"
    SCREEN = "screen"
    HEAR = "hear"      # a slot for somebody's voice
    WATCH = "watch"    # a slot for somebody's picture


# --- what a room should be ------------------------------------------------------------------------


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """What one member may do. `at_room`: where he is taken to (side room, hold), "" his own room;
    no renegotiation, his connection stays. `hidden`: nobody is shown that he is there."""

    hear: bool = True
    talk: bool = True
    show: bool = True
    rank: Rank = 0
    """The highest priority with which he may ask for the floor."""
    at_room: str = ""
    hidden: bool = False


class FloorRules(msgspec.Struct, frozen=True, kw_only=True):
    """After 3GPP TS 24.380. A room with a floor forwards the holder's voice and nobody else's.
    Seconds; 0: no limit."""

    silence: float = 4.0
    """T1: no media from the holder for so long frees the floor."""
    talk: float = 30.0
    """T2: so long one may talk in one go, then he is told to end."""
    grace: float = 3.0
    """T3: and so long later he is cut off."""
    queue: Annotated[int, Meta(ge=0, le=100)] = 10
    """How many may wait. 0: who cannot have it now is denied."""
    preempt: bool = True
    """A higher priority takes the floor at once."""


class RoomWish(msgspec.Struct, frozen=True, kw_only=True):
    """The whole desired room: stating it twice is stating it once. `members` by ref (`station:17`);
    who is connected and stands in neither `members` nor `others` is let go."""

    room: RoomId
    version: int = 0
    """A wish older than the one that stands is not taken (of the stream, or a position)."""
    loudest: Annotated[int, Meta(ge=1, le=5)] = 3
    floor: FloorRules | None = None
    members: Mapping[str, Allowed] = {}
    others: Allowed | None = None
    """None: nobody else stays. Else everybody who was admitted does, with what he was admitted with (a public
    live room's viewers); this is for who was not asked at a door (a telephone)."""


# --- what is so -----------------------------------------------------------------------------------


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    peer: str
    ref: str
    name: str
    rank: int


class FloorState(msgspec.Struct, frozen=True, kw_only=True):
    """`seq` rises with every change, over restarts too: what carries a lower one is old. `grant` is the
    `seq` with which the holder got the floor: he releases that grant and no later one."""

    seq: int = 0
    grant: int = 0
    holder: str = ""
    """A peer; "" the floor is idle."""
    ref: str = ""
    name: str = ""
    rank: int = 0
    since: datetime | None = None
    until: datetime | None = None
    """When he will be told to end; in the grace after that, when he is cut off."""
    revoking: bool = False
    queue: tuple[Waiting, ...] = ()


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    part: str
    codec: str = ""


class PeerState(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody connected. `room` is the one he joined, `at_room` where he is now."""

    peer: str
    room: str
    at_room: str
    ref: str
    name: str
    up: bool = False
    """Media flows both ways (ICE and DTLS are done)."""
    hear: bool = True
    talk: bool = True
    show: bool = True
    hidden: bool = False
    thrift: int = 0
    """0 all pictures; 1 thumbnails are dropped; 2 every picture is: voice alone."""
    sources: tuple[SourceState, ...] = ()


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """What a slot of somebody's shows just now; an empty source: nothing."""

    mid: str
    source: str = ""
    ref: str = ""
    name: str = ""
    part: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An m-line of an answer. `sends`: a track of `part` comes in; `hears`: it is a slot, `hear` or `watch`
    by its kind. One line may be both."""

    mid: str
    kind: str
    sends: bool
    hears: bool
    part: str = ""
    codec: str = ""
