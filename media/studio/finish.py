"""A file that grew becomes one that is finished: its torn end cut off, its length and jumps written
in, its hash taken. The same for a recording that was stopped and for one whose studio was killed."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from media.studio.boxes import finished
from media.studio.fragments import Place, random_access
from media.studio.scan import Scan, scan

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Finished:
    size: int
    sha256: str
    since: int
    until: int
    frames: int


def finish(path: Path) -> Finished | None:
    """Blocks. None: nothing was recorded, and the file is gone. Raises ValueError where it is no file
    of ours, OSError as the disk does."""
    found = scan(path)
    leading = found.leading
    if leading is None:
        path.unlink(missing_ok=True)
        return None
    with path.open("r+b") as file:
        file.truncate(found.whole)
        file.write(finished(found.head, found.milliseconds))
        _add_jumps(file.fileno(), found)
        os.fsync(file.fileno())
    return Finished(
        path.stat().st_size, sha256_of(path), found.since + _first(found), found.since + found.milliseconds,
        len(found.samples[leading.number]),
    )


def sha256_of(path: Path) -> str:
    """Blocks."""
    told = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            told.update(chunk)
    return told.hexdigest()


def _first(found: Scan) -> int:
    return min(stored[0].time * 1_000 // found.tracks[number].rate for number, stored in found.samples.items() if stored)


def _add_jumps(descriptor: int, found: Scan) -> None:
    """Where the disk has no room for them, the file plays without."""
    leading = found.leading
    if leading is None:
        return
    places: dict[int, Place] = {}
    for sample in found.samples[leading.number]:
        if sample.key:
            moof = found.starts[bisect_right(found.starts, sample.offset) - 1]
            places.setdefault(moof, Place(leading.number, sample.time, moof))
    jumps = random_access(leading.number, list(places.values()))
    try:
        if os.pwrite(descriptor, jumps, found.whole) < len(jumps):
            os.ftruncate(descriptor, found.whole)
    except OSError:
        os.ftruncate(descriptor, found.whole)
