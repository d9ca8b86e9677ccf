"""When a database is taken to be away, and when it is not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import pytest

from hub.record.reach import Reach
from tests.patience import PATIENCE


class Server:
    """What a look finds, one after another; the last again and again."""

    def __init__(self, *found: Exception | None) -> None:
        self.found = list(found)
        self.looks = 0
        self.meanwhile: Callable[[], None] = lambda: None

    async def look(self) -> None:
        self.looks += 1
        self.meanwhile()
        found = self.found.pop(0) if len(self.found) > 1 else self.found[0]
        if found is not None:
            raise found


async def looked(reach: Reach, server: Server, times: int) -> None:
    reach.doubt()
    async with asyncio.timeout(PATIENCE):
        while server.looks < times:
            await asyncio.sleep(0.01)
    for _ in range(3):
        await asyncio.sleep(0)


SHUT, SILENT = ConnectionRefusedError(), TimeoutError()
STARTING = asyncpg.CannotConnectNowError("the database system is starting up")
FULL = asyncpg.TooManyConnectionsError("sorry, too many clients already")


@pytest.mark.parametrize(
    ("found", "looks", "away"),
    [
        ((SHUT,), 1, True),
        ((STARTING,), 1, True),
        ((SILENT, SILENT), 2, True),
        ((SILENT, None), 2, False),
        ((FULL,), 1, False),
        ((RuntimeError("unforeseen"),), 1, False),
        ((None,), 1, False),
    ],
)
async def test_it_is_away_when_it_is_shut_or_says_nothing_twice(found: tuple[Exception | None, ...], looks: int, away: bool):
    server = Server(*found)
    reach = Reach(server.look)

    await looked(reach, server, looks)

    assert reach.away is away
    reach.close()


async def test_who_was_answered_meanwhile_knows_that_it_is_there():
    server = Server(SILENT)
    reach = Reach(server.look)
    server.meanwhile = reach.heard

    await looked(reach, server, 1)

    assert not reach.away
    reach.close()


async def test_however_many_doubt_one_looks_and_finds_out_when_it_is_back():
    server = Server(SHUT, SHUT, None)
    reach = Reach(server.look)

    for _ in range(5000):
        reach.doubt()
    await looked(reach, server, 1)
    assert reach.away

    await looked(reach, server, 3)
    assert (reach.away, server.looks) == (False, 3)
    reach.close()


async def test_who_waits_for_a_connection_is_let_go():
    server = Server(SHUT)
    reach = Reach(server.look)
    waiting = asyncio.timeout(PATIENCE)
    reach.waiting.add(waiting)

    with contextlib.suppress(TimeoutError):
        async with waiting:
            reach.doubt()
            await asyncio.Event().wait()

    assert waiting.expired()
    assert reach.away
    reach.close()
