"""How a command that runs until it is told to end does end."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import signal
from collections.abc import Coroutine
from typing import Any


async def until_told(work: Coroutine[Any, Any, None], seconds: float) -> None:
    """SIGINT and SIGTERM cancel `work`. Whoever has not ended so many seconds later says where it stands, and is gone, whatever holds it:
    nobody may be left to do it from outside."""
    working = asyncio.create_task(work)  # noqa: TID251 - awaited below; a signal cancels it

    def end() -> None:
        faulthandler.dump_traceback_later(seconds, exit=True)
        working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end)
    with contextlib.suppress(asyncio.CancelledError):
        await working
