"""How a task ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


def is_cancelled() -> bool:
    """Somebody has cancelled this task. A driver whose connection breaks in that moment raises what broke
    in place of CancelledError; whoever would try again ends instead."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def to_its_end(work: Callable[..., T], *given: Any) -> T:
    """In a thread. Whoever is cancelled meanwhile ends when the work has: it writes where he clears away."""
    running = asyncio.get_running_loop().run_in_executor(None, partial(work, *given))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise
