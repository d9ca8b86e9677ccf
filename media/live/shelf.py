"""What is live, from the hub's memory: however many viewers ask for the same, the studio is asked once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from media.live.ports import Studio
from media.wires_studio import Fetch, Fetched

MOST_BYTES = 256 * 2**20
FETCH_SECONDS = 25.0
LIST_KEPT = 0.2
"""Seconds: of a playlist, which is soon another one."""


@dataclass(slots=True)
class _Landing:
    """One question under way. Whoever asked it may go away before it is answered: then `answer` stays empty."""

    over: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Fetched | None = None


class MemoryShelf:
    def __init__(self, studio: Studio, most: int = MOST_BYTES) -> None:
        self._studio, self._most, self._size = studio, most, 0
        self._kept: OrderedDict[Fetch, tuple[float, Fetched]] = OrderedDict()
        self._landing: dict[Fetch, _Landing] = {}

    async def fetch(self, what: Fetch) -> Fetched:
        """Raises TryAgain while the studio is away."""
        while (found := self._known(what)) is None:
            landing = self._landing.get(what)
            if landing is None:
                return await self._ask(what)
            await landing.over.wait()
            if landing.answer is not None:
                return landing.answer
        return found

    async def _ask(self, what: Fetch) -> Fetched:
        landing = self._landing[what] = _Landing()
        try:
            landing.answer = await self._studio.ask(what, Fetched, FETCH_SECONDS)
            self._keep(what, landing.answer)
            return landing.answer
        finally:
            del self._landing[what]
            landing.over.set()

    def _known(self, what: Fetch) -> Fetched | None:
        kept = self._kept.get(what)
        if kept is None:
            return None
        if kept[0] <= asyncio.get_running_loop().time():
            self._drop(what)
            return None
        self._kept.move_to_end(what)
        return kept[1]

    def _keep(self, what: Fetch, answer: Fetched) -> None:
        if answer.status != 200:
            return
        self._drop(what)
        self._kept[what] = (asyncio.get_running_loop().time() + (answer.keep or LIST_KEPT), answer)
        self._size += len(answer.body)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, what: Fetch) -> None:
        if kept := self._kept.pop(what, None):
            self._size -= len(kept[1].body)
