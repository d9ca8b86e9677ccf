"""What a guest costs: no task, no timer, no queue; and when he leaves, only his own rooms."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tests.flows.live.hall import Hall, opened

MANY = 60
JOIN = b"\x81\x8c" + bytes(4) + b'42["join",0]'


async def sit_down(hall: Hall, some: int) -> list[asyncio.StreamWriter]:
    """Guests without a reader of their own: what runs in this loop is the hall's."""
    writers = [(await hall.guest(f"guest {number}").knock())[1] for number in range(some)]
    before = len(hall.live.rooms.members("hall"))
    for writer in writers:
        writer.write(JOIN)
    while len(hall.live.rooms.members("hall")) < before + some:
        await asyncio.sleep(0.01)
    return writers


def running() -> tuple[int, int]:
    """(tasks, timers)."""
    timers = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return len(asyncio.all_tasks()), sum(not timer.cancelled() for timer in timers)


async def quietly_running() -> tuple[int, int]:
    """When the hall's one timer has not just gone off."""
    while not (found := running())[1]:
        await asyncio.sleep(0)
    return found


async def test_a_guest_who_is_here_and_is_told_something_costs_no_task_and_no_timer():
    async with opened() as hall:
        first = await sit_down(hall, 1)
        alone = await quietly_running()
        many = await sit_down(hall, MANY)
        hall.tell(1)

        assert await quietly_running() == alone
        for writer in (*first, *many):
            writer.transport.abort()


async def test_who_leaves_costs_his_own_rooms_only():
    async with opened() as hall:
        [writer] = await sit_down(hall, 1)
        alone = await steps_to_leave(hall, writer)
        writer, *others = await sit_down(hall, MANY)
        for number in range(1000):
            hall.bus.tell(f"another {number}", b'{"n":1}')

        assert await steps_to_leave(hall, writer) == alone
        for one in others:
            one.transport.abort()


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every call of the room book's own functions."""
    calls: list[str] = []

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.endswith("live/rooms.py"):
            calls.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(None)


async def steps_to_leave(hall: Hall, writer: asyncio.StreamWriter) -> int:
    """Calls made in the rooms while one leaves."""
    here = len(hall.live.connections)
    with counted() as calls:
        writer.transport.abort()
        while len(hall.live.connections) == here:
            await asyncio.sleep(0.01)
    return len(calls)
