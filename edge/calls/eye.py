"""Looks at the pictures that come in, and shows them to nobody: there is no screen. It counts what it saw."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiortc.mediastreams import MediaStreamError


class Eye:
    """`frames` came; the last was `width` x `height`."""

    def __init__(self) -> None:
        self.frames = self.width = self.height = 0

    async def watch(self, track: Any) -> None:
        """Until the track ends. It is read whatever comes of it: aiortc keeps what nobody takes."""
        with suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                self.frames += 1
                self.width, self.height = frame.width, frame.height
