"""What stands in a file of our own: its heads, its fragments, its samples. A torn end is seen and left out.

A recording has one head; a programme has another one wherever its picture changed its look: each begins a chapter."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from pathlib import Path
from struct import unpack_from
from typing import BinaryIO

from media.studio.boxes import inside
from media.studio.fragments import wall_of

_LARGEST_HEAD = 1 << 20
_LARGEST_MOOF = 1 << 24


@dataclass(frozen=True, slots=True)
class Track:
    number: int
    rate: int
    video: bool
    entry: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """One sample: when, how long (ticks), and where in the file."""

    time: int
    ticks: int
    offset: int
    size: int
    key: bool


@dataclass(slots=True)
class Scan:
    head: bytes
    tracks: dict[int, Track]
    since: int = 0
    """Wall clock of media time 0, ms since 1970."""
    whole: int = 0
    """Where in the file its last whole fragment ends."""
    samples: dict[int, list[Stored]] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    """Where the moof of each fragment stands."""

    @property
    def leading(self) -> Track | None:
        """The picture, or else the sound; None: neither has a sample."""
        filled = [self.tracks[number] for number, stored in self.samples.items() if stored]
        return next((track for track in filled if track.video), filled[0] if filled else None)

    @property
    def milliseconds(self) -> int:
        ends = [(stored[-1].time + stored[-1].ticks) * 1_000 // self.tracks[number].rate
                for number, stored in self.samples.items() if stored]
        return max(ends, default=0)


def scan(path: Path) -> Scan:
    """Of a recording. Raises ValueError where it is no file of ours, OSError as the disk does."""
    return chapters(path)[0]


def chapters(path: Path) -> list[Scan]:
    """One for each head, in order; their times are those of the whole file. Raises as `scan` does."""
    with path.open("rb") as file:
        total = os.fstat(file.fileno()).st_size
        try:
            return _chapters(file, total)
        except (KeyError, IndexError, struct.error) as error:
            raise ValueError("no file of ours") from error


def _chapters(file: BinaryIO, total: int) -> list[Scan]:
    chapter = _head(file, 0, total)
    if chapter is None:
        raise ValueError("no moov")
    found = [chapter]
    while chapter is not None:
        while _fragment(file, chapter, total):
            pass
        chapter = _head(file, chapter.whole, total)
        found += [chapter] if chapter else []
    return found


def _head(file: BinaryIO, at: int, total: int) -> Scan | None:
    """None: no whole one stands there."""
    raw = os.pread(file.fileno(), min(total - at, _LARGEST_HEAD), at)
    boxes = inside(raw, 0, len(raw))
    movie = next(((start, end) for kind, start, end in boxes if kind == b"moov"), None)
    if movie is None or (at and boxes[0][0] != b"ftyp"):
        return None
    tracks = {}
    for kind, start, end in inside(raw, *movie):
        if kind == b"trak":
            track = _track(raw, start, end)
            tracks[track.number] = track
    return Scan(raw[:movie[1]], tracks, whole=at + movie[1], samples={number: [] for number in tracks})


def _track(raw: bytes, start: int, end: int) -> Track:
    found = {kind: (first, last) for kind, first, last in inside(raw, start, end)}
    media = {kind: (first, last) for kind, first, last in inside(raw, *found[b"mdia"])}
    info = {kind: (first, last) for kind, first, last in inside(raw, *media[b"minf"])}
    tables = {kind: (first, last) for kind, first, last in inside(raw, *info[b"stbl"])}
    entry, entry_end = tables[b"stsd"]
    return Track(
        number=unpack_from("!I", raw, found[b"tkhd"][0] + 12)[0], rate=unpack_from("!I", raw, media[b"mdhd"][0] + 12)[0],
        video=raw[media[b"hdlr"][0] + 8:media[b"hdlr"][0] + 12] == b"vide", entry=raw[entry + 8:entry_end],
    )


def _fragment(file: BinaryIO, found: Scan, total: int) -> bool:
    """The next one, with whatever stands before it; False: no whole one follows."""
    at, clock = found.whole, b""
    while True:
        kind, size = _box(file, at, total)
        if kind == b"moof":
            break
        if kind not in (b"prft", b"sidx", b"styp", b"free"):
            return False
        if kind == b"prft":
            clock = os.pread(file.fileno(), size, at)
        at += size
    follows, length = _box(file, at + size, total)
    if follows != b"mdat" or size > _LARGEST_MOOF:
        return False
    _samples(os.pread(file.fileno(), size, at), at, found)
    if not found.since and len(clock) >= 32:
        _, number, ntp, time = unpack_from("!IIQQ", clock, 8)
        found.since = wall_of(ntp) - time * 1_000 // found.tracks[number].rate
    found.starts.append(at)
    found.whole = at + size + length
    return True


def _box(file: BinaryIO, at: int, total: int) -> tuple[bytes, int]:
    """(kind, bytes); without a kind where it is not all there."""
    header = os.pread(file.fileno(), 8, at)
    size, kind = unpack_from("!I4s", header) if len(header) == 8 else (0, b"")
    return (kind, size) if size >= 8 and at + size <= total else (b"", 0)


def _samples(moof: bytes, offset: int, found: Scan) -> None:
    for kind, start, end in inside(moof, 8, len(moof)):
        if kind != b"traf":
            continue
        parts = {name: (first, last) for name, first, last in inside(moof, start, end)}
        number = unpack_from("!I", moof, parts[b"tfhd"][0] + 4)[0]
        time = unpack_from("!Q", moof, parts[b"tfdt"][0] + 4)[0]
        first = parts[b"trun"][0]
        flags, count, data = unpack_from("!IIi", moof, first)
        width = 3 if flags & 0x400 else 2
        values = unpack_from(f"!{width * count}I", moof, first + 12)
        at = offset + data
        stored = found.samples[number]
        for place in range(0, width * count, width):
            ticks, size = values[place], values[place + 1]
            stored.append(Stored(time, ticks, at, size, width == 2 or values[place + 2] == 0x02000000))
            time += ticks
            at += size
