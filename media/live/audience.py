"""Who watches a live meeting, counted by the playlists he asks for: nothing else is known of him."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from uuid import UUID

from hub.kernel.clock import Clock
from hub.record import Database, load_sql
from hub.spoke import Touched
from media.live.projection import LIVES, SUM
from media.live.words import VIEWER_FORGOTTEN

Q = load_sql(__package__)

COUNTED_EVERY = 5.0
MOST_VIEWERS = 200_000
"""Of one process; who comes then watches uncounted."""


class Counter:
    """Viewers by live meeting, each by a word he made up himself. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._seen: dict[UUID, dict[str, float]] = {}
        self._size = 0

    def saw(self, live: UUID, viewer: str, at: float) -> None:
        here = self._seen.setdefault(live, {})
        if viewer not in here:
            if self._size >= MOST_VIEWERS:
                return
            self._size += 1
        here[viewer] = at

    def count(self, at: float) -> dict[UUID, int]:
        """Those who asked lately; a live meeting that nobody watches any more is named once with 0."""
        since = at - VIEWER_FORGOTTEN.total_seconds()
        found: dict[UUID, int] = {}
        for live, here in list(self._seen.items()):
            for viewer in [viewer for viewer, seen in here.items() if seen < since]:
                del here[viewer]
                self._size -= 1
            found[live] = len(here)
            if not here:
                del self._seen[live]
        return found


class Audience:
    """`node`: which of several processes this is. Every process counts its own."""

    def __init__(self, db: Database, clock: Clock, node: str, touch: Callable[[Iterable[Touched]], None]) -> None:
        self._db, self._clock, self._node, self._touch = db, clock, node or "one", touch
        self._counter = Counter()
        self._told: dict[UUID, int] = {}

    def saw(self, live: UUID, viewer: str) -> None:
        self._counter.saw(live, viewer, asyncio.get_running_loop().time())

    async def run(self) -> None:
        while True:
            await asyncio.sleep(COUNTED_EVERY)
            await self.write()

    async def write(self) -> None:
        counted = self._counter.count(asyncio.get_running_loop().time())
        if not counted:
            return
        at, lives = self._clock.now(), list(counted)
        async with self._db.transaction() as conn:
            await conn.execute(Q["count_viewers"], lives, self._node, list(counted.values()), at)
            await conn.execute(Q["raise_peak"], lives, at - VIEWER_FORGOTTEN)
        changed = [live for live, count in counted.items() if self._told.get(live) != count]
        self._told = {live: count for live, count in counted.items() if count}
        self._touch([*((LIVES, str(live)) for live in changed), *([SUM] if changed else [])])
