"""What is said between the hub, the plane (packets) and the studio (files). Shapes only.

On a Unix socket of the data folder, each parcel a length (u32) and msgpack (hub.wire.parcels):
`[n, request]` from the hub, `[n, answer]` back, `[0, told]` from the plane to every hub process.
Rooms are named `<kind>:<id>`, a side room `<kind>:<id>/<n>`; see `media.names` for peers and sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from media.shapes import (
    Allowed,
    FloorState,
    Line,
    Name,
    Part,
    PeerId,
    PeerState,
    Rank,
    RoomId,
    RoomWish,
    SourceId,
    Tile,
)


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    pass


# --- the hub asks the plane -----------------------------------------------------------------------


class Settle(Message, frozen=True, kw_only=True):
    wish: RoomWish


class CloseRoom(Message, frozen=True, kw_only=True):
    room: RoomId
    why: Name = ""


class Join(Message, frozen=True, kw_only=True):
    """`by`: the actor whose connection it is; only he may give it up again. The same peer again
    replaces his connection (another network) and keeps his place and his floor."""

    peer: PeerId
    room: RoomId
    offer: Annotated[str, Meta(max_length=200_000)]
    parts: Mapping[str, Part] = {}
    """By mid; what is not named is told by its order."""
    name: Name = ""
    by: Name = ""
    allowed: Allowed


class Leave(Message, frozen=True, kw_only=True):
    """`by` "": the hub itself."""

    peer: PeerId
    by: Name = ""
    why: Name = ""


class Tiles(Message, frozen=True, kw_only=True):
    """What the peer's `watch` slots shall show, in order: a source, a peer, a ref, `<ref>:screen`; ""
    takes whoever speaks. A shorter list leaves the rest empty; None: all slots take who speaks.
    The first `large` slots get a large picture, the others thumbnails."""

    peer: PeerId
    by: Name = ""
    wanted: Annotated[tuple[SourceId, ...], Meta(max_length=32)] | None = None
    large: Annotated[int, Meta(ge=0, le=32)] = 1


class FloorAct(StrEnum):
    REQUEST = "request"
    RELEASE = "release"    # of `grant`; with 0 of whatever he holds or waits for
    CANCEL = "cancel"      # no more waiting
    REVOKE = "revoke"      # somebody in charge takes it away; at once
    GIVE = "give"          # somebody in charge gives it to `peer`, whoever has it


class FloorAsk(Message, frozen=True, kw_only=True):
    """`peer` or a ref; with `by`, he must be that peer's owner (REQUEST, RELEASE, CANCEL)."""

    room: RoomId
    act: FloorAct
    peer: Annotated[str, Meta(max_length=250)] = ""
    by: Name = ""
    rank: Rank | None = None
    """None: the highest that he may."""
    grant: int = 0


class Play(Message, frozen=True, kw_only=True):
    """A prepared file (media.opus: `LHOPUS1\\0`, then [u16 length][Opus frame of 20 ms]…) into the room,
    or to some peers or refs of it alone. `key`: sha256 of the file, under which it is kept in memory. Asked again
    under the same `playing`, the same file goes on, to whom it says now; another file takes its place."""

    playing: Name
    room: RoomId
    key: Annotated[str, Meta(max_length=64)]
    path: Annotated[str, Meta(max_length=1000)]
    loop: bool = False
    to: tuple[str, ...] = ()


class StopPlay(Message, frozen=True, kw_only=True):
    playing: Name


class Tap(Message, frozen=True, kw_only=True):
    """Sends the tracks of a room (or of one source) to the studio's Unix socket, as `media.tapping` says. `played`: also what
    plays there to everybody or to telephones, for those have no place of their own in the fan-out."""

    tap: Name
    room: RoomId
    source: SourceId = ""
    socket: Annotated[str, Meta(max_length=300)]
    video: bool = True
    played: bool = False


class Untap(Message, frozen=True, kw_only=True):
    tap: Name


class KeyFrame(Message, frozen=True, kw_only=True):
    source: SourceId


class LegUp(Message, frozen=True, kw_only=True):
    """A telephone stands in the room as `peer`; what it says comes in `LegSpoke`. `Leave` ends it."""

    peer: PeerId
    room: RoomId
    name: Name = ""


class LegSpoke(Message, frozen=True, kw_only=True):
    """20 ms of Opus. Not answered."""

    peer: PeerId
    opus: Annotated[bytes, Meta(max_length=1_500)]


class Listen(Message, frozen=True, kw_only=True):
    """This hub process wants the one voice of the room as Opus frames (`Voice`)."""

    room: RoomId


class Unlisten(Message, frozen=True, kw_only=True):
    room: RoomId


class Turns(Message, frozen=True, kw_only=True):
    """Which turns on the floor have ended lately."""


class Figures(Message, frozen=True, kw_only=True):
    """What there is to measure."""


Request: TypeAlias = (
    Settle | CloseRoom | Join | Leave | Tiles | FloorAsk | Play | StopPlay | Tap | Untap | KeyFrame | LegUp | LegSpoke
    | Listen | Unlisten | Turns | Figures
)

# --- the plane answers ----------------------------------------------------------------------------


class Done(Message, frozen=True, kw_only=True):
    pass


class Failed(Message, frozen=True, kw_only=True):
    """A HubError, over the socket."""

    status: int
    zh: str
    en: str
    code: str
    field: str = ""


class Joined(Message, frozen=True, kw_only=True):
    answer: str
    lines: tuple[Line, ...]
    peer: PeerState
    floor: FloorState | None = None
    """Where the room has one: who comes late learns who speaks."""


class Outcome(StrEnum):
    GRANTED = "granted"
    QUEUED = "queued"
    DENIED = "denied"
    RELEASED = "released"
    UNCHANGED = "unchanged"


class FloorAnswer(Message, frozen=True, kw_only=True):
    outcome: Outcome
    cause: str = ""
    place: int = 0
    """In the queue, from 1."""
    state: FloorState


class Measured(Message, frozen=True, kw_only=True):
    values: Mapping[str, float]


class FloorTurn(Message, frozen=True, kw_only=True):
    """Somebody's turn on the floor has ended; `seq` is the grant's, unique in the room."""

    room: str
    seq: int
    peer: str
    ref: str
    name: str
    since: datetime
    until: datetime
    why: str


class TurnsTaken(Message, frozen=True, kw_only=True):
    turns: tuple[FloorTurn, ...]


Answer: TypeAlias = Done | Failed | Joined | FloorAnswer | Measured | TurnsTaken

# --- the plane tells ------------------------------------------------------------------------------


class Boot(Message, frozen=True, kw_only=True):
    """First on every connection, before the state of everything as PeerChanged, FloorChanged, TilesChanged
    and `Stated`. Another `id` than before: the plane is a new one, and nobody is connected to it."""

    id: str


class Stated(Message, frozen=True, kw_only=True):
    """After Boot: all that is so was told."""


class PeerUp(Message, frozen=True, kw_only=True):
    """A fact: from now on he can speak and hear. Told again when he has joined anew."""

    room: str
    peer: str
    ref: str


class PeerDown(Message, frozen=True, kw_only=True):
    """A fact: his media is gone. `left`: he said so, or was let go; else he may come back."""

    room: str
    peer: str
    ref: str
    why: str
    left: bool = False


class PeerChanged(Message, frozen=True, kw_only=True):
    state: PeerState


class PeerGone(Message, frozen=True, kw_only=True):
    """`lost`: nobody let him go; another plane has come, which does not know him. He is to join again at once."""

    room: str
    peer: str
    lost: bool = False


class Speaking(Message, frozen=True, kw_only=True):
    """Loudest first, at most five times a second; nobody: silence."""

    room: str
    peers: tuple[str, ...]


class FloorChanged(Message, frozen=True, kw_only=True):
    room: str
    state: FloorState


class FloorNotice(Message, frozen=True, kw_only=True):
    """To one peer: his voice goes nowhere, for he has not the floor; or he is told to end."""

    room: str
    peer: str
    cause: str


class SourceUp(Message, frozen=True, kw_only=True):
    room: str
    peer: str
    ref: str
    source: str
    part: str
    codec: str


class SourceDown(Message, frozen=True, kw_only=True):
    room: str
    peer: str
    ref: str
    source: str


class TilesChanged(Message, frozen=True, kw_only=True):
    room: str
    peer: str
    tiles: tuple[Tile, ...]


class PlayEnded(Message, frozen=True, kw_only=True):
    room: str
    playing: str
    why: str = ""


class TapLost(Message, frozen=True, kw_only=True):
    """The studio does not take it any more; whoever wants it taps again."""

    tap: str


class Voice(Message, frozen=True, kw_only=True):
    """An Opus frame for the listeners without WebRTC: ready to be sent, [seq u32][ts u32][payload]."""

    room: str
    frame: bytes


Told: TypeAlias = (
    Boot | Stated | PeerUp | PeerDown | PeerChanged | PeerGone | Speaking | FloorChanged | FloorNotice | FloorTurn
    | SourceUp | SourceDown | TilesChanged | PlayEnded | TapLost | Voice
)
