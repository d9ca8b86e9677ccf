"""A database that says nothing, and what is asked of the hub meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hub.record import PostgresServer
from tests.flows.cluster.guest import Guest
from tests.flows.cluster.stage import children_of

PATIENCE = 40


@contextmanager
def standing_still(server: PostgresServer) -> Iterator[None]:
    assert server.pid is not None
    family = [server.pid, *children_of(server.pid)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


def wish(which: str) -> dict[str, Any]:
    return {"type": "SendBroadcast", "id": which, "title": "防汛通知", "text": "请立即到岗。", "audience": {"recipients": ["station:17"]}}


async def hears(guest: Guest, number: int) -> None:
    await guest.until(lambda: any(told.get("n") == number for told in guest.told))


async def cut_and_back(guest: Guest) -> None:
    times = len(guest.recovered)
    guest.cut()
    await guest.until(lambda: len(guest.recovered) > times)


async def until_done(guest: Guest, wanted: dict[str, Any]) -> tuple[Any, Any]:
    """What was said at first, and what at last, to the same wish."""
    async with asyncio.timeout(PATIENCE):
        first = last = await guest.call("ask", wanted)
        while not last["ok"]:
            await asyncio.sleep(0.1)
            last = await guest.call("ask", wanted)
    return first, last
