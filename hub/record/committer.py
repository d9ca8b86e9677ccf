"""Group commit: all commands that queued while the last transactions ran go into the next one.

A command that breaks its batch hurts only itself: the batch is halved until the culprit stands
alone. When the connection is lost the same ids are sent again, which the journal takes as repeats.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

from hub.kernel.errors import TryAgain
from hub.record.batch import Pending, Verdict, outcome, take
from hub.record.database import Database, away, unavailable
from hub.record.entries import Append, Appended
from hub.record.lane import Lane

log = structlog.get_logger()

LANES = 2
FEW = 32
"""So many go together rather than each lane taking its share: a batch has a price of its own."""
BATCH_SECONDS = 30.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.2


class Committer:
    """`grown` is called with the last position after every commit that recorded something."""

    def __init__(self, database: Database, grown: Callable[[int], None], queue: int, deadline: float) -> None:
        self._database = database
        self._grown = grown
        self._longest = queue
        self._deadline = deadline
        self._queue: deque[Pending] = deque()
        self._busy: set[object] = set()
        self._lanes_busy = 0
        self._work = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    async def append(self, append: Append[Any]) -> Appended[Any]:
        """A cancelled caller does not cancel the append."""
        loop = asyncio.get_running_loop()
        pending = Pending(append, loop.create_future(), loop.time() + self._deadline)
        if len(self._queue) >= self._longest:
            raise TryAgain(
                "系统繁忙，请稍后用同一编号重试。",
                "The hub is busy; send the same id again shortly.",
                code="queue-full",
            )
        self._queue.append(pending)
        self._idle.clear()
        self._work.set()
        return await pending.future

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(LANES):
                    group.create_task(self._serve(Lane(self._database)))
        finally:
            self._refuse([*self._queue])

    async def drained(self) -> None:
        await self._idle.wait()

    async def _serve(self, lane: Lane) -> None:
        try:
            while True:
                batch = take(self._queue, self._busy, max(FEW, len(self._queue) // (LANES - self._lanes_busy)))
                if batch:
                    await self._carry(lane, batch)
                    continue
                if not (self._queue or self._busy):
                    self._idle.set()
                self._work.clear()
                await self._work.wait()
        finally:
            await lane.hang_up()

    async def _carry(self, lane: Lane, batch: list[Pending]) -> None:
        wanted = [name for pending in batch for name in pending.names]
        self._busy.update(wanted)
        self._lanes_busy += 1
        try:
            await self._commit(lane, batch)
        finally:
            self._lanes_busy -= 1
            self._busy.difference_update(wanted)
            self._work.set()

    async def _commit(self, lane: Lane, batch: list[Pending]) -> None:
        pause = SHORTEST_PAUSE
        while batch:
            try:
                async with asyncio.timeout(BATCH_SECONDS):
                    return self._settle(batch, await lane.write(batch))
            except Exception as error:  # noqa: BLE001 - goes to the caller it belongs to
                if not (away(error) or isinstance(error, (TryAgain, OSError))):
                    return await self._isolate(lane, batch, error)
                log.warning("append_waits", error=repr(error), commands=len(batch))
            except asyncio.CancelledError:
                self._refuse(batch)
                raise
            for pending in batch:
                pending.doubtful |= pending.sent
            await lane.hang_up()
            batch = self._unexpired(batch)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _settle(self, batch: list[Pending], found: list[Verdict]) -> None:
        head = 0
        for pending, verdict in zip(batch, found, strict=True):
            came = outcome(pending, verdict)
            if isinstance(came, Exception):
                _fail(pending, came)
                continue
            head = max(head, came.pos)
            if not pending.future.done():
                pending.future.set_result(came)
        if head:
            self._grown(head)

    async def _isolate(self, lane: Lane, batch: list[Pending], error: Exception) -> None:
        """The transaction is rolled back: nothing of the batch stands."""
        for pending in batch:
            pending.sent = pending.doubtful = False
            pending.projected = None
        if len(batch) == 1:
            return _fail(batch[0], error)
        half = len(batch) // 2
        await self._commit(lane, batch[:half])
        await self._commit(lane, batch[half:])

    def _unexpired(self, batch: list[Pending]) -> list[Pending]:
        now = asyncio.get_running_loop().time()
        self._refuse([p for p in (*batch, *self._queue) if p.deadline <= now])
        waiting = [p for p in self._queue if p.deadline > now]
        self._queue.clear()
        self._queue.extend(waiting)
        return [p for p in batch if p.deadline > now]

    def _refuse(self, batch: list[Pending]) -> None:
        for pending in batch:
            _fail(pending, unavailable())


def _fail(pending: Pending, error: Exception) -> None:
    if not pending.future.done():
        pending.future.set_exception(error)
