"""Growing files, written by one thread so that no disk ever holds up the loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

import structlog

log = structlog.get_logger("media.studio")

MOST_WAITING = 64 * 1024 * 1024
"""Bytes in memory that a slow disk has not taken yet; what comes on top ends its file."""


class TooSlow(OSError):
    """The disk does not keep up."""


class GrowingFile:
    """`failed` is called once, on the loop, when the disk refuses; up to `size` the file is whole then."""

    def __init__(self, writer: Writer, path: Path, failed: Callable[[OSError], None]) -> None:
        self.path = path
        self.size = 0
        self._writer = writer
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._descriptor = -1
        self._broken = False

    def append(self, parts: Sequence[bytes]) -> int:
        """Where the parts will stand in the file."""
        at = self.size
        size = sum(map(len, parts))
        self.size += size
        self._writer.put(self, parts, size)
        return at

    async def close(self) -> None:
        """Everything is written when this returns, or the file has failed."""
        done = self._loop.create_future()
        self._writer.put(self, (), 0, lambda: self._loop.call_soon_threadsafe(settle, done))
        await done

    def fail(self, error: OSError) -> None:
        if not self._broken:
            self._broken = True
            self._loop.call_soon_threadsafe(self._failed, error)

    def write(self, parts: Sequence[bytes]) -> None:
        """On the writer's thread."""
        if self._broken:
            return
        start = 0
        try:
            if self._descriptor < 0:
                self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
            start = os.lseek(self._descriptor, 0, os.SEEK_CUR)
            rest = memoryview(b"".join(parts))
            while rest:
                rest = rest[os.write(self._descriptor, rest):]
        except OSError as error:
            self._undo(start)
            self.fail(error)

    def shut(self) -> None:
        """On the writer's thread."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _undo(self, start: int) -> None:
        """A fragment is whole or not there."""
        if self._descriptor >= 0:
            try:
                os.ftruncate(self._descriptor, start)
            except OSError as error:
                log.warning("a torn fragment stays", file=str(self.path), error=str(error))


def settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


_Job = tuple[GrowingFile, Sequence[bytes], int, Callable[[], object] | None]


class Writer:
    """The thread. It takes at most MOST_WAITING bytes ahead of the disk."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting = 0
        self._lock = Lock()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def put(self, file: GrowingFile, parts: Sequence[bytes], size: int, after: Callable[[], object] | None = None) -> None:
        with self._lock:
            full = self._waiting + size > self._most
            if not full:
                self._waiting += size
        if full:
            file.fail(TooSlow("the disk does not keep up"))
        else:
            self._jobs.put((file, parts, size, after))

    def stop(self) -> None:
        """Returns when all is written."""
        self._jobs.put(None)
        self._thread.join(30)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            file, parts, size, after = job
            if after is None:
                file.write(parts)
            else:
                file.shut()
                after()
            with self._lock:
                self._waiting -= size
