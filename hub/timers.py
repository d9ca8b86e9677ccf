"""What the hub does at an hour that was set: errands of durable jobs, most of them a wish to the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from dispatch.conversations.messages.commands import ExpireMessages
from dispatch.conversations.projection import EXPIRE
from hub.desk import Desk
from hub.directory.messages.commands import ClearAddress, SpoilAddress
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, NotFound
from hub.kernel.ids import uuid7
from hub.record import Database, Jobs, Journal

EVERY = timedelta(days=1)
FORGET = "commands.forget"
KNOWN_FOR = timedelta(days=90)
"""So long the id of a command is remembered: sent again later than that, it asks anew."""


class Timers:
    def __init__(self, db: Database, journal: Journal, desk: Desk, clock: Clock) -> None:
        self._db, self._journal, self._desk, self._clock = db, journal, desk, clock

    async def begin(self) -> None:
        """What comes every day comes today as well."""
        await self._again(FORGET, timedelta())

    async def ask_later(self, shape: Any, broadcast: str) -> None:
        """A timer's wish. What was decided otherwise meanwhile (cancelled, closed) needs nothing."""
        command = shape(id=uuid7(self._clock.now()), broadcast=UUID(broadcast))
        try:
            await self._desk.ask(command, SYSTEM)
        except (Conflict, NotFound):
            return

    async def spoil(self, told: list[str]) -> None:
        ref, channel, why = told
        kind, _, person = ref.partition(":")
        if kind != "person":
            return
        command = SpoilAddress(id=uuid7(self._clock.now()), person=UUID(person), channel=channel, why=why[:200] or "vendor")  # type: ignore[arg-type]
        try:
            await self._desk.ask(command, SYSTEM)
        except NotFound:
            return

    async def following(self, told: tuple[str, bool]) -> None:
        """Somebody follows the WeChat account, or does so no more."""
        openid, follows = told
        async with self._db.read() as conn:
            person = await conn.fetchval("select id from directory.person where openid = $1 and active", openid)
        if person is None:
            return
        at = self._clock.now()
        await self._desk.ask(
            ClearAddress(id=uuid7(at), person=person, channel="wechat") if follows
            else SpoilAddress(id=uuid7(at), person=person, channel="wechat", why="已取消关注 unsubscribed"), SYSTEM)

    async def expire_messages(self, _told: Any) -> None:
        """Clears away what is older than its retention; and again tomorrow, under the one key of the job."""
        more = True
        while more:
            more = (await self._desk.ask(ExpireMessages(id=uuid7(self._clock.now())), SYSTEM))["more"]
        await self._again(EXPIRE, EVERY)

    async def forget_commands(self, _told: Any) -> None:
        while await self._journal.prune(self._clock.now() - KNOWN_FOR):
            pass
        await self._again(FORGET, EVERY)

    async def _again(self, kind: str, after: timedelta) -> None:
        async with self._db.transaction() as conn:
            await Jobs.put(conn, kind, "", self._clock.now() + after)
