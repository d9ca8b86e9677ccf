"""What can happen to a notice at a station. `state.step` says what follows."""

from __future__ import annotations

from uuid import UUID

import msgspec

from edge.messages import Notice


class Listed(msgspec.Struct, frozen=True):
    """The hub showed rows. `whole`: and there are no others."""

    notices: tuple[Notice, ...]
    whole: bool = False
    gone: tuple[UUID, ...] = ()


class Fetched(msgspec.Struct, frozen=True):
    id: UUID


class Unusable(msgspec.Struct, frozen=True):
    """The audio cannot be had or cannot be played, whatever one does."""

    id: UUID
    reason: str


class AudioLost(msgspec.Struct, frozen=True):
    """It had been fetched, and the file is no longer there."""

    id: UUID


class Begun(msgspec.Struct, frozen=True):
    """The next `slice_ms` are about to be played: for the first time, or after a break."""

    id: UUID
    length_ms: int
    slice_ms: int


class Reserved(msgspec.Struct, frozen=True):
    """Played as far as `reached_ms` of the file; as far as `upto_ms` may be played now."""

    id: UUID
    reached_ms: int
    upto_ms: int


class Halted(msgspec.Struct, frozen=True):
    """Broken off: by an emergency (`interrupted`), by withdrawal, or because the agent stops."""

    id: UUID
    reached_ms: int
    silence_ms: int = 0
    gaps: int = 0
    interrupted: bool = False


class Ended(msgspec.Struct, frozen=True):
    """`silence_ms` in `gaps` pieces: what the sink fell into since it was opened."""

    id: UUID
    silence_ms: int = 0
    gaps: int = 0


class Answered(msgspec.Struct, frozen=True):
    id: UUID
    reply: str
    reason: str = ""


Happening = Listed | Fetched | Unusable | AudioLost | Begun | Reserved | Halted | Ended | Answered
