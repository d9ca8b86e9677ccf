"""After a commit: the rows that changed are read once and told to the rooms that may see them.

Changes are conflated: the first is told at once, more of the same view at most every `pace`
seconds, so that a storm of receipts is a handful of frames. Views with hardly any pace have a lane of
their own that no storm stands in. Where more waits than can be read at
once, the views take turns and the newest goes first: 20,000 inboxes do not hold up an emergency.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import structlog

from hub.bus.port import Bus
from hub.kernel.errors import HubError
from hub.record import Database
from hub.spoke import Change, Touched, View
from hub.wire.codec import encode

log = structlog.get_logger()

PACE = 0.2
URGENT_PACE = 0.05
BREATH = 0.01
KEYS_AT_ONCE = 500
RETRY = 1.0
SLACK = 2_000_000
"""Microseconds."""


class Teller:
    def __init__(self, db: Database, bus: Bus, pace: float = PACE, micros: Callable[[], int] = lambda: 0) -> None:
        """`micros`: the time that all processes of the hub share; 0 where there is one process."""
        self._db, self._bus, self._pace, self._micros = db, bus, pace, micros
        self._views: dict[str, View] = {}
        self._shown_by: dict[str, list[str]] = {}
        self._hears: defaultdict[str, list[Callable[[str], None]]] = defaultdict(list)
        self._waiting: dict[str, dict[str, None]] = defaultdict(dict)
        self._rests: dict[str, float] = {}
        self._wakes = {urgent: asyncio.Event() for urgent in (True, False)}
        self._position = 0

    @property
    def position(self) -> int:
        """Of a snapshot read from now on: what is told later has this position or a higher one, as long as the clocks
        of all processes differ by no more than the slack. Our own clients do not ask: what a room tells them
        after they asked for its snapshot, they apply; where that was without need, a newer change follows."""
        return max(self._position, self._micros()) - (SLACK if self._micros() else 0)

    def show(self, views: Iterable[View]) -> None:
        """The views whose changes are told; known once every room is built."""
        self._views = {view.name: view for view in views if view.reread}
        self._shown_by = {name: [name] for name in self._views}
        for view in self._views.values():
            for other in view.follows:
                self._shown_by.setdefault(other, []).append(view.name)

    def hear(self, view: str, hears: Callable[[str], None]) -> None:
        """Called at once with each key of the view that a commit of this process has touched."""
        self._hears[view].append(hears)

    def touch(self, touched: Iterable[Touched]) -> None:
        for view, key in touched:
            for hears in self._hears.get(view, ()):
                hears(key)
            for name in self._shown_by.get(view, ()):
                self._waiting[name][key] = None
                self._wakes[self._urgent(name)].set()

    def _urgent(self, name: str) -> bool:
        pace = self._views[name].pace
        return pace is not None and pace <= URGENT_PACE

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for urgent in self._wakes:
                group.create_task(self._lane(urgent))

    async def _lane(self, urgent: bool) -> None:
        loop, wake = asyncio.get_running_loop(), self._wakes[urgent]
        while True:
            await wake.wait()
            wake.clear()
            due = [name for name in self._waiting if self._urgent(name) is urgent and self._rests.get(name, 0.0) <= loop.time()]
            for name in due:
                await self._round(name)
            if not (urgent and due):
                await asyncio.sleep(BREATH)
            if any(self._urgent(name) is urgent for name in self._waiting):
                wake.set()

    async def _round(self, name: str) -> None:
        keys = self._waiting.pop(name)
        some = some_of(keys)
        for key in some:
            del keys[key]
        if keys:
            self._waiting[name] = keys
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(10):
                await self._tell(self._views[name], some)
            pace = self._views[name].pace
            self._rests[name] = now() + (0.0 if keys else self._pace if pace is None else pace)
        except (HubError, TimeoutError) as error:
            log.warning("telling waits", view=name, keys=len(some), error=str(error))
            self._waiting[name] = dict.fromkeys(some) | self._waiting.get(name, {})
            self._rests[name] = now() + RETRY

    async def _tell(self, view: View, keys: Sequence[str]) -> None:
        assert view.reread is not None
        async with self._db.read() as conn:
            changes = await view.reread(conn, keys)
        self._position = max(self._position + 1, self._micros())
        for room, told in by_room(changes).items():
            await self._bus.publish(room, encode(
                {"room": room, "view": view.name, "position": self._position, "changes": told},
            ))


def some_of(keys: dict[str, None]) -> list[str]:
    """As many as are read at once: the newest, and of what is left the oldest, so that none waits for ever."""
    if len(keys) <= KEYS_AT_ONCE:
        return list(keys)
    half = KEYS_AT_ONCE // 2
    return [*islice(reversed(keys), half), *islice(keys, half)]


def by_room(changes: Iterable[Change]) -> dict[str, list[tuple[str, Any]]]:
    rooms: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for change in changes:
        for room in change.rooms:
            rooms[room].append((change.key, change.row))
    return rooms
