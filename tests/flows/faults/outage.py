"""A database that says nothing, and what is asked of the hub meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub.record import PostgresServer
from tests.flows.cluster.guest import Guest
from tests.flows.cluster.stage import children_of
from tests.patience import PATIENCE


@contextmanager
def standing_still(server: PostgresServer) -> Iterator[None]:
    assert server.pid is not None
    family = [server.pid]
    try:
        _stop(server.pid)
        family += children_of(server.pid)  # it makes no more of them, and buries none
        for pid in family[1:]:
            _stop(pid)
        yield
    finally:
        for pid in reversed(family):  # who is dead is there until its parent goes on
            os.kill(pid, signal.SIGCONT)


def _stop(pid: int) -> None:
    """Returns when it stands still, or is dead."""
    os.kill(pid, signal.SIGSTOP)
    while Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "TZ":
        os.sched_yield()


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
