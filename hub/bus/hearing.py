"""What a node hears: every room it follows, in the order in which it was told, without a gap."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Iterable, Sequence

import structlog

from hub.bus.audience import Audience
from hub.bus.book import Book, Gap
from hub.bus.links import Links
from hub.bus.outbox import NODE_BYTES
from hub.bus.wanted import Wanted

log = structlog.get_logger()

HEAD = struct.Struct(">QQ16s")
SIGNAL = b"\xff"

ROOMS_AT_ONCE = 200

Joiners = list[tuple[set[str], asyncio.Future[None]]]


class Hearing:
    """`came` is told the id of everything that was heard."""

    def __init__(self, links: Links, audience: Audience, wanted: Wanted, node: bytes, came: Callable[[bytes], None]) -> None:
        self.book = Book()
        self.past: set[str] = set()
        """Topics of which also the past matters."""
        self._links, self._audience, self._wanted, self._node, self._came = links, audience, wanted, node, came
        self._joiners: Joiners = []
        self._join = asyncio.Event()
        self._held: list[tuple[bytes, bytes]] | None = None

    @property
    def in_order(self) -> bool:
        return self._held is None

    def ask_to_join(self, rooms: set[str]) -> asyncio.Future[None]:
        joined = asyncio.get_running_loop().create_future()
        self._joiners.append((rooms, joined))
        self._join.set()
        return joined

    def follow_blindly(self, rooms: Iterable[str]) -> None:
        """The server is away: what is told from here on is caught up with when it is back."""
        for room in rooms:
            self._audience.followed(room, self.book.join(room, self.book.number))

    async def run(self) -> None:
        """One round for all who ask at once: after it everything up to `number` was heard here."""
        while True:
            await self._join.wait()
            self._join.clear()
            joiners, self._joiners = self._joiners, []
            rooms = {room for some, _ in joiners for room in some if not self.book.follows(room)}
            past = rooms & self.past
            try:
                await self._join_these(rooms - past)
                await self._learn_past(past)
            except BaseException:
                self._joiners = joiners + self._joiners
                raise
            _resolve(joiners)

    async def _join_these(self, rooms: set[str]) -> None:
        self.book.begin_joining(rooms)
        self._links.feed.subscribe([self._links.channel(room) for room in rooms])
        if rooms:
            await self._links.feed.reached()
        number = int(await self._links.commands.call("GET", self._links.key("number")) or 0)
        await self._links.feed.reached()
        self.book.number = max(self.book.number, number)
        for room in rooms:
            self._audience.followed(room, self.book.join(room, number))

    async def _learn_past(self, topics: Iterable[str]) -> None:
        self.book.last.update(dict.fromkeys(topics, 0))
        await self._relearn([*topics])

    def let_go(self, now: float) -> None:
        gone = [room for room in self._wanted.gone(now) if self.book.follows(room)]
        for room in gone:
            self.book.leave(room)
            self._audience.unfollowed(room)
        self._links.feed.unsubscribe([self._links.channel(room) for room in gone])

    # --- what is heard ----------------------------------------------------------------------------

    def publication(self, channel: bytes, raw: bytes) -> None:
        if self._held is not None:
            self._held.append((channel, raw))
            return
        room = self._links.room(channel)
        if raw.startswith(SIGNAL):
            if raw[1:1 + NODE_BYTES] != self._node:
                self._audience.signalled(room, raw[1 + NODE_BYTES:])
            return
        number, before, told = HEAD.unpack_from(raw)
        try:
            self._heard(room, number, before, told, raw[HEAD.size:])
        except Gap:
            log.warning("bus has a gap", room=room, number=number)
            self._links.close()

    def _heard(self, room: str, number: int, before: int, told: bytes, payload: bytes) -> None:
        """Raises Gap."""
        if not self.book.hear(room, number, before):
            return
        self._audience.told(room, number, payload, given=self.book.given(told))
        self._came(told)

    async def _relearn(self, rooms: Sequence[str]) -> None:
        self._held = []
        for start in range(0, len(rooms), ROOMS_AT_ONCE):
            self._links.feed.subscribe([self._links.channel(room) for room in rooms[start:start + ROOMS_AT_ONCE]])
            await self._links.feed.reached()
        for number, room, before, told, payload in sorted(await self._told_since_last(rooms)):
            self._heard(room, number, before, told, payload)
        held, self._held = self._held, None
        for channel, raw in held:
            self.publication(channel, raw)

    async def _told_since_last(self, rooms: Sequence[str]) -> list[tuple[int, str, int, bytes, bytes]]:
        broken: dict[str, int] = {}
        found, last = [], self.book.last
        for start in range(0, len(rooms), ROOMS_AT_ONCE):
            some = rooms[start:start + ROOMS_AT_ONCE]
            for room, entries in zip(some, await self._links.streams(last, some), strict=True):
                if entries and entries[0][1] > last[room]:
                    last[room] = broken[room] = entries[0][1]
                found += [(number, room, before, told, payload) for number, before, told, payload in entries]
        self._audience.broken(broken)
        return found

    async def compare_tops(self) -> None:
        """Raises Gap."""
        rooms = [*self.book.last]
        for start in range(0, len(rooms), ROOMS_AT_ONCE):
            some = rooms[start:start + ROOMS_AT_ONCE]
            tops = await self._links.tops(some)
            await self._links.feed.reached()
            for room, top in zip(some, tops, strict=True):
                if top > self.book.last.get(room, top):
                    raise Gap(room)

    def alone(self) -> None:
        """The server is away: nobody waits to be joined."""
        self._held = None
        joiners, self._joiners = self._joiners, []
        self.follow_blindly({room for rooms, _ in joiners for room in rooms if not self.book.follows(room)} - self.past)
        _resolve(joiners)

    async def catch_up(self) -> None:
        """Listens again to everything, and tells what was told meanwhile, before anything newer. Raises Away."""
        await self._relearn([*self.book.last])
        new = {room for room in self._wanted if not self.book.follows(room)}
        await self._join_these(new - self.past)
        await self._learn_past(new & self.past)


def _resolve(joiners: Joiners) -> None:
    for _, joined in joiners:
        if not joined.done():
            joined.set_result(None)
