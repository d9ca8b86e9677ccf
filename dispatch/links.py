"""Who is connected, as rows: the map shows it, and planning asks it. Written in small batches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

import structlog

from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.presence.port import Seen
from hub.record import Bell, Database, load_sql
from hub.spoke import Touched

log = structlog.get_logger()

Q = load_sql("dispatch")

PACE = 0.2
AGREE_SECONDS, TWICE_SECONDS = 60.0, 6.0
JUST = timedelta(minutes=1)
RECIPIENTS = ("station:", "person:")


class Links:
    def __init__(self, db: Database, clock: Clock, touch: Callable[[Iterable[Touched]], None]) -> None:
        self._db, self._clock, self._touch = db, clock, touch
        self._changed: dict[str, Seen] = {}
        self._bell = Bell()

    def seen(self, seen: Seen) -> None:
        if seen.ref.startswith(RECIPIENTS):
            self._changed[seen.ref] = seen
            self._bell.ring()

    async def nobody_here(self) -> None:
        """At the start: connections of an earlier process are gone."""
        async with self._db.transaction() as conn:
            await conn.execute(Q["nobody_here"])

    async def agree(self, everyone: Callable[[], Awaitable[frozenset[str]]]) -> None:
        """What nobody told (a process that died with its word, a server that lost its memory): whoever is
        online in the rows and twice nowhere else is not online."""
        while True:
            try:
                missing = await self._online() - await everyone()
                await asyncio.sleep(TWICE_SECONDS)
                missing = missing - await everyone() if missing else missing
                await self._write({ref: Seen(ref, online=False, at=self._clock.now()) for ref in missing})
            except (TryAgain, OSError) as away:
                log.warning("presence waits", error=str(away))
            await asyncio.sleep(AGREE_SECONDS)

    async def _online(self) -> frozenset[str]:
        async with self._db.read() as conn:
            return frozenset(row["ref"] for row in await conn.fetch(Q["online_links"]))

    async def run(self) -> None:
        while True:
            ringing = self._bell.listen()
            if not self._changed:
                await ringing.wait()
            changed, self._changed = self._changed, {}
            try:
                await self._write(changed)
            except TryAgain as away:
                log.warning("presence waits", error=away.en)
                self._changed = changed | self._changed
            await asyncio.sleep(PACE)

    async def _write(self, changed: dict[str, Seen]) -> None:
        if not changed:
            return
        async with self._db.transaction() as conn:
            await conn.execute(Q["see_links"], list(changed), [seen.online for seen in changed.values()],
                               [seen.at for seen in changed.values()])
        self._touch(("stations", ref) for ref in changed if ref.startswith("station:"))
        await self._tell_again([seen for seen in changed.values() if seen.online])

    async def _tell_again(self, arrived: list[Seen]) -> None:
        """Who planned before it was written that they are here took them to be away, and told them nothing."""
        if not arrived:
            return
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["just_sent_to"], [seen.ref for seen in arrived], min(seen.at for seen in arrived) - JUST)
        self._touch(("inbox", str(row["id"])) for row in rows)
