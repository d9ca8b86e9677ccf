"""A thread that writes is waited for by whoever clears away behind it."""

from __future__ import annotations

import asyncio
from threading import Event

from hub.record.ending import to_its_end
from tests.patience import PATIENCE


async def test_who_is_cancelled_clears_away_when_his_thread_has_written():
    begun, may_write, done = Event(), Event(), list[str]()

    def write() -> None:
        begun.set()
        may_write.wait(PATIENCE)
        done.append("written")

    async def at_a_desk() -> None:
        try:
            await to_its_end(write)
        finally:
            done.append("cleared away")

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(at_a_desk())
        await asyncio.to_thread(begun.wait, PATIENCE)
        writing.cancel()
        await asyncio.sleep(0)
        may_write.set()

    assert (writing.cancelled(), done) == (True, ["written", "cleared away"])
