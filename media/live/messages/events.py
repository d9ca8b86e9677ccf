"""What has happened to live meetings, recordings and speeches. One stream each: `live-`, `recording-`,
`speech-<id>`, `agenda-<room>` and `play-<room>`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from hub.kernel.messages import Event
from media.live.messages.commands import AgendaItem, Taken, Terms
from media.live.words import Origin


class LivePlanned(Event, frozen=True, kw_only=True):
    """`owner`: the organisation whose operators run it."""

    live: UUID
    room: str
    owner: str
    terms: Terms
    starts: datetime | None = None
    by_name: str


class LiveChanged(Event, frozen=True, kw_only=True):
    """`closed`: who could watch before may not any more; passes and links are void."""

    live: UUID
    terms: Terms
    closed: bool = False


class LiveStarted(Event, frozen=True, kw_only=True):
    live: UUID
    recording: UUID


class LiveEnded(Event, frozen=True, kw_only=True):
    live: UUID


class LiveCancelled(Event, frozen=True, kw_only=True):
    live: UUID


class ReplayTurned(Event, frozen=True, kw_only=True):
    live: UUID
    on: bool


class PicturePicked(Event, frozen=True, kw_only=True):
    """Empty: whoever speaks."""

    live: UUID
    picture: str = ""


class LiveLinksVoided(Event, frozen=True, kw_only=True):
    live: UUID


class RecordingStarted(Event, frozen=True, kw_only=True):
    """`archive` False: it only lets viewers go back while the meeting is live; nothing is kept."""

    recording: UUID
    room: str
    owner: str
    title: str
    keep_days: int
    by_name: str
    live: UUID | None = None
    speakers: bool = True
    archive: bool = True


class RecordingStopped(Event, frozen=True, kw_only=True):
    recording: UUID


class RecordingFiled(Event, frozen=True, kw_only=True):
    recording: UUID
    files: tuple[Taken, ...]
    why: str = ""


class RecordingKept(Event, frozen=True, kw_only=True):
    recording: UUID
    title: str
    days: int | None


class RecordingDropped(Event, frozen=True, kw_only=True):
    recording: UUID
    reason: str


class AgendaSaved(Event, frozen=True, kw_only=True):
    room: str
    owner: str
    title: str
    items: tuple[AgendaItem, ...]


class AgendaTurned(Event, frozen=True, kw_only=True):
    room: str
    item: str


class SpeechMarked(Event, frozen=True, kw_only=True):
    speech: UUID
    room: str
    owner: str
    meeting: str
    person: str
    person_name: str
    source: str = ""
    agenda: str
    agenda_title: str = ""
    since: datetime
    until: datetime
    origin: Origin
    note: str = ""


class SpeechCorrected(Event, frozen=True, kw_only=True):
    """The line as it stands now; `edition` counts them."""

    speech: UUID
    edition: int
    person: str
    person_name: str
    source: str = ""
    agenda: str
    agenda_title: str = ""
    since: datetime
    until: datetime
    note: str
    recut: bool
    """False: only who and what for; the clip is filed elsewhere as it is."""


class SpeechDropped(Event, frozen=True, kw_only=True):
    speech: UUID
    reason: str


class ClipFiled(Event, frozen=True, kw_only=True):
    speech: UUID
    edition: int
    path: str
    sha256: str
    size: int
    seconds: float
    since: datetime
    until: datetime
    parts: int = 1


class ClipRefused(Event, frozen=True, kw_only=True):
    speech: UUID
    edition: int
    why: str


class RoomPlays(Event, frozen=True, kw_only=True):
    """`file` None: nothing any more."""

    room: str
    file: UUID | None = None
    loop: bool = False
    by_name: str = ""
