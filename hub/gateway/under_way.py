"""HTTP requests that are being answered: whoever hands the port over lets them finish."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

PATIENCE, UPLOAD_PATIENCE = 10.0, 30.0
"""Seconds. What has not come to its end by then is cut; an upload goes on from there."""
UPLOADS = ("/api/files", "/api/uploads", "/api/import/")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class UnderWay:
    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], float] = {}
        self._leaving = False

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The task of a request ends when its answer has been sent."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = UPLOAD_PATIENCE if request.path.startswith(UPLOADS) else PATIENCE
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        response = await handler(request)
        if self._leaving:
            response.force_close()
        return response

    def leave(self) -> None:
        """From now on every answer is the last of its connection: the next request goes to who holds the port."""
        self._leaving = True

    async def finished(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for patience in sorted({PATIENCE, UPLOAD_PATIENCE}):
            while (left := begun + patience - loop.time()) > 0:
                waited = [task for task, allowed in self._tasks.items() if allowed >= patience]
                if not waited:
                    break
                await asyncio.wait(waited, timeout=left)
