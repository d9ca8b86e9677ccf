"""What was live, to be watched again: one growing file, and a playlist of its byte ranges beside it.

Both only grow, so a killed studio leaves a replay that lacks its last second.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from media.studio import finish
from media.studio.files import GrowingFile, Writer
from media.studio.playlist import REPLAY_END, Range, Segment, replay_beginning, replay_segment


class Replay:
    """`failed` is called once when the disk refuses; the stream goes on without."""

    def __init__(self, folder: Path, name: str, writer: Writer, failed: Callable[[OSError], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.mp4"
        self.playlist = folder / f"{name}.m3u8"
        self.ok = True
        self._tell = failed
        self._film = GrowingFile(writer, self.path, self._failed)
        self._list = GrowingFile(writer, self.playlist, self._failed)
        self._heads: dict[int, Range] = {}
        self._init = -1

    @property
    def begun(self) -> bool:
        return bool(self._heads)

    def add(self, segment: Segment, parts: list[bytes], head: bytes, target: int) -> Range | None:
        """Where it stands; None: the disk has failed."""
        if not self.ok:
            return None
        text = "" if self._heads else replay_beginning(target)
        if segment.init not in self._heads:
            self._heads[segment.init] = Range(self._film.append([head]), len(head))
        place = Range(self._film.append(parts), sum(map(len, parts)))
        with_head = self._heads[segment.init] if segment.init != self._init or segment.fresh else None
        self._init = segment.init
        self._list.append([(text + replay_segment(segment, self.path.name, place, with_head)).encode()])
        return place

    async def end(self) -> tuple[int, str]:
        """(size, sha256) of the film."""
        if self.begun:
            self._list.append([REPLAY_END.encode()])
        await self._film.close()
        await self._list.close()
        if not self.path.exists():
            return 0, ""
        return self.path.stat().st_size, await asyncio.to_thread(finish.sha256_of, self.path)

    async def read(self, place: Range) -> bytes:
        """Raises OSError."""
        return await asyncio.to_thread(_read, self.path, place)

    def _failed(self, error: OSError) -> None:
        if self.ok:
            self.ok = False
            self._tell(error)


def _read(path: Path, place: Range) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, place.size, place.offset)
    finally:
        os.close(descriptor)
