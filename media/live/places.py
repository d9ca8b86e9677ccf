"""Where recordings, replays and clips stand below the hub's data folder.

    recordings/<recording>/…            each speaker's own files
    recordings/<recording>/live-<n>/…   the programme: <live>.mp4 and its playlist; a studio that had to begin anew, another n
    speeches/<person>/<meeting>/<speech>.<edition>.mp4 and .json
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID


def recording_folder(recording: UUID) -> Path:
    return Path("recordings") / str(recording)


def take_folder(recording: UUID, number: int) -> Path:
    return recording_folder(recording) / f"live-{number:03}"


def takes_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """(video, text of its playlist) of each take that has anything to show, in order."""
    for playlist in sorted(folder.glob("live-*/*.m3u8")):
        video = playlist.with_suffix(".mp4")
        text = playlist.read_text("utf-8")
        if "#EXTINF" in text and video.is_file() and video.stat().st_size:
            yield video, text


def clip_target(person: str, room: str, speech: UUID, edition: int) -> Path:
    """Without ending."""
    return Path("speeches") / _plain(person) / _plain(room) / f"{speech}.{edition}"


def _plain(name: str) -> str:
    return name.replace(":", "-").replace("/", "_")
