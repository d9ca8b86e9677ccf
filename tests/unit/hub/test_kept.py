"""A work that must not end goes on after a fault, and ends when it is told to, whatever breaks in that moment."""

from __future__ import annotations

import asyncio

import pytest

from hub.kept import kept
from hub.record.database import border
from tests.patience import PATIENCE


async def broken_by_its_end() -> None:
    """As a driver does whose connection is lost while its query is called off."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise ConnectionResetError from None


async def at_the_border() -> None:
    with border(OSError):
        await broken_by_its_end()


@pytest.mark.parametrize("work", [lambda: kept("work", broken_by_its_end), at_the_border], ids=["kept", "border"])
async def test_who_is_cancelled_ends_though_something_else_was_raised(work):
    task = asyncio.create_task(work())  # noqa: TID251 - awaited below
    await asyncio.sleep(0)

    task.cancel()

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(asyncio.CancelledError):
            await task
