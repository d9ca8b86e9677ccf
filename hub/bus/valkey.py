"""The bus of a hub that is several processes, over Valkey or Redis.

Who publishes hears it from the server like everybody else: one order for all. While the server is
away the guests here are told at once, without a number; what was told so goes out in order when it is
back, and whoever has been given it is not given it again.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

import hiredis
import structlog

from hub.bus.audience import Audience
from hub.bus.book import Gap
from hub.bus.hearing import SIGNAL, Hearing
from hub.bus.links import Links, Scripts
from hub.bus.outbox import Item, Outbox
from hub.bus.port import Frame, Hearer, Listener
from hub.bus.shelf import ValkeyShelf
from hub.bus.wanted import Wanted
from hub.bus.wire import ANSWER_SECONDS, Away
from hub.kernel.errors import Refused
from hub.wire.words import LATEST

log = structlog.get_logger()

BROKEN = "@broken"

AT_ONCE = 256
FRAMES_KEPT = 10_000
SECONDS_KEPT = 15 * 60
NODE_SECONDS = 3600
PROVABLE_SECONDS = 10 * 60
"""Who was away for longer cannot prove that nothing ran out meanwhile."""
IDS_SECONDS = 15.0
TOPS_SECONDS = 30.0
BEAT = 1.0
PAUSE = 0.2
OTHERS_RETURN = 3 * PAUSE
"""After an absence the others are given time to listen again, so that streams need not bridge all of it."""


class ValkeyBus:
    tells_all = False

    def __init__(self, url: str, within: float = ANSWER_SECONDS) -> None:
        self.epoch = ""
        self.shelf = ValkeyShelf()
        self._links = Links(url, within)
        self._outbox, self._audience, self._wanted = Outbox(), Audience(), Wanted()
        self._hearing = Hearing(self._links, self._audience, self._wanted, self._outbox.node, self._came)
        self._book = self._hearing.book
        self._wake, self._sent = asyncio.Event(), asyncio.Event()
        self._early = False
        self._unsettled: dict[bytes, str] = {}
        self._alive_at = time.monotonic()
        self._audience.hear(BROKEN, lambda rooms: self._broken(rooms.decode().split("\n")))
        self._wanted.add([BROKEN])
        self.here = asyncio.Event()
        """The server is here and everything it told meanwhile was told on."""

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, within: float = ANSWER_SECONDS) -> AsyncIterator[ValkeyBus]:
        """Raises Refused when there is no server to begin with; later outages are waited out. A server that does not
        answer `within` so many seconds is away."""
        bus = cls(url, within)
        try:
            await bus._links.open(bus._hearing.publication)
            await bus._learn_era()
        except Away as away:
            bus._links.close()
            raise Refused(f"连不上 HUB_VALKEY 指定的服务器 {url}，请检查地址。",
                          f"The server named by HUB_VALKEY ({url}) cannot be reached: {away}.") from away
        async with asyncio.TaskGroup() as group:
            staying = group.create_task(bus._stay())
            try:
                await bus.here.wait()
                yield bus
                await bus._all_said()
            finally:
                staying.cancel()
        bus._links.close()

    @property
    def number(self) -> int:
        return self._book.number

    # --- what this node says ----------------------------------------------------------------------

    async def publish(self, room: str, payload: bytes) -> None:
        if room.startswith(LATEST):
            return self.signal(room, payload)
        item, lost = self._outbox.put(room, payload)
        if lost:
            self._unsettled.pop(lost.id, None)
        if room.startswith("@"):
            self._book.given(item.id)
            self._audience.heard(room, payload)
        elif self._early:
            self._tell_early(item)
        self._sent.clear()
        self._wake.set()

    def signal(self, room: str, payload: bytes) -> None:
        self._audience.signalled(room, payload)
        self._links.try_(b"PUBLISH", self._links.channel(room), SIGNAL + self._outbox.node + payload)

    async def _send(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while some := self._outbox.first(AT_ONCE):
                await self._send_these(some)
            rooms, self._outbox.overflowed = self._outbox.overflowed, set()
            if rooms:
                await self.publish(BROKEN, "\n".join(rooms).encode())
                continue
            self._sent.set()
            if self._early:
                self._early = False
                self._settle()

    async def _send_these(self, items: Sequence[Item]) -> None:
        """What is not answered stays in the outbox, and is sent again with the same count."""
        links = self._links
        answers = await links.commands.all([
            ("EVALSHA", Scripts.publish, 4, links.key("era"), links.key("number"), links.stream(item.room),
             links.key(f"node:{self._outbox.node.hex()}"), links.channel(item.room), item.id, item.payload, item.count,
             FRAMES_KEPT, SECONDS_KEPT, NODE_SECONDS) for item in items])
        if any(epoch.decode() != self.epoch for epoch in answers):
            raise Away("the server has lost its memory")
        self._outbox.sent(items, time.monotonic())

    async def _all_said(self) -> None:
        """As far as the server is there."""
        if not self.here.is_set():
            return
        self._wake.set()
        try:
            async with asyncio.timeout(BEAT):
                await self._sent.wait()
                await self.shelf.written()
        except TimeoutError:
            log.warning("not everything left", waiting=len(self._outbox))

    # --- who listens to what ----------------------------------------------------------------------

    def hear(self, topic: str, hearer: Hearer, *, past: bool = False) -> None:
        self._audience.hear(topic, hearer)
        if topic not in self._wanted:
            self._wanted.add([topic])
            self._hearing.past |= {topic} if past else set()
            self._hearing.ask_to_join({topic})

    def listen(self, listener: Listener) -> None:
        self._audience.listeners.append(listener)
        listener.renewed(self.epoch, self.number)
        listener.ordered(self.number)

    async def follow(self, rooms: Collection[str], reaching: int = 0) -> None:
        self._wanted.add(rooms)
        new = {room for room in rooms if not self._book.follows(room)}
        if self._early:
            self._hearing.follow_blindly(new)
        elif new or reaching > self.number:
            await self._hearing.ask_to_join(new)

    def unfollow(self, rooms: Iterable[str]) -> None:
        self._wanted.remove(rooms, time.monotonic())

    async def fill(self, since: Mapping[str, int]) -> Mapping[str, Sequence[Frame] | None]:
        try:
            found = await self._links.streams(since, list(since))
        except (Away, hiredis.ReplyError):
            return dict.fromkeys(since)
        return {room: None if entries and entries[0][1] > since[room] else [(entry[0], entry[3]) for entry in entries]
                for room, entries in zip(since, found, strict=True)}

    # --- the server is away -----------------------------------------------------------------------

    def _go_early(self) -> None:
        self.here.clear()
        if not self._early:
            log.warning("bus is alone", waiting=len(self._outbox))
        self._early = True
        for item in self._outbox.unsure():
            if not self._book.knows(item.id):
                self._tell_early(item)
        self._hearing.alone()

    def _tell_early(self, item: Item) -> None:
        """Of a room that is not followed nobody here is told, and nothing ever comes back."""
        if not self._book.follows(item.room):
            return
        self._book.given(item.id)
        self._unsettled[item.id] = item.room
        self._audience.told(item.room, 0, item.payload)

    def _came(self, told: bytes) -> None:
        if self._unsettled:
            self._unsettled.pop(told, None)
            self._settle()

    def _broken(self, rooms: Iterable[str]) -> None:
        self._audience.broken(dict.fromkeys(rooms, self.number))

    def _let_unfollowed_go(self) -> None:
        if self._unsettled:
            self._unsettled = {told: room for told, room in self._unsettled.items() if self._book.follows(room)}
            self._settle()

    def _settle(self) -> None:
        if not self._early and not self._unsettled and self._hearing.in_order:
            self._audience.ordered(self.number)

    # --- a stay with the server -------------------------------------------------------------------

    async def _stay(self) -> None:
        while True:
            try:
                await self._catch_up()
                async with asyncio.TaskGroup() as group:
                    for work in (self._send, self._hearing.run, self._beat, self._until_lost,
                                 lambda: self.shelf.write(self._links.commands)):
                        group.create_task(work())
            except* (Away, hiredis.ReplyError, Gap) as lost:
                log.info("bus lost the server", why=str(lost.exceptions[0]))
            self._links.close()
            self._go_early()
            await self._come_back()

    async def _come_back(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self._links.open(self._hearing.publication)
                await self._learn_era()
            except (Away, hiredis.ReplyError):
                self._links.close()
            else:
                return

    async def _until_lost(self) -> None:
        async with asyncio.TaskGroup() as group:
            for lost in (self._links.feed.lost, self._links.commands.lost):
                group.create_task(_raise_when(lost))

    async def _learn_era(self) -> None:
        """Raises Away."""
        links = self._links
        epoch, start, number = await links.commands.call(
            "EVAL", Scripts.ERA, 2, links.key("era"), links.key("number"),
            secrets.token_hex(4), self.epoch, self.number)
        if epoch.decode() == self.epoch:
            return
        if self.epoch:
            log.warning("the server has lost its memory; numbers begin anew", epoch=epoch)
            self._outbox.send_again()
        self._book.begin_anew(int(start) if self.epoch else int(number))
        self.epoch = epoch.decode()
        self._audience.renewed(self.epoch, self.number)

    async def _catch_up(self) -> None:
        """Raises Away."""
        long_away = time.monotonic() - self._alive_at > PROVABLE_SECONDS
        await self._hearing.catch_up()
        if long_away:
            self._broken([*self._book.last])
        self._alive_at = time.monotonic()
        if self._early:
            await asyncio.sleep(OTHERS_RETURN)
        self.here.set()
        self._wake.set()

    async def _beat(self) -> None:
        """Is the server there? What is nobody's any more is let go; and what might be missing is looked for."""
        aged = compared = time.monotonic()
        while True:
            await asyncio.sleep(BEAT)
            await self._links.feed.reached()
            await self._links.commands.call("PING")
            self._alive_at = now = time.monotonic()
            self._hearing.let_go(now)
            self._let_unfollowed_go()
            if now > aged + IDS_SECONDS and not (self._unsettled or self._outbox):
                self._book.age()
                aged = now
            if now > compared + TOPS_SECONDS:
                compared = now
                await self._hearing.compare_tops()

async def _raise_when(lost: asyncio.Event) -> None:
    await lost.wait()
    raise Away("the connection is lost")
