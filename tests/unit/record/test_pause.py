"""How long a failed job waits."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.record.jobs import pause


def test_it_doubles_from_two_seconds_to_ten_minutes() -> None:
    assert [pause(tries, 0.5).total_seconds() for tries in (1, 2, 3, 9, 10, 1000)] == [2, 4, 8, 512, 600, 600]


@given(st.integers(-5, 10_000), st.floats(0, 1))
def test_it_is_spread_by_a_quarter(tries: int, chance: float) -> None:
    assert timedelta(seconds=1.5) <= pause(tries, chance) <= timedelta(minutes=12.5)
