"""Pictures ready to be sent: H.264 that is encoded once for all stations of a process. Blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av

from hub.kernel.errors import Refused

WIDTH, HEIGHT, RATE = 320, 180, 10
TEST_FRAMES = 4 * RATE
LONGEST = 60 * RATE
"""Frames of a file; then it begins anew."""
BIT_RATE = 250_000
BARS = ((235, 128, 128), (210, 16, 146), (170, 166, 16), (145, 54, 34), (106, 202, 222), (81, 90, 240), (41, 240, 110), (16, 128, 128))
"""Y, U and V of the eight columns of a test card."""


@lru_cache(maxsize=4)
def card() -> tuple[bytes, ...]:
    """A white line wanders over coloured columns, so that one sees that it moves."""
    return _encoded(_card(number) for number in range(TEST_FRAMES))


@lru_cache(maxsize=4)
def of_file(path: Path) -> tuple[bytes, ...]:
    """Raises Refused."""
    try:
        frames = _encoded(_decoded(path))
    except (OSError, av.FFmpegError, IndexError) as error:
        raise Refused(f"读不到视频文件 {path}。", f"{path} cannot be shown: {error}.", code="no-picture") from error
    if not frames:
        raise Refused(f"视频文件 {path} 里没有画面。", f"{path} has no picture.", code="no-picture")
    return frames


def _card(number: int) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    line = number * HEIGHT // TEST_FRAMES
    for plane, (level, wide, high) in enumerate(((0, WIDTH, HEIGHT), (1, WIDTH // 2, HEIGHT // 2), (2, WIDTH // 2, HEIGHT // 2))):
        stride = frame.planes[plane].line_size
        row = b"".join(bytes([bar[level]]) * (wide // len(BARS)) for bar in BARS).ljust(stride, b"\x80")
        rows = [row] * high
        if plane == 0:
            rows[line:line + 6] = [b"\xeb" * stride] * len(rows[line:line + 6])
        frame.planes[plane].update(b"".join(rows))
    return frame


def _decoded(path: Path) -> Iterator[av.VideoFrame]:
    """As many as are shown, at the rate at which they are sent."""
    due = 0.0
    with av.open(str(path)) as container:
        count = 0
        for frame in container.decode(container.streams.video[0]):
            at = float(frame.time or 0.0)
            if at + 1e-6 < due:
                continue
            due += 1 / RATE
            yield smaller(frame)
            count += 1
            if count >= LONGEST:
                return


def smaller(frame: av.VideoFrame) -> av.VideoFrame:
    """To the size that is sent; of another shape it is stretched."""
    return frame.reformat(width=WIDTH, height=HEIGHT, format="yuv420p")


def _encoded(frames: Iterable[av.VideoFrame]) -> tuple[bytes, ...]:
    """A key frame each second: whoever begins to look waits no longer, and a request for one needs no encoder."""
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.framerate, encoder.bit_rate = Fraction(1, RATE), Fraction(RATE, 1), BIT_RATE
    encoder.profile = "Baseline"
    encoder.options = {"tune": "zerolatency", "preset": "veryfast", "g": str(RATE), "x264-params": "repeat-headers=1:scenecut=0"}
    packets: list[bytes] = []
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        frame.pict_type = av.video.frame.PictureType.NONE
        packets += (bytes(packet) for packet in encoder.encode(frame))
    return tuple(packets)
