"""How the hub is: is it ready, and its figures for Prometheus."""

from __future__ import annotations

import asyncio

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from hub.figures import Figures
from hub.kernel.errors import TryAgain
from hub.record import Database, Journal

READY_SECONDS = 3.0
BEAT = 0.05


class Pulse:
    """How long the loop did not come round: whatever blocks it holds up every guest of the process."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT
            await asyncio.sleep(BEAT)
            self._longest = max(self._longest, loop.time() - due)

    def longest(self) -> float:
        """Seconds, since this was last asked."""
        longest, self._longest = self._longest, 0.0
        return longest


class Health:
    def __init__(self, db: Database, journal: Journal, figures: Figures) -> None:
        self._db, self._journal, self._figures = db, journal, figures

    async def ready(self) -> None:
        """Raises TryAgain when the database does not answer."""
        try:
            async with asyncio.timeout(READY_SECONDS), self._db.read() as conn:
                await conn.fetchval("select 1")
        except TimeoutError:
            raise TryAgain("数据库没有应答。", "The database does not answer.") from None

    async def metrics(self) -> bytes:
        async with self._db.read() as conn:
            rows = await conn.fetch("select channel, state, count(*) n from dispatch.attempt group by 1, 2")
            inbox = await conn.fetchval("select count(*) from dispatch.inbox")
        registry = CollectorRegistry()
        attempts = Gauge("hub_attempts", "Tries by road and state", ["channel", "state"], registry=registry)
        for row in rows:
            attempts.labels(row["channel"], row["state"]).set(row["n"])
        Gauge("hub_journal_position", "Last position of the journal", registry=registry).set(await self._journal.head())
        Gauge("hub_inbox_waiting", "Receipts and callbacks not folded yet", registry=registry).set(inbox)
        said = await self._figures.of_all()
        for name, (words, _) in self._figures.measures.items():
            each = Gauge(name, words, ["node"], registry=registry)
            for node, numbers in said.items():
                each.labels(node).set(numbers.get(name, 0.0))
        return generate_latest(registry)
