"""The rows that the views of this room show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.kernel.actor import Role
from media.live.messages.commands import AgendaItem
from media.live.words import Access, LiveState, Origin, RecordingState, SpeechState


class LiveRow(msgspec.Struct, frozen=True, kw_only=True):
    """As its operators see it. `viewers`: who asked for a playlist within the last seconds; `peak` the
    most there were. `ready`: pictures arrive, players may come. `replay_ready`: it can be watched now.
    `poster`: an address, empty where there is none. `picture`: whose is shown, empty whoever speaks. `trouble`: why less
    is recorded than was asked for (a full disk), as its operator reads it."""

    id: UUID
    room: str
    own_room: bool
    title: str
    about: str
    state: LiveState
    access: Access
    roles: tuple[Role, ...]
    org: str
    org_name: str
    owner: str
    poster_file: UUID | None
    poster: str
    dvr: int
    record: bool
    replay: bool
    replay_ready: bool
    keep_days: int
    starts: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    viewers: int
    peak: int
    ready: bool
    picture: str
    trouble: str
    recording: UUID | None
    by_name: str
    created_at: datetime


class ShownLive(msgspec.Struct, frozen=True, kw_only=True):
    """As a viewer sees it."""

    id: UUID
    title: str
    about: str
    state: LiveState
    access: Access
    poster: str
    starts: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    replay_ready: bool
    seconds: float | None
    viewers: int = 0


class StreamKeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """`on_air`: somebody publishes by it just now."""

    id: UUID
    name: str
    by_name: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    on_air: bool


class RecordedFile(msgspec.Struct, frozen=True, kw_only=True):
    """`place` counts within the recording. `url` gives the file to who may; `name` says who was recorded."""

    place: int
    name: str
    ref: str
    role: str
    sha256: str
    size: int
    since: datetime
    until: datetime
    video: str
    audio: str
    width: int
    height: int
    lost: int
    problem: str
    url: str


class RecordingRow(msgspec.Struct, frozen=True, kw_only=True):
    """`keep_until` None: for ever. `files` stand in the single recording, not in the list."""

    id: UUID
    title: str
    room: str
    live: UUID | None
    owner: str
    state: RecordingState
    started_at: datetime
    stopped_at: datetime | None
    seconds: float
    size: int
    files_count: int
    files: tuple[RecordedFile, ...]
    speeches: int
    keep_days: int | None
    keep_until: datetime | None
    by_name: str
    why: str


class SpeechRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the edit list. `clip_since`, `clip_until`: where key frames let it be cut. `url` is empty
    until it is filed; its second part, where there are several, is at `url` with `&part=2`."""

    id: UUID
    room: str
    meeting: str
    person: str
    person_name: str
    place: str
    source: str
    agenda: str
    agenda_title: str
    since: datetime
    until: datetime
    origin: Origin
    note: str
    state: SpeechState
    edition: int
    why: str
    recording: UUID | None
    clip_since: datetime | None
    clip_until: datetime | None
    seconds: float | None
    size: int | None
    sha256: str
    parts: int
    url: str


class OwnSpeechRow(msgspec.Struct, frozen=True, kw_only=True):
    """One's own clip."""

    id: UUID
    meeting: str
    agenda_title: str
    since: datetime
    seconds: float
    size: int
    parts: int
    url: str


class AgendaRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the room; `item` the key of what is spoken about now, and since when."""

    id: str
    title: str
    items: tuple[AgendaItem, ...]
    item: str
    since: datetime | None


class SpeakerRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the ref. Counts what was filed."""

    id: str
    name: str
    place: str
    speeches: int
    meetings: int
    seconds: float
    last_at: datetime


class AccessRow(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: datetime
    name: str
    actor: str
    act: str
    outcome: str
    address: str


class LiveTotalsRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row, `id` is `all`."""

    id: str
    live: int
    viewers: int
    recordings: int
    recorded_seconds: float
    recorded_size: int
    speeches: int
    people: int


class SweepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row, `id` is `all`. `due`: recordings that have been kept long enough when the next sweep comes."""

    id: str
    due: int
    next_at: datetime
    swept_at: datetime | None


class RoomPlayRow(msgspec.Struct, frozen=True, kw_only=True):
    """What plays into a room just now; `id` is the room."""

    id: str
    name: str
    loop: bool
    by_name: str
    since: datetime
