"""What another process of the hub remembers, asked for over the bus while the database is away: a browser has
several connections, and each may have ended in another process."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count

import msgspec

from hub.access.entries import Entry
from hub.access.sign_in import SignIn
from hub.bus.port import Bus
from hub.gateway.remembered import Snapshot
from hub.gateway.views import Views
from hub.wire.codec import encode

RECALL = "@recall"
WAIT_SECONDS = 1.0
GRACE_SECONDS = 0.03
"""Who answers next may know something newer."""
MOST_WAITING = 2000

Find = Callable[[bytes], bytes | None]


class Wanted(msgspec.Struct, frozen=True):
    node: str
    ticket: int
    kind: str
    key: bytes


class Found(msgspec.Struct, frozen=True):
    ticket: int
    what: bytes


class Asking:
    def __init__(self) -> None:
        self.found: list[bytes] = []
        self.some = asyncio.Event()


class Neighbours:
    """`find`: what this process answers to others, by kind."""

    def __init__(self, bus: Bus, find: dict[str, Find]) -> None:
        self._bus, self._find = bus, find
        self._node, self._tickets = secrets.token_hex(8), count()
        self._asking: dict[int, Asking] = {}
        bus.hear(RECALL, self._asked)
        bus.hear(f"{RECALL}/{self._node}", self._answered)

    async def ask(self, kind: str, key: bytes) -> list[bytes]:
        """What the others have, as far as they say so in time."""
        if len(self._asking) >= MOST_WAITING:
            return []
        ticket, asking = next(self._tickets), Asking()
        self._asking[ticket] = asking
        try:
            self._bus.signal(RECALL, encode(Wanted(self._node, ticket, kind, key)))
            with suppress(TimeoutError):
                async with asyncio.timeout(WAIT_SECONDS):
                    await asking.some.wait()
                    await asyncio.sleep(GRACE_SECONDS)
        finally:
            del self._asking[ticket]
        return asking.found

    def _asked(self, raw: bytes) -> None:
        wanted = msgspec.json.decode(raw, type=Wanted)
        what = None if wanted.node == self._node else self._find[wanted.kind](wanted.key)
        if what is not None:
            self._bus.signal(f"{RECALL}/{wanted.node}", encode(Found(wanted.ticket, what)))

    def _answered(self, raw: bytes) -> None:
        found = msgspec.json.decode(raw, type=Found)
        asking = self._asking.get(found.ticket)
        if asking is not None:
            asking.found.append(found.what)
            asking.some.set()


def ask_neighbours(bus: Bus, sign_in: SignIn, views: Views) -> None:
    """From now on who is known to one process is known to all, and so is what he was shown."""
    entries = sign_in.access.entries
    neighbours = Neighbours(bus, {"entry": lambda key: _told(entries.hand_on(key)), "view": lambda key: _told(views.hand_on(key))})

    async def entry(token: bytes) -> tuple[Entry, datetime] | None:
        found = [msgspec.json.decode(one, type=tuple[Entry, datetime]) for one in await neighbours.ask("entry", token)]
        return max(found, key=lambda one: one[1], default=None)

    async def snapshot(place: bytes) -> Snapshot | None:
        found = [msgspec.json.decode(one, type=Snapshot) for one in await neighbours.ask("view", place)]
        return max(found, key=lambda one: one.as_of, default=None)

    sign_in.elsewhere, views.elsewhere = entry, snapshot


def _told(what: object) -> bytes | None:
    return None if what is None else encode(what)
