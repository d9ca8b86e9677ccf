"""What media offers and what it needs of an engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from hub.kernel.actor import Actor
from hub.record import Connection
from media.shapes import Allowed, RoomWish
from media.wires import Told

LONGEST_TEXT = 2_000
"""Characters of one spoken text."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """`wav` is a whole WAV file: PCM 16 bit, mono, at the engine's own rate."""

    wav: bytes
    seconds: float


class Speech(Protocol):
    async def speak(self, text: str, *, rate: int = 0) -> Spoken:
        """Mandarin speech of 1 to LONGEST_TEXT characters. `rate` goes from -10 (half) to 10 (double).

        Raises Malformed when there is nothing to say, too much, or a rate out of range;
        TryAgain when the engine did not answer. The result is never silent.
        """


@dataclass(frozen=True, slots=True)
class Rendition:
    """One finished file; its name is its own sha256."""

    path: Path
    mime: str
    size: int
    sha256: str
    """Of the file's bytes, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One notice in two forms of the same sound: `mp3` plays everywhere, `wav` is for the station agent."""

    mp3: Rendition
    wav: Rendition
    duration_ms: int
    lufs: float
    true_peak: float
    """dBTP."""
    source_lufs: float
    """How loud it came in."""


async def unheard(_told: Told) -> None:
    """Of no interest."""


async def nothing() -> None:
    """To be done."""


# --- rooms: who may enter, and how they should be -----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Who somebody is in a room and what he may do there. `ref`: the seat for which he comes
    (`station:17`, `account:…`, `person:…`); his peer is named after it (media.names)."""

    ref: str
    name: str
    allowed: Allowed


Admits = Callable[[Connection, str, Actor], Awaitable[Admission | None]]
"""(conn, room, actor) → None: not for him. Somebody without credentials comes as PUBLIC."""

PUBLIC = Actor(id="public", name="观众", roles=(), scopes=())


@dataclass(frozen=True, kw_only=True)
class RoomHost:
    """The spoke that owns the rooms of one kind (`call:…`). `wish` reads how a room should be now, None:
    it should be closed; `rooms` names all that should be open. Both are asked after a commit that
    touched `view` (whose keys are the rooms' ids), and when the plane or the hub has begun anew. `told`
    hears facts of its rooms (PeerUp, PeerDown, SourceUp, SourceDown, FloorTurn, PlayEnded, TapLost), in order, in
    the leading process only; it must bear hearing one twice, and after `begun` looks at
    `engine.present(room)` for what it has missed."""

    kind: str
    view: str
    admits: Admits
    wish: Callable[[Connection, str], Awaitable[RoomWish | None]]
    rooms: Callable[[Connection], Awaitable[Sequence[str]]]
    told: Callable[[Told], Awaitable[None]] = unheard
    begun: Callable[[], Awaitable[None]] = nothing


# --- telephones in rooms: a carrier, or a SIP trunk ---------------------------------------------------

LegEnded = Callable[[UUID, str], Awaitable[None]]
"""(leg, why: busy, no-answer, failed, canceled, completed): the carrier's telephone is down."""


class LegWire(Protocol):
    """One telephone's sound on a WebSocket, as its carrier writes it. Has a state: one for each connection."""

    def take(self, text: str) -> bytes | None:
        """G.711 µ-law, b"" where nothing is said; None: it has ended. Raises Malformed."""

    def give(self, ulaw: bytes) -> str:
        """A frame to send; "" while it cannot be sent yet."""


class PhoneLegs(Protocol):
    async def dial(self, leg: UUID, number: str, *, stream: str, seconds: int) -> str:
        """Rings `number` for so many seconds; who answers is connected to the WebSocket `stream`. Returns the carrier's
        own id. Raises Refused; and TryAgain where nobody knows whether it rings."""

    async def hang_up(self, provider: str) -> None:
        """Ringing or answered; one that has ended already is left alone."""

    def wire(self) -> LegWire: ...

    @property
    def vendor(self) -> str:
        """Part of the address that a carrier connects to."""

    @property
    def hooks(self) -> Mapping[str, Any]:
        """What the carrier calls over HTTP, by path."""

    async def close(self) -> None: ...
