"""The running hub is replaced process by process, and nobody misses a word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from hub.bus.valkey import ValkeyBus
from hub.wire.words import Close
from tests.flows.cluster.guest import Guest
from tests.flows.cluster.stage import Cluster, until
from tests.flows.gateway.visitor import Visitor
from tests.patience import PATIENCE

CROWD, EVERY = 200, 0.02


def numbers(guest: Guest) -> list[int]:
    return [told["n"] for told in guest.told if "n" in told]


async def hears(guest: Guest, last: int) -> None:
    await guest.until(lambda: numbers(guest)[-1:] == [last])


class Speaker:
    """Another node: tells one room a number fifty times a second."""

    def __init__(self, bus: ValkeyBus, room: str) -> None:
        self._bus, self._room = bus, room
        self.last = 0

    async def run(self) -> None:
        while True:
            await self.say()
            await asyncio.sleep(EVERY)

    async def say(self) -> None:
        self.last += 1
        await self._bus.publish(self._room, json.dumps({"n": self.last}).encode())


@asynccontextmanager
async def crowd_in(two: Cluster, cookie: str) -> AsyncIterator[tuple[list[Guest], str]]:
    """Guests who all watch one room, and its name."""
    guests = [Guest(two.port, {}, cookie) for _ in range(CROWD)]
    async with asyncio.TaskGroup() as group:
        stays = [group.create_task(guest.stay()) for guest in guests]
        answers = [await guest.call("watch", {"view": "stations", "params": {}}) for guest in guests]
        try:
            yield guests, answers[0]["room"]
        finally:
            for stay in stays:
                stay.cancel()


async def test_an_upgrade_of_the_running_hub_loses_no_word(two: Cluster):
    before = two.workers()
    async with (Visitor.of(two.url, "operator") as operator, crowd_in(two, operator.cookie) as (guests, room),
                ValkeyBus.open(two.valkey, within=PATIENCE) as bus):
        speaker = Speaker(bus, room)
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(speaker.run())
            two.upgrade()
            await two.says("all replaced")
            speaking.cancel()
        await speaker.say()
        for guest in guests:
            await hears(guest, speaker.last)

    assert not set(before) & set(two.workers())
    assert {tuple(guest.closes) for guest in guests} <= {(Close.GOING_DOWN,), (Close.GOING_DOWN, Close.GOING_DOWN)}
    assert [guest.recovered for guest in guests if not all(guest.recovered[1:])] == []
    assert [numbers(guest) for guest in guests if numbers(guest) != list(range(1, speaker.last + 1))] == []


async def test_what_was_being_posted_is_answered_while_the_next_version_serves_already(two: Cluster):
    async with Visitor.of(two.url, "operator") as operator:
        body = json.dumps({"id": str(uuid4()), "name": "升级时建的群", "members": ["station:1"]}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", two.port)
        writer.write(head_of(operator, "CreateGroup", len(body)) + body[:20])
        await writer.drain()
        old = await until(lambda: two.worker_at(writer.get_extra_info("sockname")[1]))

        two.upgrade()
        await until(lambda: not two.listens(old))
        async with Visitor.of(two.url) as newcomer:
            served = await newcomer.get("/healthz")
        writer.write(body[20:])
        async with asyncio.timeout(PATIENCE):
            said = await reader.read()
        writer.close()
        await two.says("all replaced")

    assert served == {"ok": True}
    assert said.startswith(b"HTTP/1.1 200")
    assert b'"conversation"' in said
    assert b"connection: close" in said.lower()
    assert old not in two.workers()


def head_of(visitor: Visitor, command: str, length: int) -> bytes:
    return (f"POST /api/commands/{command} HTTP/1.1\r\nHost: {visitor.url.removeprefix('http://')}\r\nCookie: {visitor.cookie}\r\n"
            f"X-Hub-CSRF: {visitor.csrf}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n").encode()

