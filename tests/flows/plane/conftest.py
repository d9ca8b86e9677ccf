"""A switch that listens on loopback, and phones that come to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from media.plane.switch import Switch
from media.plane.words import Outlet, Source
from tests.flows.plane.phone import Phone, offer
from tests.patience import PATIENCE


class Ear:
    """Remembers what the switch told."""

    def __init__(self) -> None:
        self.told: list[tuple] = []
        self.changed = asyncio.Event()

    def __getattr__(self, name: str):
        if name not in {"up", "down", "level", "source", "trouble", "room"}:
            raise AttributeError(name)

        def hear(*arguments) -> None:
            self.told.append((name, *arguments))
            self.changed.set()

        return hear

    async def until(self, *told) -> None:
        async with asyncio.timeout(PATIENCE):
            while told not in self.told:
                self.changed.clear()
                await self.changed.wait()

    def levels(self) -> list[int]:
        return [told[2] for told in self.told if told[0] == "level"]


class Place:
    def __init__(self, switch: Switch, ear: Ear, port: int) -> None:
        self.switch, self.ear, self.port = switch, ear, port
        self.phones: list[Phone] = []

    async def phone(self, name: str, *directions: str, over: str = "udp", **options) -> Phone:
        phone = Phone(name)
        self.phones.append(phone)
        await phone.join(self.switch, offer(*directions, **options), over=over)
        await self.ear.until("up", name)
        return phone

    def link(self, source: str, outlet: str) -> None:
        self.switch.link(Source(source), Outlet(outlet))

    async def pair(self, kind: str, **options) -> tuple[Phone, Phone]:
        """Somebody who sends, and somebody who hears him."""
        talker = await self.phone("talker", f"{kind} sendonly", **options)
        viewer = await self.phone("viewer", f"{kind} recvonly", **options)
        self.link("talker/0", "viewer/0")
        return talker, viewer


@pytest_asyncio.fixture
async def place() -> AsyncIterator[Place]:
    ear = Ear()
    switch = Switch(ear)
    port = await switch.open("127.0.0.1", 0)
    place = Place(switch, ear, port)
    yield place
    for phone in place.phones:
        phone.close()
    await switch.close()
