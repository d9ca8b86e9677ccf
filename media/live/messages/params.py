"""What a view of this room may be asked for."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from media.live.messages.commands import Ref, Room
from media.live.words import LiveState, RecordingState, SpeechState

Searched = Annotated[str, Meta(max_length=60)]
Limit = Annotated[int, Meta(ge=1, le=500)]
Offset = Annotated[int, Meta(ge=0, le=1_000_000)]


class LivesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`state` empty: all that were not cancelled."""

    state: tuple[LiveState, ...] = ()
    text: Searched = ""
    limit: Limit = 100
    offset: Offset = 0


class OfLive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    live: UUID


class RecordingsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`text` finds titles and the names of who was recorded. `state` empty: all that still stand."""

    text: Searched = ""
    room: Room | None = None
    state: tuple[RecordingState, ...] = ()
    since: date | None = None
    until: date | None = None
    limit: Limit = 100
    offset: Offset = 0


class OfRecording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recording: UUID


class SpeechesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`text` finds people, meetings, agenda items and notes. `state` empty: all that were not dropped."""

    room: Room | None = None
    person: Ref | None = None
    agenda: Annotated[str, Meta(max_length=40)] | None = None
    text: Searched = ""
    state: tuple[SpeechState, ...] = ()
    limit: Limit = 200
    offset: Offset = 0


class AgendaParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    room: Room


class SpeakersParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Searched = ""
    room: Room | None = None
    limit: Limit = 200
    offset: Offset = 0


class AccessesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who looked at or took away this recording, this clip or this live meeting."""

    kind: Literal["recording", "speech", "live"]
    which: UUID
    limit: Limit = 100
