"""FFmpeg's WHIP muxer as an encoder of a hall: `python -m tests.flows.live_meetings.encoder URL KEY FOLDER`.
A bar runs over a changing ground; a tone sounds. Until its standard input ends, or for five minutes."""

from __future__ import annotations

import asyncio
import math
import select
import sys
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction
from functools import cache
from pathlib import Path

import av

from tests.flows.media.encoder import p256
from tests.patience import PATIENCE

RATE, WIDTH, HEIGHT, LONGEST = 15, 320, 180, 300
SAMPLES = 48_000 // RATE


def picture(tick: int) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "rgb24")
    plane, bar = frame.planes[0], tick * 4 % WIDTH
    row = bytearray(bytes((40, 70 + tick % 90, 120)) * WIDTH)
    row[bar * 3:(bar + 16) * 3] = b"\xff" * len(row[bar * 3:(bar + 16) * 3])
    plane.update(bytes(row).ljust(plane.line_size, b"\0") * HEIGHT)
    frame.pts, frame.time_base = tick, Fraction(1, RATE)
    return frame


@cache
def wave(turn: int) -> bytes:
    """Of a third of the tone's turns: reckoned once, for an encoder that is late gives its key frames late."""
    told = array("h")
    for at in range(turn * SAMPLES, (turn + 1) * SAMPLES):
        told.extend([int(math.sin(at * math.tau * 440 / 48_000) * 8_000)] * 2)
    return told.tobytes()


def tone(tick: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="stereo", samples=SAMPLES)
    frame.planes[0].update(wave(tick % 3))
    frame.pts, frame.sample_rate, frame.time_base = tick * SAMPLES, 48_000, Fraction(1, 48_000)
    return frame


def publish(url: str, key: str, folder: Path) -> None:
    cert, private = p256(folder)
    options = {"authorization": key, "cert_file": str(cert), "key_file": str(private), "handshake_timeout": "60000"}
    with av.open(url, "w", format="whip", options=options) as out:
        video = out.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "5", "bf": "0"}
        audio = out.add_stream("libopus", rate=48_000, layout="stereo")
        began = time.monotonic()
        for tick in range(RATE * LONGEST):
            if select.select([sys.stdin], [], [], max(0.0, began + tick / RATE - time.monotonic()))[0]:
                return
            out.mux(video.encode(picture(tick).reformat(format="yuv420p")))
            out.mux(audio.encode(tone(tick)))


@asynccontextmanager
async def publishing(url: str, key: str, folder: Path) -> AsyncIterator[None]:
    """A process of its own, as on a real machine: PyAV holds the interpreter while FFmpeg shakes hands."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.live_meetings.encoder", url, key, str(folder), stdin=asyncio.subprocess.PIPE)
    try:
        yield
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), timeout=PATIENCE)
        except TimeoutError:
            process.kill()
            await process.wait()


if __name__ == "__main__":
    publish(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
