"""Both connections of a node to the server, and how what it keeps is called there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha1
from pathlib import Path

from redis.asyncio.connection import parse_url

from hub.bus.wire import ANSWER_SECONDS, Away, Commands, Feed, Word

Entry = tuple[int, int, bytes, bytes]
"""(number, the room's number before, id, payload)"""

FRAMES_AT_ONCE = 20_000


def _script(name: str) -> str:
    return (Path(__file__).parent / f"{name}.lua").read_text("utf-8")


class Scripts:
    ERA, PUBLISH, SHELVE = _script("era"), _script("publish"), _script("shelve")
    publish = sha1(PUBLISH.encode(), usedforsecurity=False).hexdigest()
    shelve = sha1(SHELVE.encode(), usedforsecurity=False).hexdigest()


class Links:
    """Everything is named `{hub:<db>}…`: several hubs may share a server by database number."""

    def __init__(self, url: str, within: float = ANSWER_SECONDS) -> None:
        self._url, self._within = url, within
        self._name = f"{{hub:{parse_url(url).get('db', 0)}}}"
        self._channels = f"{self._name}room:".encode()
        self.commands, self.feed = Commands(within), Feed(_nothing, within)

    async def open(self, took: Callable[[bytes, bytes], None]) -> None:
        """Raises Away."""
        self.close()
        self.commands, self.feed = Commands(self._within), Feed(took, self._within)
        await self.commands.open(self._url)
        await self.feed.open(self._url)
        await self.commands.all([("SCRIPT", "LOAD", Scripts.PUBLISH), ("SCRIPT", "LOAD", Scripts.SHELVE)])

    def close(self) -> None:
        self.commands.close()
        self.feed.close()

    def key(self, name: str) -> str:
        return self._name + name

    def channel(self, room: str) -> bytes:
        return self._channels + room.encode()

    def room(self, channel: bytes) -> str:
        return channel[len(self._channels):].decode()

    def stream(self, room: str) -> str:
        return f"{self._name}told:{room}"

    def try_(self, *words: Word) -> None:
        try:
            self.commands.begin(*words)
        except Away:
            return

    async def streams(self, since: Mapping[str, int], rooms: Sequence[str]) -> list[list[Entry]]:
        """Raises Away."""
        if not rooms:
            return []
        found = await self.commands.all([
            ("XRANGE", self.stream(room), f"({since[room]}-0", "+", "COUNT", FRAMES_AT_ONCE) for room in rooms])
        return [[(int(key[:-2]), int(told[1]), told[3], told[5]) for key, told in entries] for entries in found]

    async def tops(self, rooms: Sequence[str]) -> list[int]:
        """The last number of each; 0: nothing is kept. Raises Away."""
        if not rooms:
            return []
        found = await self.commands.all([("XREVRANGE", self.stream(room), "+", "-", "COUNT", 1) for room in rooms])
        return [int(entries[0][0][:-2]) if entries else 0 for entries in found]


def _nothing(_channel: bytes, _raw: bytes) -> None: ...
