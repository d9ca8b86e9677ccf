"""Nobody who resumes from a position misses an event: the table of design section 1.2."""

from __future__ import annotations

from tests.flows.record.conformance import journal_reading, naive_reading


async def test_a_resuming_reader_misses_nothing(dsn: str) -> None:
    reading = await journal_reading(dsn, seconds=3)

    assert reading.missed == 0
    assert reading.dense
    assert reading.written > 1_000


async def test_the_same_harness_catches_the_naive_reader(dsn: str) -> None:
    reading = await naive_reading(dsn, seconds=2)

    assert reading.missed > 0
