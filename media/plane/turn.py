"""Whose turn it is: of several planes one serves, the others stand ready behind it."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from threading import Thread


async def own_turn(lock: Path) -> int:
    """Until this process is the one that serves. It stays so as long as the descriptor returned is open: the kernel
    hands the turn on in the moment its holder ends, however it ended."""
    loop, held = asyncio.get_running_loop(), os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    ours = loop.create_future()

    def wait() -> None:
        fcntl.flock(held, fcntl.LOCK_EX)
        with suppress(RuntimeError):  # the loop is closed: this process ends
            loop.call_soon_threadsafe(ours.set_result, None)

    # A thread of its own that nobody waits for: the loop's pool would not let the process end before its turn came.
    Thread(target=wait, name="turn", daemon=True).start()
    await ours
    return held
