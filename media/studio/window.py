"""What of a live stream can be fetched: the newest from memory, what is older from the replay's file."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from media.studio import playlist
from media.studio.playlist import Range, Segment, Window
from media.studio.replay import Replay
from media.studio.segments import Cut, Segmenter
from media.wires_studio import Fetch, Fetched

_IN_MEMORY = 12
"""Segments; so many more where there is no file to read the older ones from."""
_WITH_PARTS = 5
_FAR = 3
"""Segments ahead that nobody may wait for."""
_M3U8, _MP4, _JPEG = "application/vnd.apple.mpegurl", "video/mp4", "image/jpeg"
_FOR_EVER = 86_400
_NUMBERED = re.compile(r"(init|seg|part)-(\d{1,9})(?:\.(\d{1,4}))?\.(?:mp4|m4s)")
_NOT_THERE = Fetched(status=404)


@dataclass(slots=True)
class Kept:
    segment: Segment
    bodies: list[bytes]
    """Of its parts; empty once it is read from the file."""
    place: Range | None = None


class Shown:
    """Everything that viewers of one stream may ask for."""

    def __init__(self, segmenter: Segmenter, replay: Replay, dvr_seconds: int) -> None:
        self.poster = b""
        self.ended = False
        self.bits = 1_500_000
        self._segmenter = segmenter
        self._replay = replay
        self._dvr = dvr_seconds
        self._kept: list[Kept] = []
        self._growing: Kept | None = None
        self._changes = 0
        self._grown = asyncio.Event()

    @property
    def begun(self) -> bool:
        return bool(self._kept)

    def add(self, cut: Cut) -> None:
        growing = self._growing or Kept(cut.segment, [])
        growing.segment = cut.segment
        growing.bodies.append(cut.body)
        self._growing = None if cut.whole else growing
        if cut.whole:
            growing.place = self._replay.add(
                cut.segment, growing.bodies, self._segmenter.heads[cut.segment.init], self._segmenter.target)
            self._kept.append(growing)
            self._measure(growing)
            self._forget()
        self._stir()

    def end(self) -> None:
        self.ended = True
        self._stir()

    async def fetch(self, wish: Fetch) -> Fetched:
        if wish.name == "poster.jpg":
            return Fetched(status=200, mime=_JPEG, body=self.poster, keep=2) if self.poster else _NOT_THERE
        if wish.name in ("index.m3u8", "main.m3u8"):
            return await self._playlist(wish)
        named = _NUMBERED.fullmatch(wish.name)
        if named is None:
            return _NOT_THERE
        kind, number, part = named.group(1), int(named.group(2)), named.group(3)
        if kind == "init":
            heads = self._segmenter.heads
            return _file(heads[number]) if number < len(heads) else _NOT_THERE
        return await (self._segment(number) if kind == "seg" else self._part(number, int(part or 0)))

    async def _playlist(self, wish: Fetch) -> Fetched:
        last = self._window().hint[0]
        if wish.msn > last + _FAR:
            return Fetched(status=400)
        if not await self._until(lambda: self.begun and (wish.msn < 0 or self._has(wish.msn, wish.part))):
            return Fetched(status=503)
        if wish.name == "main.m3u8":
            look = self._segmenter.look
            width, height, words = (look.width, look.height, look.words) if look else (0, 0, "")
            text = playlist.main_playlist(f"{words},mp4a.40.2", width, height, self.bits)
        else:
            text = playlist.media_playlist(self._window(), skip=wish.skip)
        return Fetched(status=200, mime=_M3U8, body=text.encode())

    async def _segment(self, number: int) -> Fetched:
        kept = self._at(number)
        if kept is None:
            return _NOT_THERE
        if kept.bodies:
            return _file(b"".join(kept.bodies))
        if kept.place is None:
            return _NOT_THERE
        try:
            return _file(await self._replay.read(kept.place))
        except OSError:
            return _NOT_THERE

    async def _part(self, number: int, part: int) -> Fetched:
        if (number, part) > self._window().hint:
            return _NOT_THERE
        if not await self._until(lambda: self._has(number, part) or self._at(number) is not None):
            return Fetched(status=503)
        kept = self._at(number) or self._growing
        if kept is None or kept.segment.number != number or part >= len(kept.bodies):
            return _NOT_THERE
        return _file(kept.bodies[part])

    def _has(self, number: int, part: int) -> bool:
        """Whether a playlist that holds this can be told."""
        hint = self._window().hint
        return number < hint[0] or (part >= 0 and number == hint[0] and part < hint[1])

    def _at(self, number: int) -> Kept | None:
        place = number - self._kept[0].segment.number if self._kept else -1
        return self._kept[place] if 0 <= place < len(self._kept) else None

    def _window(self) -> Window:
        growing = self._growing.segment if self._growing else None
        return Window(max(1, self._segmenter.target), [kept.segment for kept in self._kept], growing, self.ended, self._changes)

    async def _until(self, there: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(3 * max(3, self._segmenter.target)):
                while not there() and not self.ended:
                    await self._grown.wait()
        except TimeoutError:
            return there()
        return True

    def _stir(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()

    def _measure(self, kept: Kept) -> None:
        seconds = max(0.1, kept.segment.seconds)
        self.bits = max(self.bits, round(sum(map(len, kept.bodies)) * 8 / seconds))

    def _forget(self) -> None:
        for kept in self._kept[-_IN_MEMORY - 1:-_IN_MEMORY]:
            if kept.place is not None:
                kept.bodies = []
        for kept in self._kept[-_WITH_PARTS - 1:-_WITH_PARTS]:
            kept.bodies = [b"".join(kept.bodies)] if kept.bodies else []
        most = self._dvr if self._replay.ok else min(self._dvr, 5 * _IN_MEMORY)
        while len(self._kept) > _IN_MEMORY and (self._kept[-1].segment.at - self._kept[0].segment.at) / 1_000 > most:
            self._changes += self._kept[1].segment.fresh
            del self._kept[0]


def _file(body: bytes) -> Fetched:
    return Fetched(status=200, mime=_MP4, body=body, keep=_FOR_EVER)
