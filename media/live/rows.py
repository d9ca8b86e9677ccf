"""Rows of the database as the rows people see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from hub.kernel.actor import Actor, Permission
from media.live.messages.rows import (
    LiveRow,
    OwnSpeechRow,
    RecordedFile,
    RecordingRow,
    ShownLive,
    SpeechRow,
)
from media.live.passes import make_pass
from media.live.words import LiveState, SpeechState, own_room

T = TypeVar("T")

Poster = Callable[[Any], str]


def convert(row: Any, shape: type[T]) -> T:
    return msgspec.convert(dict(row), shape)


def place_of(live: UUID, token: str) -> str:
    """Where everything of one live meeting is given out."""
    return f"/hls/{live}/{token}"


def posters(key: bytes, at: datetime) -> Poster:
    """The address of a live meeting's poster: the one that was chosen, or what is on the screen."""

    def address(row: Any) -> str:
        if not row["poster"] and row["state"] not in (LiveState.LIVE, LiveState.ENDED):
            return ""
        return f"{place_of(row['id'], make_pass(key, row['id'], row['epoch'], at))}/poster.jpg"

    return address


def live(row: Any, poster: Poster) -> LiveRow:
    return convert(dict(row) | {
        "own_room": row["room"] == own_room(row["id"]), "poster_file": row["poster"], "poster": poster(row)}, LiveRow)


def shown(row: Any, poster: Poster) -> ShownLive:
    return convert(dict(row) | {"poster": poster(row)}, ShownLive)


def recording(row: Any, files: Sequence[RecordedFile]) -> RecordingRow:
    return convert(dict(row) | {"files": files}, RecordingRow)


def recorded_file(row: Any) -> RecordedFile:
    return convert(dict(row) | {"url": f"/api/recordings/{row['recording']}/{row['place']}.mp4"}, RecordedFile)


def clip_address(speech: UUID, sha256: str) -> str:
    """With the beginning of its hash: a clip that was cut anew is another address."""
    return f"/api/speeches/{speech}.mp4?v={sha256[:12]}"


def speech(row: Any) -> SpeechRow:
    url = clip_address(row["id"], row["sha256"]) if row["path"] and row["state"] != SpeechState.DROPPED else ""
    return convert(dict(row) | {"url": url}, SpeechRow)


def own_speech(row: Any) -> OwnSpeechRow:
    return convert(dict(row) | {"url": clip_address(row["id"], row["sha256"])}, OwnSpeechRow)


def runs(actor: Actor) -> bool:
    return actor.may(Permission.LIVE)
