"""One of several processes on one port; started by the supervisor (`cluster.py`), never by hand."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

from hub.app import hub_on
from hub.commands.ending import until_told
from hub.settings import Settings, environment

READY = "HUB_READY"
"""The file descriptor on which the supervisor waits for a line: the port is open."""
ALONE_SECONDS = 5.0
"""The supervisor kills who has not ended after two; a supervisor that was killed cannot."""


async def work(settings: Settings) -> None:
    """Until SIGTERM: ends within two seconds. SIGHUP: hands its guests over first, a slice at a time."""
    hand_over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hand_over.set)
    await until_told(_work(settings, hand_over), ALONE_SECONDS)


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
