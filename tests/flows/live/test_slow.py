"""A slow reader costs bounded memory and loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvloop

from hub.wire.words import Close
from tests.flows.cluster.guest import Guest, frame
from tests.flows.live.hall import Hall, hears, numbers, opened

MANY, HEAVY = 300, 60_000
"""More than kernels keep for a reader that stands still."""


@dataclass(frozen=True)
class Race:
    """One who reads at once, and one who reads only when he is told to."""

    hall: Hall
    quick: Guest
    slow: Guest
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def slow_reads(self) -> None:
        self.slow._take(*await frame(self.reader))

    def slow_goes(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def race(room: str = "hall") -> AsyncIterator[Race]:
    async with opened() as hall, hall.guest("quick").staying() as quick:
        await quick.call("join", {})
        slow = hall.guest("slow")
        reader, writer = await slow.knock()
        writer.write(b"\x81\x8c" + bytes(4) + b'42["join",0]')
        while len(hall.live.rooms.members(room)) < 2:
            await asyncio.sleep(0.01)
        yield Race(hall, quick, slow, reader, writer)


async def slow_and_back() -> None:
    async with race() as run:
        for number in range(1, MANY + 1):
            run.hall.tell(number, HEAVY)
            await hears(run.quick, number)
        with contextlib.suppress(EOFError):
            while True:
                await run.slow_reads()
        run.slow_goes()
        async with run.slow.staying():
            await hears(run.slow, MANY)

    assert run.slow.closes == [Close.SLOW]
    assert run.slow.recovered == [False, True]
    assert numbers(run.slow) == numbers(run.quick) == list(range(1, MANY + 1))


async def test_a_slow_reader_is_closed_and_resumes_without_loss():
    await slow_and_back()


def test_so_it_is_on_the_loop_the_hub_runs_on():
    uvloop.run(slow_and_back())


async def test_where_only_the_newest_counts_only_the_newest_waits():
    async with race("=hall") as run:
        for number in range(1, MANY + 1):
            run.hall.tell_newest(number, HEAVY)
            await hears(run.quick, number)
        while numbers(run.slow)[-1:] != [MANY]:
            await run.slow_reads()

        assert numbers(run.slow) == sorted(set(numbers(run.slow)))
        assert len(run.slow.told) < MANY
        run.slow_goes()


async def test_who_comes_back_gets_the_newest_once_more():
    async with opened() as hall:
        guest = hall.guest()
        async with guest.staying():
            await guest.call("join", {})
        for number in (1, 2, 3):
            hall.tell_newest(number)
        async with guest.staying():
            await guest.until(lambda: guest.told)

    assert numbers(guest) == [3]


async def has_signals(guest: Guest, number: int) -> None:
    await guest.until(lambda: len(guest.signals) == number)


async def test_signals_are_missed_by_a_slow_reader_and_are_no_reason_to_send_it_away():
    async with race() as run:
        for number in range(1, MANY + 1):
            run.hall.signal(number, HEAVY)
            await has_signals(run.quick, number)
        run.hall.tell(1)
        while not run.slow.told:
            await run.slow_reads()
        run.slow_goes()

    assert 0 < len(run.slow.signals) < MANY
    assert run.slow.signals == run.quick.signals[:len(run.slow.signals)]
    assert run.slow.closes == []
