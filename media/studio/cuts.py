"""Clips out of recordings, at key frames and without decoding."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec

from hub.kernel.errors import Malformed, NotFound
from media.studio import boxes, finish
from media.studio.fragments import Run, fragment, segment_index
from media.studio.scan import Scan, Stored, Track, chapters
from media.wires_studio import Clip, Cut, Piece

_SPAN = 2
"""Seconds of a fragment."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of one chapter of a file goes into a clip: [start, end) in seconds of the file's own time."""

    path: Path
    scan: Scan
    start: float
    end: float

    @property
    def entries(self) -> tuple[bytes, ...]:
        return tuple(track.entry for track in self.scan.tracks.values())


def cut(wish: Cut) -> tuple[Clip, ...]:
    """Blocks. Raises NotFound where a source is gone or holds nothing of the time, Malformed where it is no
    recording, OSError as the disk does."""
    stretches = [stretch for piece in wish.pieces for stretch in _stretches(piece)]
    if not stretches:
        raise NotFound("这段时间里没有录到内容，请核对起止时间。", "Nothing was recorded in this time; check when it begins and ends.",
                       code="nothing-there")
    clips = []
    rows = [list(alike) for _, alike in groupby(stretches, key=lambda stretch: stretch.entries)]
    for number, row in enumerate(rows, 1):
        target = Path(f"{wish.target}-{number}.mp4" if number > 1 else f"{wish.target}.mp4")
        target.parent.mkdir(parents=True, exist_ok=True)
        clip = _written(row, target)
        note = {**msgspec.to_builtins(clip), "cut": wish.cut, "about": dict(wish.about), "pieces": [
            {"file": str(stretch.path), "from": stretch.scan.since + round(stretch.start * 1_000),
             "to": stretch.scan.since + round(stretch.end * 1_000)} for stretch in row]}
        target.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(note)))
        clips.append(clip)
    return tuple(clips)


def _stretches(piece: Piece) -> list[Stretch]:
    path = Path(piece.path)
    try:
        found = chapters(path)
    except FileNotFoundError as error:
        raise NotFound("录像文件已不在磁盘上。", "The recording is no longer on the disk.", code="not-found") from error
    except ValueError as error:
        raise Malformed("这不是本系统的录像文件。", "This is no recording of ours.", code="unreadable") from error
    return [stretch for chapter in found if (stretch := _stretch(path, chapter, piece)) is not None]


def _stretch(path: Path, found: Scan, piece: Piece) -> Stretch | None:
    leading = found.leading
    if leading is None:
        return None
    start, end = (piece.since - found.since) / 1_000, (piece.until - found.since) / 1_000
    keys = [sample for sample in found.samples[leading.number] if sample.key]
    if not keys or end <= keys[0].time / leading.rate or start * 1_000 >= found.milliseconds or end <= start:
        return None
    after = bisect_left(keys, start * leading.rate + 1, key=lambda sample: sample.time)
    return Stretch(path, found, keys[max(0, after - 1)].time / leading.rate, min(end, found.milliseconds / 1_000))


def _written(row: Sequence[Stretch], target: Path) -> Clip:
    """Whole or not at all."""
    first = row[0]
    tracks = list(first.scan.tracks.values())
    leading = first.scan.leading or tracks[0]
    since = first.scan.since + round(first.start * 1_000)
    length = sum(stretch.end - stretch.start for stretch in row)
    fresh = target.with_suffix(".new")
    plans = list(_plans(row))
    try:
        with fresh.open("w+b") as file:
            file.write(boxes.finished(first.scan.head, round(length * 1_000)))
            place = file.tell()
            file.write(segment_index(leading.number, leading.rate, 0, [(0, 0)] * len(plans)))
            rows = [_copied(file, number, plan, leading, since) for number, plan in enumerate(plans, 1)]
            file.seek(place)
            file.write(segment_index(leading.number, leading.rate, 0, rows))
        sha256 = finish.sha256_of(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    size = target.stat().st_size
    last = row[-1]
    video = next((_words(track) for track in tracks if track.video), "")
    audio = "opus" if any(track.entry[4:8] == b"Opus" for track in tracks) else ""
    return Clip(str(target), size, sha256, since, last.scan.since + round(last.end * 1_000), video, audio)


def _words(track: Track) -> str:
    at = track.entry.find(b"avcC")
    return f"avc1.{track.entry[at + 5:at + 8].hex()}" if at > 0 else "vp08.00.41.08"


@dataclass(frozen=True, slots=True)
class Plan:
    """One fragment to be: samples of one file, and how far they move in time (seconds)."""

    path: Path
    tracks: dict[int, Track]
    samples: dict[int, list[Stored]]
    move: float


def _plans(row: Sequence[Stretch]) -> Iterator[Plan]:
    done = 0.0
    for stretch in row:
        for start, end in _spans(stretch):
            chosen = {number: _within(stored, stretch.scan.tracks[number].rate, start, end)
                      for number, stored in stretch.scan.samples.items()}
            if any(chosen.values()):
                yield Plan(stretch.path, stretch.scan.tracks, {n: some for n, some in chosen.items() if some},
                           done - stretch.start)
        done += stretch.end - stretch.start


def _spans(stretch: Stretch) -> Iterator[tuple[float, float]]:
    """From key frame to key frame, each about _SPAN long or longer."""
    leading = stretch.scan.leading
    start = stretch.start
    for sample in stretch.scan.samples[leading.number] if leading else ():
        at = sample.time / leading.rate if leading else 0.0
        if sample.key and start + _SPAN <= at < stretch.end:
            yield start, at
            start = at
    yield start, stretch.end


def _within(stored: Sequence[Stored], rate: int, start: float, end: float) -> list[Stored]:
    first = bisect_left(stored, round(start * rate), key=lambda sample: sample.time)
    last = bisect_left(stored, round(end * rate), key=lambda sample: sample.time)
    return list(stored[first:last])


def _copied(file: BinaryIO, number: int, plan: Plan, leading: Track, since: int) -> tuple[int, int]:
    """(bytes, ticks of the leading track)."""
    runs = []
    with plan.path.open("rb") as source:
        for track, stored in plan.samples.items():
            bodies = []
            for sample in stored:
                source.seek(sample.offset)
                bodies.append(source.read(sample.size))
            kind = plan.tracks[track]
            start = max(0, stored[0].time + round(plan.move * kind.rate))
            keys = [sample.key for sample in stored] if kind.video else None
            runs.append(Run(track, start, _times(stored), bodies, keys))
    parts = fragment(number, runs, since + runs[0].start * 1_000 // plan.tracks[runs[0].track].rate)
    file.writelines(parts)
    return sum(map(len, parts)), sum(run.ticks for run in runs if run.track == leading.number)


def _times(stored: Sequence[Stored]) -> list[int]:
    """A pause between two samples becomes the length of the first."""
    times = [later.time - sample.time for sample, later in pairwise(stored)]
    return [*times, stored[-1].ticks]
