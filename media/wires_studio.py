"""What the hub and the studio say to each other. Shapes only.

On the Unix socket CONTROL_SOCKET of the studio's folder, parcels as between hub and plane (media.wires):
`[n, request]` from the hub, `[n, answer]` back, in any order (a blocked playlist answers late),
`[0, told]` from the studio to every hub process. Starting or stopping something twice is doing it once.

Packets come over TAP_SOCKET as media.tapping says. A tap belongs to its room: recordings, live streams and
telephones of that room all live from it, so a room is tapped once, as long as one of them runs, before
or after its Start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from media.shapes import RoomId
from media.wires import Done, Failed, Message

CONTROL_SOCKET = "studio.sock"
TAP_SOCKET = "taps.sock"
"""Both in the folder that `python -m media studio FOLDER` is given."""

Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""Of a recording, a live stream, a cut: the hub's own id for it."""
FilePath = Annotated[str, Meta(min_length=1, max_length=1_000)]

# --- the hub asks ---------------------------------------------------------------------------------


class StartRecording(Message, frozen=True, kw_only=True):
    """One file a peer (microphone and camera) and one a screen, from now on, also of those who come later.
    Answered with Done. The hub asks the plane to tap the room (or the peers) before or after."""

    recording: Key
    room: RoomId
    folder: FilePath
    peers: tuple[str, ...] = ()
    """Peers or refs; empty: everybody in the room."""
    screens: bool = True


class StopRecording(Message, frozen=True, kw_only=True):
    """Answered with RecordingFinished, which is told to everybody too."""

    recording: Key


class Recover(Message, frozen=True, kw_only=True):
    """After the studio was killed: what stands in the folder is closed, measured and hashed. Answered
    with RecordingFinished; files of a recording that runs are left alone."""

    recording: Key
    folder: FilePath


class StartLive(Message, frozen=True, kw_only=True):
    """Sound is the mix of the room; the picture is `show`'s, or follows who speaks. Answered with Done."""

    live: Key
    room: RoomId
    folder: FilePath
    """Here the replay grows: `<live>.mp4` and `<live>.m3u8`, of byte ranges."""
    show: str = ""
    """A peer, or "": the loudest."""
    dvr_seconds: int = 1_800
    poster_seconds: int = 10


class ShowInLive(Message, frozen=True, kw_only=True):
    live: Key
    show: str = ""


class StopLive(Message, frozen=True, kw_only=True):
    """Answered with LiveEnded, which is told to everybody too."""

    live: Key


class Fetch(Message, frozen=True, kw_only=True):
    """One file of a live stream, answered with Fetched. `name`: main.m3u8, index.m3u8, poster.jpg, init-N.mp4,
    seg-N.m4s, part-N.K.m4s. Blocks as LL-HLS has it: a playlist until (msn, part) is in it, a part hinted
    at until it is there. Ask once for many viewers: `media.live.shelf` does."""

    live: Key
    name: str
    msn: int = -1
    part: int = -1
    skip: bool = False


class Piece(msgspec.Struct, frozen=True):
    path: FilePath
    since: int
    until: int
    """Wall clock, ms since 1970."""


class Cut(Message, frozen=True, kw_only=True):
    """Answered with CutDone. Beside each file `<target>.mp4` (`-2.mp4` … where codec or size changed on
    the way) stands `.json`: sha256, times, sources and `about`. The sources stay as they are. A cut starts at
    the last key frame at or before `since`, so that no word is lost."""

    cut: Key
    pieces: tuple[Piece, ...]
    target: FilePath
    """Path without ending."""
    about: Mapping[str, str] = {}


class Prepare(Message, frozen=True, kw_only=True):
    """Any audio file becomes ready Opus frames, `<target>/<sha256>.opus20`. Answered with Prepared."""

    path: FilePath
    target: FilePath


class Poster(Message, frozen=True, kw_only=True):
    """The picture at `at` (wall clock, ms) of a recorded file, 0: the first. Answered with PosterDone."""

    path: FilePath
    target: FilePath
    at: int = 0
    width: int = 640


class StartLeg(Message, frozen=True, kw_only=True):
    """A telephone joins a room: what it hears is told as LegHeard, what it says comes in LegSaid. `peer`: under which
    the plane sends its voice into the room, so that it does not hear itself."""

    leg: Key
    room: RoomId
    peer: str = ""


class LegSaid(Message, frozen=True, kw_only=True):
    """G.711 µ-law, 8 kHz; any length up to a second. Not answered."""

    leg: Key
    ulaw: bytes


class StopLeg(Message, frozen=True, kw_only=True):
    leg: Key


class StudioStats(Message, frozen=True, kw_only=True):
    """Answered with StudioState."""


Request: TypeAlias = (
    StartRecording | StopRecording | Recover | StartLive | ShowInLive | StopLive | Fetch | Cut | Prepare | Poster
    | StartLeg | LegSaid | StopLeg | StudioStats
)


# --- the studio answers and tells -----------------------------------------------------------------


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a recording; the same stands in `<file>.json` beside it (sha256 "" while it grows)."""

    recording: Key
    file: str
    """Name in the recording's folder."""
    room: str
    peer: str
    ref: str
    name: str = ""
    part: str
    """camera (with the microphone), mic (no picture) or screen."""
    video: str = ""
    """RFC 6381, as avc1.42e01f; "": none."""
    audio: str = ""
    width: int = 0
    height: int = 0
    since: int
    """Wall clock, ms since 1970."""
    until: int = 0
    size: int = 0
    sha256: str = ""
    frames: int = 0
    """Of video, or of audio where there is none."""
    lost: int = 0
    """Packets that never came."""
    problem: str = ""
    """disk-full where it ended before its time; what is there plays."""


class FileOpened(Message, frozen=True, kw_only=True):
    file: Recorded


class FileFinished(Message, frozen=True, kw_only=True):
    file: Recorded


class RecordingFailed(Message, frozen=True, kw_only=True):
    """A file could not go on; the others do. `file`: as far as it came, closed and playable where it could be."""

    recording: Key
    file: Recorded
    code: str
    zh: str
    en: str


class RecordingFinished(Message, frozen=True, kw_only=True):
    recording: Key
    files: tuple[Recorded, ...]


class LiveStarted(Message, frozen=True, kw_only=True):
    """The first segment is there: players may come."""

    live: Key
    since: int
    """Wall clock of the first frame."""
    video: str = ""
    audio: str = ""
    width: int = 0
    height: int = 0


class LiveEnded(Message, frozen=True, kw_only=True):
    live: Key
    since: int
    until: int
    playlist: str = ""
    """Path of the replay's playlist; it names the file beside it by byte ranges. "": nothing was sent."""
    file: str = ""
    size: int = 0
    sha256: str = ""
    poster: str = ""


class LiveFailed(Message, frozen=True, kw_only=True):
    """The replay could not be written on; the live stream itself goes on."""

    live: Key
    code: str
    zh: str
    en: str


class Fetched(Message, frozen=True, kw_only=True):
    status: int
    """200, 400 (no such msn to come), 404, 503 (blocked too long)."""
    mime: str = ""
    body: bytes = b""
    keep: int = 0
    """Seconds it may be cached; 0 for playlists that change."""


class Clip(msgspec.Struct, frozen=True):
    path: FilePath
    size: int
    sha256: str
    since: int
    until: int
    video: str = ""
    audio: str = ""


class CutDone(Message, frozen=True, kw_only=True):
    cut: Key
    clips: tuple[Clip, ...]


class Prepared(Message, frozen=True, kw_only=True):
    path: FilePath
    sha256: str
    """Of the file, and its name."""
    ms: int


class PosterDone(Message, frozen=True, kw_only=True):
    path: FilePath
    width: int
    height: int


class LegSpoke(Message, frozen=True, kw_only=True):
    """20 ms of what a telephone says, as Opus, for the plane."""

    leg: str
    opus: bytes


class LegHeard(Message, frozen=True, kw_only=True):
    """20 ms for a telephone: G.711 µ-law, 160 bytes; everybody in the room but the telephone itself."""

    leg: Key
    ulaw: bytes


class StudioState(Message, frozen=True, kw_only=True):
    boot: str
    sources: int
    recordings: tuple[str, ...]
    lives: tuple[str, ...]
    legs: tuple[str, ...]
    packets: int
    lost: int


class StudioBoot(Message, frozen=True, kw_only=True):
    """First thing on each connection; a new id: the studio was started again, and runs nothing yet."""

    boot: str


Answer: TypeAlias = (
    Done | Failed | RecordingFinished | LiveEnded | Fetched | CutDone | Prepared | PosterDone | StudioState
)
Told: TypeAlias = (
    StudioBoot | FileOpened | FileFinished | RecordingFailed | RecordingFinished | LiveStarted | LiveEnded | LiveFailed
    | LegHeard | LegSpoke
)

OfHub: TypeAlias = tuple[int, Request]
OfStudio: TypeAlias = tuple[int, Answer | Told]
