"""All live streams, and the beat that drives them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound
from media.studio.files import Writer
from media.studio.live import Live
from media.studio.sources import Source
from media.studio.window import Shown
from media.wires_studio import Fetch, Fetched, LiveEnded, ShowInLive, StartLive

_BEAT = 0.04
_LINGERS = 120.0
"""Seconds for which an ended stream still tells its players that it has ended."""


class Lives:
    def __init__(self, writer: Writer, clock: Clock, group: asyncio.TaskGroup, tell: Callable[[object], None]) -> None:
        self._writer = writer
        self._clock = clock
        self._group = group
        self._tell = tell
        self._lives: dict[str, Live] = {}
        self._over: dict[str, Shown] = {}
        self._beats: asyncio.Task[None] | None = None

    @property
    def running(self) -> tuple[str, ...]:
        return tuple(self._lives)

    def start(self, wish: StartLive, sources: Sequence[Source]) -> None:
        if wish.live in self._lives:
            return
        live = self._lives[wish.live] = Live(wish, self._writer, self._tell, self._now())
        for source in sources:
            live.add(source)
        if self._beats is None or self._beats.done():
            self._beats = self._group.create_task(self._beat())

    def show(self, wish: ShowInLive) -> None:
        """Raises NotFound."""
        self._live(wish.live).show(wish.show)

    async def stop(self, name: str) -> LiveEnded:
        live = self._lives.pop(name, None)
        if live is None:
            return LiveEnded(live=name, since=0, until=0)
        self._over[name] = live.shown
        asyncio.get_running_loop().call_later(_LINGERS, self._over.pop, name, None)
        ended = await live.end(self._now())
        self._tell(ended)
        return ended

    async def stop_all(self) -> None:
        for name in self.running:
            await self.stop(name)

    async def fetch(self, wish: Fetch) -> Fetched:
        live = self._lives.get(wish.live)
        shown = live.shown if live else self._over.get(wish.live)
        return await shown.fetch(wish) if shown else Fetched(status=404)

    def add(self, source: Source) -> None:
        for live in self._lives.values():
            live.add(source)

    def drop(self, source: Source) -> None:
        for live in self._lives.values():
            live.drop(source)

    def _live(self, name: str) -> Live:
        if name not in self._lives:
            raise NotFound("这场直播没有在进行。", "This live stream is not running.", code="not-live")
        return self._lives[name]

    async def _beat(self) -> None:
        while self._lives:
            now = self._now()
            for live in self._lives.values():
                live.tick(now)
            await asyncio.sleep(_BEAT)

    def _now(self) -> float:
        return self._clock.now().timestamp() * 1_000


