"""A work of the hub that must not end: what was not foreseen is logged, and the work begins again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from hub.record.ending import is_cancelled

log = structlog.get_logger()

PAUSE = 1.0


async def kept(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """One of the few places that may catch everything: the others' work goes on. A work that ends by
    itself had nothing to do."""
    while True:
        try:
            await work()
            return
        except Exception as error:
            if is_cancelled():
                raise asyncio.CancelledError from error
            log.exception("work begins again", work=name)
            await asyncio.sleep(PAUSE)
