"""One promise, two buses: what is published reaches every listener once, numbered, in one order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from hub.bus.memory import MemoryBus
from hub.bus.valkey import ValkeyBus
from hub.kernel.errors import Refused
from tests.contract.bus.ear import Ear
from tests.patience import PATIENCE

PAYLOADS = [f'{{"n":{n}}}'.encode() for n in range(200)]

Bus = MemoryBus | ValkeyBus
valkey_bus = partial(ValkeyBus.open, within=PATIENCE)
"""Whose server is not taken to be away where the machine is slow."""


@pytest.fixture(params=["memory", "valkey"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    if request.param == "memory":
        yield MemoryBus()
        return
    async with valkey_bus(request.getfixturevalue("valkey")) as opened:
        yield opened


async def test_every_listener_gets_everything_once_and_in_order(bus: Bus) -> None:
    one, other = Ear(), Ear()
    bus.listen(one)
    bus.listen(other)
    await bus.follow(["stations/city", "站点"])

    for n, payload in enumerate(PAYLOADS):
        await bus.publish("站点" if n % 3 else "stations/city", payload)

    await other.until(lambda: len(other.told_here) == len(PAYLOADS))
    assert one.told_here == other.told_here
    assert [payload for _, _, payload in one.told_here] == PAYLOADS
    numbers = [number for _, number, _ in one.told_here]
    assert numbers == sorted(set(numbers))
    assert bus.number == numbers[-1]
    assert one.epochs == [bus.epoch]


async def test_a_topic_is_heard_by_nodes_and_not_by_guests(bus: Bus) -> None:
    ear, heard = Ear(), list[bytes]()
    bus.listen(ear)
    bus.hear("@bell", heard.append)

    await bus.publish("@bell", b"receipts")
    bus.signal("@bell", b"planner")

    assert heard == [b"receipts", b"planner"]
    assert ear.told_here == []


async def test_a_signal_has_no_number(bus: Bus) -> None:
    ear = Ear()
    bus.listen(ear)
    await bus.follow(["talk"])

    bus.signal("talk", b"typing")

    assert ear.signals == [("talk", b"typing")]
    assert (ear.told_here, bus.number) == ([], 0)


async def test_following_reaches_what_was_told_before(bus: Bus) -> None:
    ear = Ear()
    bus.listen(ear)
    await bus.follow(["a"])
    await bus.publish("a", b"1")
    await ear.until(lambda: bool(ear.told_here))

    await bus.follow(["a", "b"], reaching=ear.told_here[-1][1])

    assert bus.number >= ear.told_here[-1][1]


async def test_what_nobody_can_prove_is_none(bus: Bus) -> None:
    if isinstance(bus, MemoryBus):
        assert await bus.fill({"a": 0}) == {"a": None}
        return
    ear = Ear()
    bus.listen(ear)
    await bus.follow(["a"])
    for n in range(12_000):
        await bus.publish("a", b"%d" % n)
    await ear.until(lambda: len(ear.told_here) == 12_000)

    assert await bus.fill({"a": 0, "nothing": 0}) == {"a": None, "nothing": []}


async def test_what_one_node_tells_reaches_the_other(valkey: str) -> None:
    async with valkey_bus(valkey) as one, valkey_bus(valkey) as other:
        near, far = Ear(), Ear()
        one.listen(near)
        other.listen(far)
        await one.follow(["站点/city"])
        await other.follow(["站点/city"])

        for n, payload in enumerate(PAYLOADS):
            await (one if n % 2 else other).publish("站点/city", payload)

        await far.until(lambda: len(far.told_here) == len(PAYLOADS))
        await near.until(lambda: len(near.told_here) == len(PAYLOADS))
        assert near.told_here == far.told_here
        assert sorted(near.payloads("站点/city")) == sorted(PAYLOADS)


async def test_a_node_hears_only_rooms_it_follows_and_fills_the_rest(valkey: str) -> None:
    async with valkey_bus(valkey) as one, valkey_bus(valkey) as other:
        far, heard = Ear(), asyncio.Event()
        other.listen(far)
        other.hear("@told", lambda _: heard.set())
        await other.follow(["b"])
        for payload in PAYLOADS[:5]:
            await one.publish("a", payload)
            await one.publish("b", payload)
        await one.publish("@told", b"")
        await asyncio.wait_for(heard.wait(), PATIENCE)

        await other.follow(["a"])
        await one.publish("a", PAYLOADS[5])
        await far.until(lambda: bool(far.payloads("a")))

        assert (far.payloads("a"), far.payloads("b")) == ([PAYLOADS[5]], PAYLOADS[:5])
        found = (await other.fill({"a": 0}))["a"]
        assert found is not None
        assert [payload for _, payload in found] == PAYLOADS[:6]
        assert [number for number, _ in found][4] <= far.whole["a"] < far.told_here[-1][1]


async def test_a_node_that_comes_later_hears_what_must_not_be_missed(valkey: str) -> None:
    async with valkey_bus(valkey) as one:
        await one.publish("@revoked", b"session:1")
        await one.publish("@revoked", b"session:2")
        async with valkey_bus(valkey) as other:
            heard, done = list[bytes](), asyncio.Event()

            def hear(payload: bytes) -> None:
                heard.append(payload)
                if payload == b"session:3":
                    done.set()

            other.hear("@revoked", hear, past=True)
            await one.publish("@revoked", b"session:3")

            await asyncio.wait_for(done.wait(), PATIENCE)
            assert heard == [b"session:1", b"session:2", b"session:3"]


async def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match="HUB_VALKEY"):
        async with ValkeyBus.open("redis://127.0.0.1:1/0"):
            pass
