"""Fragments of MP4: runs of samples become moof and mdat; and the two indexes of a finished file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct, pack

from media.studio.boxes import box, full

_1900 = 2_208_988_800
_KEY, _DEPENDS = 0x02000000, 0x01010000
_MOOF_TO_TRAF = 8 + 16
_TRAF_FIXED = 8 + 16 + 20
_TRUN_FIXED = 20
_heads = Struct("!I4s")


@dataclass(frozen=True, slots=True)
class Run:
    """Samples of one track without a gap; `times` are their lengths in ticks."""

    track: int
    start: int
    times: Sequence[int]
    bodies: Sequence[bytes]
    keys: Sequence[bool] | None = None
    """None: each can be decoded by itself (sound)."""

    @property
    def ticks(self) -> int:
        return sum(self.times)


def fragment(number: int, runs: Sequence[Run], wall: int) -> list[bytes]:
    """prft (`wall`, ms since 1970, is when the first run begins), moof and mdat; to be joined or written one
    after the other."""
    sizes = [[len(body) for body in run.bodies] for run in runs]
    size = _MOOF_TO_TRAF + sum(_TRAF_FIXED + _TRUN_FIXED + (8 if run.keys is None else 12) * len(run.times) for run in runs)
    at = size + 8
    parts = []
    for run, lengths in zip(runs, sizes, strict=True):
        parts.append(_traf(run, lengths, at))
        at += sum(lengths)
    moof = box(b"moof", full(b"mfhd", 0, pack("!I", number)), *parts)
    return [clock(wall, runs[0]), moof, _heads.pack(at - size, b"mdat"), *(body for run in runs for body in run.bodies)]


def clock(wall: int, run: Run) -> bytes:
    ntp = ((wall // 1_000 + _1900) << 32 | (wall % 1_000 << 32) // 1_000) & 0xFFFFFFFFFFFFFFFF
    return full(b"prft", 24, pack("!IQQ", run.track, ntp, run.start), version=1)


def wall_of(ntp: int) -> int:
    """Milliseconds since 1970."""
    return ((ntp >> 32) - _1900) * 1_000 + ((ntp & 0xFFFFFFFF) * 1_000 + 0x80000000 >> 32)


def _traf(run: Run, sizes: Sequence[int], at: int) -> bytes:
    count = len(sizes)
    if run.keys is None:
        flags = 0x301
        table = pack(f"!{2 * count}I", *(value for pair in zip(run.times, sizes, strict=True) for value in pair))
    else:
        flags = 0x701
        kinds = (_KEY if key else _DEPENDS for key in run.keys)
        table = pack(f"!{3 * count}I", *(value for row in zip(run.times, sizes, kinds, strict=True) for value in row))
    return box(
        b"traf", full(b"tfhd", 0x020000, pack("!I", run.track)), full(b"tfdt", 0, pack("!Q", run.start), version=1),
        full(b"trun", flags, pack("!Ii", count, at), table),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fragment stands that begins with a key frame of `track`."""

    track: int
    time: int
    offset: int


def random_access(track: int, places: Sequence[Place]) -> bytes:
    """mfra: the last box of a finished file, by which players jump."""
    rows = b"".join(pack("!QQBBB", place.time, place.offset, 1, 1, 1) for place in places)
    table = full(b"tfra", 0, pack("!III", track, 0, len(places)), rows, version=1)
    return box(b"mfra", table, full(b"mfro", 0, pack("!I", 8 + len(table) + 16)))


def segment_index(track: int, rate: int, start: int, rows: Sequence[tuple[int, int]]) -> bytes:
    """sidx: (bytes, ticks) of each fragment that follows; all begin with a key frame."""
    body = b"".join(pack("!III", size, ticks, 0x90000000) for size, ticks in rows)
    return full(b"sidx", 0, pack("!IIQQHH", track, rate, start, 0, 0, len(rows)), body, version=1)
