"""Small things in Valkey that every node finds: written behind, in one go for all that changed."""

from __future__ import annotations

import asyncio

import hiredis

from hub.bus.links import Scripts
from hub.bus.wire import Away, Commands, Word

KEPT = 20 * 60
BREATH = 0.005
AT_ONCE = 500
SURE_SECONDS = 0.5
PREFIX = "{hub}kept:"


class ValkeyShelf:
    def __init__(self) -> None:
        self._waiting: dict[str, bytes | None] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._commands: Commands | None = None
        self._unsure: list[asyncio.Future[None]] = []

    def put(self, key: str, value: bytes, turn: int) -> None:
        self._wait(key, b"%08x" % turn + value)

    def drop(self, key: str) -> None:
        self._wait(key, None)

    def _wait(self, key: str, value: bytes | None) -> None:
        self._waiting[key] = value
        self._wake.set()
        self._idle.clear()

    async def get(self, key: str) -> bytes | None:
        """What is waiting to be written counts. While the server is away: nothing."""
        if key in self._waiting:
            found = self._waiting[key]
        elif self._commands is None:
            return None
        else:
            try:
                found = await self._commands.call("GET", PREFIX + key)
            except (Away, hiredis.ReplyError):
                return None
        return found[8:] if found else None

    async def write(self, commands: Commands) -> None:
        """As long as the connection lasts. Raises Away."""
        self._commands = commands
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await asyncio.sleep(BREATH)
                while self._waiting:
                    await self._write_some(commands)
                self._idle.set()
                _resolve(self._unsure)
                self._unsure.clear()
        finally:
            self._commands = None
            _resolve(self._unsure)
            if self._waiting:
                self._wake.set()

    async def _write_some(self, commands: Commands) -> None:
        some = [(key, self._waiting[key]) for key in list(self._waiting)[:AT_ONCE]]
        await commands.all([_words(key, value) for key, value in some])
        for key, value in some:
            if self._waiting.get(key) is value:
                self._waiting.pop(key, None)

    async def sure(self, key: str) -> None:
        """Waits a moment at most."""
        if self._commands is None or key not in self._waiting:
            return
        written = asyncio.get_running_loop().create_future()
        self._unsure.append(written)
        await asyncio.wait([written], timeout=SURE_SECONDS)

    async def written(self) -> None:
        await self._idle.wait()


def _words(key: str, value: bytes | None) -> tuple[Word, ...]:
    if value is None:
        return ("DEL", PREFIX + key)
    return ("EVALSHA", Scripts.shelve, 1, PREFIX + key, value, KEPT)


def _resolve(unsure: list[asyncio.Future[None]]) -> None:
    for written in unsure:
        if not written.done():
            written.set_result(None)
