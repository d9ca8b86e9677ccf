"""Wall clock and media clock, over hours."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from media.studio.boxes import TrackHead
from media.studio.clocks import SourceClock
from media.studio.lanes import Lane
from media.studio.samples import Sample

BEGAN = 1_700_000_000_000


@settings(deadline=None, max_examples=20)
@given(st.integers(-100, 100), st.lists(st.floats(0, 40), min_size=50, max_size=50))
def test_a_sender_whose_crystal_is_off_is_followed_for_hours(parts_per_million, jitter):
    clock = SourceClock(90_000)
    real = ts = 0
    for second in range(3_600):
        real = BEGAN + second * 1_000
        ts = round(second * 90_000 * (1 + parts_per_million / 1_000_000))
        clock.hear(ts, round((real + jitter[second % 50]) * 1_000))
    assert abs(clock.wall(ts) - real) < 60


def test_an_encoder_too_slow_for_its_own_pictures_is_not_left_behind():
    clock, late = SourceClock(90_000), []
    for frame in range(15 * 600):
        real, ts = BEGAN + frame * 1_000 / 14, frame * 6_000
        clock.hear(ts, round(real * 1_000))
        late.append(abs(clock.wall(ts) - real))
    assert max(late) < 1_500


def lane() -> Lane:
    return Lane(TrackHead(1, 48_000, b""), BEGAN, 960)


def wall(off: float, ts: int) -> float:
    return BEGAN + ts / 48 + off


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30_000), st.floats(-60, 200)), min_size=1, max_size=30))
def test_runs_never_overlap_and_never_go_back(steps):
    made, ts, ends = lane(), 0, 0
    for step, off in steps:
        for _ in range(3):
            ts += step
            made.put(Sample(ts, True, b"x", 0, None))
        run = made.run(partial(wall, off))
        if run is not None:
            assert run.start >= ends
            assert all(time > 0 for time in run.times)
            ends = run.start + run.ticks


def test_a_steady_voice_is_written_without_gaps():
    made = lane()
    runs = []
    for count in range(200):
        made.put(Sample(count * 960, True, b"x", 0, None))
        if count % 50 == 49:
            run = made.run(partial(wall, 0.0))
            assert run is not None
            runs.append(run)
    assert [run.start + run.ticks for run in runs[:-1]] == [run.start for run in runs[1:]]
    assert {time for run in runs for time in run.times} == {960}
