"""Any sound becomes ready Opus frames of 20 ms: a file that the plane plays without a codec.

`LHOPUS1\\0`, then [u16 length, big endian][frame] to the end; named by the sha256 of its bytes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.audio.resampler import AudioResampler

from hub.kernel.errors import Malformed
from media.studio.opus import FRAME

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext

MAGIC = b"LHOPUS1\x00"
ENDING = ".opus20"
RATE = 48_000
LONGEST_MS = 60 * 60 * 1_000
_BITS = 32_000


def prepare(source: Path, folder: Path) -> tuple[Path, str, int]:
    """Blocks. (file, sha256, milliseconds). Raises Malformed for what is no sound, OSError as the disk does."""
    frames = list(_encoded(source))
    if not frames:
        raise Malformed("这个文件里没有声音。", "There is no sound in this file.", code="audio-no-track")
    content = MAGIC + b"".join(len(frame).to_bytes(2, "big") + frame for frame in frames)
    sha256 = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sha256}{ENDING}"
    with tempfile.NamedTemporaryFile(prefix=".preparing-", dir=folder, delete=False) as fresh:
        try:
            fresh.write(content)
            fresh.flush()
            os.replace(fresh.name, path)
        except OSError:
            Path(fresh.name).unlink(missing_ok=True)
            raise
    return path, sha256, 20 * len(frames)


def frames_of(content: bytes) -> Iterator[bytes]:
    """Raises ValueError where it is no prepared file."""
    if not content.startswith(MAGIC):
        raise ValueError("not prepared")
    at = len(MAGIC)
    while at < len(content):
        end = at + 2 + int.from_bytes(content[at:at + 2], "big")
        if end > len(content) or end == at + 2:
            raise ValueError("torn")
        yield content[at + 2:end]
        at = end


def speech_encoder(bits: int = _BITS) -> AudioCodecContext:
    """One channel, 20 ms, made for voices."""
    encoder: AudioCodecContext = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = RATE
    encoder.layout = "mono"
    encoder.format = "s16"
    encoder.bit_rate = bits
    encoder.options = {"application": "voip", "frame_duration": "20", "vbr": "on"}
    encoder.open()
    return encoder


def _encoded(source: Path) -> Iterator[bytes]:
    encoder = speech_encoder()
    try:
        with av.open(f"file:{source}", options={"protocol_whitelist": "file"}) as container:
            if not container.streams.audio:
                return
            resampler = AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
            count = 0
            for frame in container.decode(container.streams.audio[0]):
                frame.pts = None
                for even in resampler.resample(frame):
                    count += 1
                    if count * 20 > LONGEST_MS:
                        return
                    yield from (bytes(packet) for packet in encoder.encode(even))
            for even in resampler.resample(None):
                yield from (bytes(packet) for packet in encoder.encode(even))
    except av.error.FFmpegError as error:
        raise Malformed("这个文件不是能播放的声音。", "This file is no sound that can be played.", code="audio-unreadable") from error
