"""One picture of a film: the only place, with prepare and mixing, where something is decoded."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import av
from av.video.frame import VideoFrame

from hub.kernel.errors import Malformed, NotFound
from media.studio.h264 import annex_b, sets_of
from media.studio.samples import Look, Sample
from media.studio.scan import scan

_WIDEST = 1_920


def of_sample(sample: Sample, width: int) -> bytes:
    """Blocks. A JPEG of a key frame. Raises ValueError where it is none."""
    look = sample.look
    if look is None or not sample.key:
        raise ValueError("not a key frame")
    return _jpeg(_decoded(look, sample.body), width)[0]


def of_file(path: Path, at: int, width: int) -> tuple[bytes, int, int]:
    """Blocks. (JPEG, width, height) of the key frame at or before `at`. Raises NotFound, Malformed, OSError."""
    try:
        found = scan(path)
        leading = found.leading
        if leading is None or not leading.video:
            raise NotFound("这个文件里没有画面。", "There is no picture in this file.", code="no-picture")
        keys = [sample for sample in found.samples[leading.number] if sample.key]
        time = max(0, at - found.since) * leading.rate // 1_000
        chosen = keys[max(0, bisect_right(keys, time, key=lambda sample: sample.time) - 1)]
        with path.open("rb") as file:
            file.seek(chosen.offset)
            body = file.read(chosen.size)
        start = leading.entry.find(b"avcC")
        look = Look("h264", 0, 0, leading.entry[start + 4:]) if start > 0 else Look("vp8", 0, 0, b"")
        return _jpeg(_decoded(look, body), width)
    except FileNotFoundError as error:
        raise NotFound("录像文件已不在磁盘上。", "The recording is no longer on the disk.", code="not-found") from error
    except (ValueError, KeyError, IndexError) as error:
        raise Malformed("这不是本系统的录像文件。", "This is no recording of ours.", code="unreadable") from error


def _decoded(look: Look, body: bytes) -> VideoFrame:
    decoder = av.CodecContext.create("h264" if look.codec == "h264" else "vp8", "r")
    raw = sets_of(look.config) + annex_b(body) if look.codec == "h264" else body
    try:
        for packet in (av.Packet(raw), None):
            for frame in decoder.decode(packet):
                if isinstance(frame, VideoFrame):
                    return frame
    except av.error.FFmpegError as error:
        raise ValueError("not decodable") from error
    raise ValueError("no picture")


def _jpeg(frame: VideoFrame, width: int) -> tuple[bytes, int, int]:
    width = max(16, min(width, _WIDEST, frame.width)) & ~1
    height = max(2, frame.height * width // frame.width) & ~1
    small = frame.reformat(width, height, "yuvj420p")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = width, height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = small.time_base or 1  # type: ignore[assignment]
    encoder.options = {"qmin": "4", "qmax": "8"}
    small.pts = 0
    pieces = [bytes(packet) for given in (small, None) for packet in encoder.encode(given)]
    return b"".join(pieces), width, height
