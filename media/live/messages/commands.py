"""What may be asked, and what the asker hears. All of it needs the right LIVE; what the hub asks of itself
(`FileRecording`, `FileClip`, `RefuseClip`, `SweepRecordings`) is refused to everybody else."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Role
from hub.kernel.messages import Command
from media.live.words import KEEP_DAYS, Access

Title = Annotated[str, Meta(min_length=1, max_length=60)]
Words = Annotated[str, Meta(max_length=200)]
Why = Annotated[str, Meta(min_length=1, max_length=200)]
Room = Annotated[str, Meta(max_length=90, pattern=r"^(meeting|call|live):[0-9a-f-]{36}(/[0-9]{1,2})?$")]
"""`meeting:<uuid>`, `call:<uuid>` or `live:<uuid>`."""
Sounds = Annotated[str, Meta(max_length=90, pattern=r"^(meeting|live):[0-9a-f-]{36}(/[0-9]{1,2})?$")]
Source = Annotated[str, Meta(max_length=90, pattern=r"^$|^(meeting|call):[0-9a-f-]{36}(/[0-9]{1,2})?$")]
Ref = Annotated[str, Meta(max_length=80, pattern=r"^(person|station|account):[0-9a-f-]{1,36}$")]
Days = Annotated[int, Meta(ge=1, le=36_500)]
Moment = Annotated[datetime, Meta(tz=True)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Path = Annotated[str, Meta(min_length=1, max_length=300)]
Seconds = Annotated[float, Meta(ge=0, le=1_000_000)]
Size = Annotated[int, Meta(ge=0)]
KeyName = Annotated[str, Meta(min_length=1, max_length=40)]
ItemKey = Annotated[str, Meta(min_length=1, max_length=40)]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a live meeting is shown. `roles` and `org` (at or below which a viewer must stand) count
    where access is by roles. `dvr`: minutes one may go back while it runs. `record`: each speaker's own
    picture is kept, for clips. `replay`: what the viewers saw is kept, to be watched afterwards."""

    title: Title
    about: Words = ""
    poster: UUID | None = None
    access: Access = Access.PUBLIC
    roles: Annotated[tuple[Role, ...], Meta(max_length=len(Role))] = ()
    org: Annotated[str, Meta(min_length=1, max_length=80)] = "city"
    dvr: Annotated[int, Meta(ge=0, le=240)] = 30
    record: bool = True
    replay: bool = True
    keep_days: Days = KEEP_DAYS


class PlanLive(Command, frozen=True, kw_only=True):
    """`room`: a video meeting or a call; empty: an encoder publishes into a room of its own (WHIP).
    `now`: goes live at once. Answers LivePlaced."""

    room: Source = ""
    terms: Terms
    starts: Moment | None = None
    now: bool = False


class ChangeLive(Command, frozen=True, kw_only=True):
    """Closing it to somebody takes back what was handed out: passes and links end at once."""

    live: UUID
    terms: Terms


class GoLive(Command, frozen=True, kw_only=True):
    live: UUID


class StopLive(Command, frozen=True, kw_only=True):
    live: UUID


class CancelLive(Command, frozen=True, kw_only=True):
    """One that has not begun."""

    live: UUID


class PickPicture(Command, frozen=True, kw_only=True):
    """Whose picture viewers see from now on: a peer's ref (`station:17`); empty: whoever speaks."""

    live: UUID
    picture: Annotated[str, Meta(max_length=80)] = ""


class MakeStreamKey(Command, frozen=True, kw_only=True):
    """A key for one encoder: it publishes into this live meeting's own room and opens nothing else. Answers
    StreamKeyMade; the key is shown this once."""

    live: UUID
    name: KeyName


class RevokeStreamKey(Command, frozen=True, kw_only=True):
    """Whoever publishes by it is cut off."""

    key: UUID


class ShowReplay(Command, frozen=True, kw_only=True):
    live: UUID
    on: bool


class MakeLiveLink(Command, frozen=True, kw_only=True):
    """A signed link that opens this one live meeting to whoever holds it. Answers LiveLink."""

    live: UUID
    days: Annotated[int, Meta(ge=1, le=365)] = 7


class VoidLiveLinks(Command, frozen=True, kw_only=True):
    """Every link of this live meeting ends; the next one is a new one."""

    live: UUID


class RecordRoom(Command, frozen=True, kw_only=True):
    """Answers RecordingBegun."""

    room: Room
    title: Title
    keep_days: Days = KEEP_DAYS


class StopRecording(Command, frozen=True, kw_only=True):
    recording: UUID


class KeepRecording(Command, frozen=True, kw_only=True):
    """Until the end of that many days after it was made; None: for ever. `title` renames it."""

    recording: UUID
    days: Days | None
    title: Title | None = None


class DropRecording(Command, frozen=True, kw_only=True):
    """Its files are deleted; what was cut from it stays. A reason is asked for and kept."""

    recording: UUID
    reason: Why


class AgendaItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    key: ItemKey
    title: Title


class SaveAgenda(Command, frozen=True, kw_only=True):
    """Of the meeting that happens in this room. Items keep their key when they are renamed or moved."""

    room: Room
    title: Title
    items: Annotated[tuple[AgendaItem, ...], Meta(max_length=100)]


class TurnAgenda(Command, frozen=True, kw_only=True):
    """From now on this item is spoken about; empty: none."""

    room: Room
    item: Annotated[str, Meta(max_length=40)]


class MarkSpeech(Command, frozen=True, kw_only=True):
    """Somebody spoke in this room from `since` to `until`. `agenda`: the item's key; None: the one that was
    open then. `source`: in whose picture he is seen (a hall's station); empty: his own, else the programme.
    Answers SpeechPlaced."""

    room: Room
    person: Ref
    since: Moment
    until: Moment
    agenda: Annotated[str, Meta(max_length=40)] | None = None
    source: Annotated[str, Meta(max_length=80)] = ""
    note: Words = ""


class CorrectSpeech(Command, frozen=True, kw_only=True):
    """What is None stays. The recording is not touched: the clip is cut anew from the corrected list."""

    speech: UUID
    person: Ref | None = None
    agenda: Annotated[str, Meta(max_length=40)] | None = None
    since: Moment | None = None
    until: Moment | None = None
    source: Annotated[str, Meta(max_length=80)] | None = None
    note: Words | None = None


class PlayInRoom(Command, frozen=True, kw_only=True):
    """An uploaded sound, or words the hub has read out, to everybody in this meeting; what played before ends. A call has
    its own (`PlayInCall`)."""

    room: Sounds
    file: UUID
    loop: bool = False


class StopPlayInRoom(Command, frozen=True, kw_only=True):
    room: Sounds


class DropSpeech(Command, frozen=True, kw_only=True):
    speech: UUID
    reason: Why


# --- what the hub asks of itself ------------------------------------------------------------------


class TakeFloorTurn(Command, frozen=True, kw_only=True):
    """Somebody had the floor, or the word in a meeting. `agenda` None: what was spoken about then."""

    room: Room
    ref: Ref
    since: Moment
    until: Moment
    agenda: Annotated[str, Meta(max_length=40)] | None = None
    agenda_title: Words = ""


class SeeRoomPlayed(Command, frozen=True, kw_only=True):
    """What the hub notices: it has ended, or cannot be played."""

    room: Sounds
    file: UUID


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One finished file. `path` is relative to the hub's data; `peer` says who was recorded, "" for the
    programme, which is what a live meeting's viewers saw."""

    path: Path
    peer: Annotated[str, Meta(max_length=250)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    role: Literal["programme", "camera", "screen", "mic"] = "camera"
    sha256: Sha256
    size: Size
    since: Moment
    until: Moment
    video: Annotated[str, Meta(max_length=40)] = ""
    audio: Annotated[str, Meta(max_length=40)] = ""
    width: Size = 0
    height: Size = 0
    lost: Size = 0
    problem: Words = ""


class FileRecording(Command, frozen=True, kw_only=True):
    """The recording is over, and this is what stands on the disk."""

    recording: UUID
    files: Annotated[tuple[Taken, ...], Meta(max_length=2_000)]
    why: Words = ""


class FileClip(Command, frozen=True, kw_only=True):
    """Cut as edition `edition` of the edit list asked for; an older edition is no longer wanted. `since` and
    `until` are where key frames let it be cut. `parts`: more than one where the camera changed its codec or size on
    the way; the second stands beside `path` as `…-2.mp4`."""

    speech: UUID
    edition: int
    path: Path
    sha256: Sha256
    size: Size
    seconds: Seconds
    since: Moment
    until: Moment
    parts: Annotated[int, Meta(ge=1, le=100)] = 1


class RefuseClip(Command, frozen=True, kw_only=True):
    speech: UUID
    edition: int
    why: Words


class SweepRecordings(Command, frozen=True, kw_only=True):
    """The hub asks this of itself every day: what has been kept long enough goes."""


# --- answers --------------------------------------------------------------------------------------


class LivePlaced(msgspec.Struct, frozen=True):
    live: UUID
    room: str


class LiveLink(msgspec.Struct, frozen=True):
    """`path` begins with a slash; the asker's own address stands before it."""

    path: str
    expires: datetime


class StreamKeyMade(msgspec.Struct, frozen=True):
    """`room` is published into at /whip/<room>, with `key` as the bearer token."""

    id: UUID
    key: str
    room: str


class RecordingBegun(msgspec.Struct, frozen=True):
    recording: UUID


class SpeechPlaced(msgspec.Struct, frozen=True):
    speech: UUID


class Swept(msgspec.Struct, frozen=True):
    recordings: int
    more: bool
