"""One of several processes on one port; started by the supervisor (`cluster.py`), never by hand."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

from hub.app import hub_on
from hub.settings import Settings, environment

READY = "HUB_READY"
"""The file descriptor on which the supervisor waits for a line: the port is open."""


async def work(settings: Settings) -> None:
    """Until SIGTERM: ends within two seconds. SIGHUP: hands its guests over first, a slice at a time."""
    loop, hand_over = asyncio.get_running_loop(), asyncio.Event()
    working = loop.create_task(_work(settings, hand_over))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, working.cancel)
    loop.add_signal_handler(signal.SIGHUP, hand_over.set)
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _work(settings: Settings, hand_over: asyncio.Event) -> None:
    async with hub_on(settings.dsn, settings) as hub:
        _say_ready()
        await hand_over.wait()
        await hub.hand_over()


def _say_ready() -> None:
    told = environment().get(READY, "")
    if told:
        with contextlib.suppress(OSError):
            os.write(int(told), b"ready\n")
            os.close(int(told))
