"""What a station shows in a round: a test card, a file, or its camera (V4L2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from edge.calls import frames
from hub.kernel.errors import Malformed, Refused

CLOCK = Fraction(1, 90_000)
STEP = 90_000 // frames.RATE
DEVICE = "/dev/video0"


class ReadyPictures(MediaStreamTrack):
    """Encoded once for all stations of a process, over and over."""

    kind = "video"

    def __init__(self, pictures: Sequence[bytes]) -> None:
        super().__init__()
        self._pictures, self._at, self._began = pictures, 0, 0.0

    async def recv(self) -> av.Packet[Any]:
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        await asyncio.sleep(self._began + self._at / frames.RATE - loop.time())
        packet = av.Packet(self._pictures[self._at % len(self._pictures)])
        packet.pts, packet.time_base = self._at * STEP, CLOCK
        self._at += 1
        return packet


class Camera(MediaStreamTrack):
    """A V4L2 device; aiortc encodes what it sees."""

    kind = "video"

    def __init__(self, device: str) -> None:
        super().__init__()
        try:
            self._container: Any = av.open(device, format="v4l2", options={"framerate": "15"})
            self._seen = self._container.decode(video=0)
        except (OSError, ValueError, av.FFmpegError) as error:
            raise Refused(f"摄像头 {device} 打不开，请检查它是否插好、是否被别的程序占用。",
                          f"The camera {device} cannot be opened ({error}). Is it plugged in, and not in use elsewhere?", code="no-camera") from error
        self._began = 0.0

    async def recv(self) -> av.VideoFrame:
        if self.readyState != "live":
            raise MediaStreamError
        try:
            frame = frames.smaller(await asyncio.to_thread(next, self._seen))
        except (StopIteration, RuntimeError, OSError, av.FFmpegError) as error:
            self.stop()
            raise MediaStreamError from error
        now = asyncio.get_running_loop().time()
        self._began = self._began or now
        frame.pts, frame.time_base = int((now - self._began) * 90_000), CLOCK
        return frame

    def stop(self) -> None:
        super().stop()
        self._container.close()


Pictures = ReadyPictures | Camera


def camera_of(wish: str) -> Callable[[], Pictures] | None:
    """`none`, `test`, `file:PATH`, `v4l2[:/dev/video0]`. None: no picture. Raises Malformed."""
    kind, _, more = wish.partition(":")
    if wish == "none":
        return None
    if wish == "test":
        return lambda: ReadyPictures(frames.card())
    if kind == "file" and more:
        return lambda: ReadyPictures(frames.of_file(Path(more)))
    if kind == "v4l2":
        return lambda: Camera(more or DEVICE)
    raise Malformed("--camera 只能是 none、test、file:文件 或 v4l2:/dev/video0。",
                    "--camera is none, test, file:PATH or v4l2:/dev/video0.", field="camera")
