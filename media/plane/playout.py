"""Ready Opus frames into the fan-out, by the clock: nothing is decoded or encoded while it plays.

A prepared file is `LHOPUS1\\0` and then, for every 20 ms, [u16 length, big endian][Opus frame].
"""

from __future__ import annotations

import asyncio
import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.kernel.errors import Malformed, Refused
from media.plane.words import LocalSource

MAGIC = b"LHOPUS1\0"
FRAME_SECONDS = 0.02
FRAME_TICKS = 960
LONGEST_FILE = 32 * 2**20
KEPT = 64 * 2**20
"""Bytes of files kept in memory."""
LATE = 5
"""Frames by which the clock may be late and still catch up; further behind, it goes on from now."""
LENGTH = struct.Struct("!H")


def frames_of(file: bytes) -> tuple[bytes, ...]:
    """Raises Malformed."""
    if not file.startswith(MAGIC):
        raise _broken()
    found, at = [], len(MAGIC)
    while at < len(file):
        if len(file) < at + 2:
            raise _broken()
        length = LENGTH.unpack_from(file, at)[0]
        frame = file[at + 2:at + 2 + length]
        if not length or len(frame) < length:
            raise _broken()
        found.append(frame)
        at += 2 + length
    if not found:
        raise _broken()
    return tuple(found)


def file_of(frames: Sequence[bytes]) -> bytes:
    return MAGIC + b"".join(LENGTH.pack(len(frame)) + frame for frame in frames)


class Shelf:
    """Prepared files in memory by their content's hash, the least used forgotten first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most, self._size = most, 0
        self._files: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()

    async def frames(self, key: str, path: Path) -> tuple[bytes, ...]:
        """Raises Malformed; Refused where the file is not there."""
        known = self._files.get(key)
        if known is None:
            known = frames_of(await asyncio.to_thread(_read, path))
            self._files[key] = known
            self._size += _bytes(known)
        self._files.move_to_end(key)
        while self._size > self._most and len(self._files) > 1:
            self._size -= _bytes(self._files.popitem(last=False)[1])
        return known


@dataclass(slots=True)
class Playing:
    id: str
    frames: tuple[bytes, ...]
    loop: bool
    into: LocalSource
    position: int = 0


class Playout:
    """`ended`: of one that has come to its end. `heard`: each frame, for who listens otherwise."""

    def __init__(self, ended: Callable[[str], None], heard: Callable[[str, bytes], None]) -> None:
        self._ended, self._heard = ended, heard
        self._playing: dict[str, Playing] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def __len__(self) -> int:
        return len(self._playing)

    def start(self, playing: Playing) -> None:
        self._playing[playing.id] = playing
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time()
            self._timer = loop.call_soon(self._beat)  # type: ignore[assignment]

    def stop(self, playing: str) -> bool:
        return self._playing.pop(playing, None) is not None

    def close(self) -> None:
        self._playing.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() - self._due > LATE * FRAME_SECONDS:
            self._due = loop.time()
        while self._playing and self._due <= loop.time():
            self._due += FRAME_SECONDS
            for playing in list(self._playing.values()):
                self._frame(playing)
        self._timer = loop.call_at(self._due, self._beat) if self._playing else None

    def _frame(self, playing: Playing) -> None:
        frame = playing.frames[playing.position]
        playing.into.send(frame, FRAME_TICKS, playing.position == 0)
        self._heard(playing.id, frame)
        playing.position += 1
        if playing.position == len(playing.frames):
            playing.position = 0
            if not playing.loop:
                del self._playing[playing.id]
                self._ended(playing.id)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise Refused("要播放的音频文件已不在，请重新选择。", "The file to be played is gone; choose it again.", code="no-audio") from error
    if len(found) > LONGEST_FILE:
        raise _broken()
    return found


def _bytes(frames: tuple[bytes, ...]) -> int:
    return sum(map(len, frames))


def _broken() -> Malformed:
    return Malformed("播放用的音频文件已损坏，请重新生成。", "The prepared audio file is broken; prepare it again.", code="bad-audio")
