"""One track on its way into fragments: samples come in, runs go out, time goes forward."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from media.studio.boxes import TrackHead
from media.studio.fragments import Run
from media.studio.samples import Sample

_EASE = 0.030
"""Seconds: what is nearer to the wall clock than this stays where the sender's clock put it."""


class Lane:
    """The last sample waits for the next one, which tells how long it lasts."""

    def __init__(self, track: TrackHead, since: int, usual: int) -> None:
        self.track = track
        self._since = since
        self._usual = usual
        self._ease = int(_EASE * track.rate)
        self._samples: list[Sample] = []
        self._end: int | None = None
        self.count = 0
        """Samples that have gone out."""

    def __len__(self) -> int:
        return len(self._samples)

    def put(self, sample: Sample) -> None:
        self._samples.append(sample)

    def latest(self) -> int | None:
        return self._samples[-1].ts if self._samples else None

    def run(self, wall: Callable[[int], float], *, all_of_it: bool = False, before: Sample | None = None) -> Run | None:
        """What is ready: all but the last, or all of it; `before` is the next one, that is not in yet."""
        samples = self._samples
        count = len(samples) if all_of_it or before is not None else len(samples) - 1
        if count <= 0:
            return None
        gone, self._samples = samples[:count], samples[count:]
        following = before or (self._samples[0] if self._samples else None)
        stamps = [sample.ts for sample in gone]
        stamps.append(following.ts if following is not None else stamps[-1] + self._usual)
        times = [max(1, later - ts) for ts, later in pairwise(stamps)]
        if times[-1] > self._usual * 10 and not self.track.video:
            times[-1] = self._usual
        start = self._start(wall(stamps[0]), times)
        self._end = start + sum(times)
        self.count += count
        keys = [sample.key for sample in gone] if self.track.video else None
        return Run(self.track.number, start, times, [sample.body for sample in gone], keys)

    def _start(self, wall: float, times: list[int]) -> int:
        """Where the wall clock has it, but never before the end of what went out."""
        wish = max(0, round((wall - self._since) * self.track.rate / 1_000))
        end = self._end
        if end is None:
            return wish
        off = wish - end
        if abs(off) <= self._ease:
            return end
        if off > 0:
            return wish
        times[-1] = max(1, times[-1] + max(off, -times[-1] // 2))
        return end
