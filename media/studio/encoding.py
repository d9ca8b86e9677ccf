"""H.264 made here: the plate that stands where no picture is, and what comes as VP8."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import av
from av.video.frame import VideoFrame

from media.studio.h264 import H264
from media.studio.samples import VIDEO_RATE, Look, Sample

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

_PLATE = (640, 360)
_DARK = (36, 132, 122)
"""Y, U, V of the console's night blue."""
_WIDEST = 1_280
_FRAMES = 25


class Encoder:
    """Constrained baseline, as little work as can be: ultrafast, no looking ahead."""

    def __init__(self, width: int, height: int, bits: int) -> None:
        encoder: VideoCodecContext = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.framerate = Fraction(_FRAMES)  # without it the bits of a second are spread over 90,000 pictures
        encoder.time_base = Fraction(1, VIDEO_RATE)
        encoder.bit_rate = bits
        encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline", "g": "600", "bf": "0",
                           "threads": "1", "annexb": "1", "forced-idr": "1"}
        self.size = width, height
        self._encoder = encoder
        self._made: list[Sample] = []
        self._packing = H264(self._made.append)

    def put(self, frame: VideoFrame, ts: int, arrival: int, key: bool) -> list[Sample]:
        frame.pts = ts
        frame.time_base = Fraction(1, VIDEO_RATE)
        frame.pict_type = 1 if key else 0  # I, or as the encoder likes
        for packet in self._encoder.encode(frame):
            units = split(bytes(packet))
            for place, unit in enumerate(units, 1):
                self._packing.put(packet.pts or 0, place == len(units), unit, 0, len(unit), arrival)
        made = self._made[:]
        self._made.clear()
        return made


def split(stream: bytes) -> list[bytes]:
    """The units of an Annex B stream."""
    return [unit for piece in stream.split(b"\x00\x00\x01") if (unit := piece.rstrip(b"\x00"))]


@cache
def plate() -> tuple[bytes, Look]:
    """A dark picture: one key frame, to be shown again and again."""
    width, height = _PLATE
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, _DARK, strict=True):
        plane.update(bytes((value,)) * plane.buffer_size)
    sample = Encoder(width, height, 200_000).put(frame, 0, 0, True)[0]
    if sample.look is None:
        raise RuntimeError("the encoder gave no parameter sets")
    return sample.body, sample.look


class Transcoder:
    """VP8 in, H.264 out; on a thread of its caller's."""

    def __init__(self) -> None:
        self._decoder = av.CodecContext.create("vp8", "r")
        self._encoder: Encoder | None = None

    def put(self, sample: Sample) -> list[Sample]:
        try:
            frames = self._decoder.decode(av.Packet(sample.body))
        except av.error.FFmpegError:
            return []
        made = []
        for frame in frames:
            if isinstance(frame, VideoFrame):
                made += self._encoded(frame, sample)
        return made

    def _encoded(self, frame: VideoFrame, sample: Sample) -> list[Sample]:
        width = min(frame.width, _WIDEST) & ~1
        height = frame.height * width // frame.width & ~1
        if self._encoder is None or self._encoder.size != (width, height):
            self._encoder = Encoder(width, height, max(400_000, width * height * 3))
        if (frame.width, frame.height) != (width, height):
            frame = frame.reformat(width, height)
        return self._encoder.put(frame, sample.ts, sample.arrival, sample.key)
