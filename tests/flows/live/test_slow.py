"""A slow reader costs bounded memory and loses nothing."""

from __future__ import annotations

import asyncio
import contextlib

import uvloop

from hub.wire.words import Close
from tests.flows.cluster.guest import Guest, frame
from tests.flows.live.hall import hears, numbers, opened

MANY, HEAVY = 300, 60_000
"""More than kernels keep for a reader that stands still."""


async def slow_and_back() -> None:
    async with opened() as hall, hall.guest("quick").staying() as quick:
        await quick.call("join", {})
        slow = hall.guest("slow")
        reader, writer = await slow.knock()
        writer.write(b"\x81\x8c" + bytes(4) + b'42["join",0]')
        while len(hall.live.rooms.members("hall")) < 2:
            await asyncio.sleep(0.01)

        for number in range(1, MANY + 1):
            hall.tell(number, HEAVY)
            await hears(quick, number)
        with contextlib.suppress(EOFError):
            while True:
                slow._take(*await frame(reader))
        writer.transport.abort()
        async with slow.staying():
            await hears(slow, MANY)

    assert slow.closes == [Close.SLOW]
    assert slow.recovered == [False, True]
    assert numbers(slow) == numbers(quick) == list(range(1, MANY + 1))


async def test_a_slow_reader_is_closed_and_resumes_without_loss():
    await slow_and_back()


def test_so_it_is_on_the_loop_the_hub_runs_on():
    uvloop.run(slow_and_back())


async def test_where_only_the_newest_counts_only_the_newest_waits():
    async with opened() as hall, hall.guest("quick").staying() as quick:
        await quick.call("join", {})
        slow = hall.guest("slow")
        reader, writer = await slow.knock()
        writer.write(b"\x81\x8c" + bytes(4) + b'42["join",0]')
        while len(hall.live.rooms.members("=hall")) < 2:
            await asyncio.sleep(0.01)

        for number in range(1, MANY + 1):
            hall.tell_newest(number, HEAVY)
            await hears(quick, number)
        while numbers(slow)[-1:] != [MANY]:
            slow._take(*await frame(reader))

        assert numbers(slow) == sorted(set(numbers(slow)))
        assert len(slow.told) < MANY
        writer.transport.abort()


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
    async with opened() as hall, hall.guest("quick").staying() as quick:
        await quick.call("join", {})
        slow = hall.guest("slow")
        reader, writer = await slow.knock()
        writer.write(b"\x81\x8c" + bytes(4) + b'42["join",0]')
        while len(hall.live.rooms.members("hall")) < 2:
            await asyncio.sleep(0.01)

        for number in range(1, MANY + 1):
            hall.signal(number, HEAVY)
            await has_signals(quick, number)
        hall.tell(1)
        while not slow.told:
            slow._take(*await frame(reader))
        writer.transport.abort()

    assert 0 < len(slow.signals) < MANY
    assert slow.signals == quick.signals[:len(slow.signals)]
    assert slow.closes == []
