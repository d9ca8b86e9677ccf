"""What a task can know of itself."""

from __future__ import annotations

import asyncio


def is_cancelled() -> bool:
    """Somebody has cancelled this task. A driver whose connection breaks in that moment raises what broke
    in place of CancelledError; whoever would try again ends instead."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
