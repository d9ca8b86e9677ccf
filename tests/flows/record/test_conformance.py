"""Nobody who resumes from a position misses an event: the table of design section 1.2."""

from __future__ import annotations

import asyncio

from tests.flows.record.conformance import journal_reading, naive_reading
from tests.patience import PATIENCE


async def test_a_resuming_reader_misses_nothing(dsn: str) -> None:
    async with asyncio.timeout(PATIENCE):
        reading = await journal_reading(dsn, lambda seen: len(seen) > 5_000)

    assert reading.missed == 0
    assert reading.dense
    assert reading.written > 5_000


async def test_the_same_harness_catches_the_naive_reader(dsn: str) -> None:
    async with asyncio.timeout(PATIENCE):
        reading = await naive_reading(dsn, lambda seen: bool(seen) and seen[-1] > len(seen))

    assert reading.missed > 0
