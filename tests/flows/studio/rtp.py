"""A film as the plane would receive it: aiortc's own packetisers over what FFmpeg has encoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import cast

import av
from aiortc.codecs import get_encoder
from aiortc.mediastreams import convert_timebase
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.rtp import RtpPacket
from av.audio.frame import AudioFrame
from av.bitstream import BitStreamFilterContext
from av.video.frame import PictureType, VideoFrame

PAYLOAD = {"h264": 102, "vp8": 97, "opus": 111}
_CODECS = {
    "h264": RTCRtpCodecParameters(mimeType="video/H264", clockRate=90_000, payloadType=102),
    "vp8": RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97),
}


@dataclass(frozen=True)
class Timed:
    at: float
    """Seconds since the film began."""
    codec: str
    packet: bytes

    def moved(self, seconds: float, after: Sequence[Timed]) -> Timed:
        """The same sender goes on where `after` ended: numbers and stamps too."""
        rate = 48_000 if self.codec == "opus" else 90_000
        packet = bytearray(self.packet)
        count = sum(1 for one in after if one.codec == self.codec)
        packet[2:4] = (int.from_bytes(packet[2:4], "big") + count & 0xFFFF).to_bytes(2, "big")
        packet[4:8] = (int.from_bytes(packet[4:8], "big") + round(seconds * rate) & 0xFFFFFFFF).to_bytes(4, "big")
        return Timed(self.at + seconds, self.codec, bytes(packet))


def film(path: Path, *, frames: int = 360, fps: int = 30, size: tuple[int, int] = (640, 360), video: str = "h264") -> Path:
    """Moving picture and a tone; 1 Mbit/s, a key frame each second."""
    container = av.open(str(path), "w")
    picture = container.add_stream("libx264" if video == "h264" else "libvpx", rate=fps)
    picture.width, picture.height, picture.pix_fmt, picture.bit_rate = *size, "yuv420p", 1_000_000
    picture.options = (
        {"profile": "baseline", "preset": "ultrafast", "tune": "zerolatency", "g": str(fps), "bf": "0"}
        if video == "h264" else {"deadline": "realtime", "cpu-used": "8", "g": str(fps)}
    )
    sound = container.add_stream("libopus", rate=48_000)
    sound.layout = "stereo"
    pictures = graph(("testsrc2", f"size={size[0]}x{size[1]}:rate={fps}"), ("format", "yuv420p"), "buffersink")
    sounds = graph(("sine", "frequency=440:samples_per_frame=960:sample_rate=48000"),
                   ("aformat", "sample_fmts=s16:channel_layouts=stereo"), "abuffersink")
    for count in range(frames):
        frame = cast("VideoFrame", pictures.pull())
        frame.pts, frame.time_base = count, Fraction(1, fps)
        frame.pict_type = PictureType.NONE  # the source marks each as intra
        container.mux(picture.encode(frame))
    for count in range(frames * 50 // fps):
        heard = cast("AudioFrame", sounds.pull())
        heard.pts, heard.time_base = count * 960, Fraction(1, 48_000)
        container.mux(sound.encode(heard))
    container.mux(picture.encode(None))
    container.mux(sound.encode(None))
    container.close()
    return path


def graph(source: tuple[str, str], shape: tuple[str, str], sink: str) -> av.filter.Graph:
    made = av.filter.Graph()
    first, middle, last = made.add(*source), made.add(*shape), made.add(sink)
    first.link_to(middle)
    middle.link_to(last)
    made.configure()
    return made


@cache
def packets(path: Path, *, sequence: int = 65_400, stamp: int = 4_294_900_000) -> tuple[Timed, ...]:
    """In order of sending. The counters wrap early on."""
    return tuple(sorted(_packets(path, sequence, stamp), key=lambda one: one.at))


def _packets(path: Path, sequence: int, stamp: int) -> Iterator[Timed]:
    with av.open(str(path)) as container:
        counts = {"audio": sequence, "video": sequence}
        streams = {stream.index: stream for stream in container.streams}
        encoders = {index: get_encoder(_CODECS[stream.codec_context.name])
                    for index, stream in streams.items() if stream.type == "video"}
        start_codes = {index: BitStreamFilterContext("h264_mp4toannexb", stream)
                       for index, stream in streams.items() if stream.codec_context.name == "h264"}
        for raw in container.demux():
            if raw.pts is None:
                continue
            rate = 90_000 if streams[raw.stream_index].type == "video" else 48_000
            time = convert_timebase(raw.pts, raw.time_base, Fraction(1, rate))
            packet = start_codes[raw.stream_index].filter(raw)[0] if raw.stream_index in start_codes else raw
            kind = streams[packet.stream_index].type
            codec = streams[packet.stream_index].codec_context.name
            pieces = encoders[packet.stream_index].pack(packet)[0] if kind == "video" else [bytes(packet)]
            for place, piece in enumerate(pieces, 1):
                made = RtpPacket(payload_type=PAYLOAD[codec], marker=place == len(pieces) and kind == "video",
                                 sequence_number=counts[kind] & 0xFFFF, timestamp=(stamp + time) & 0xFFFFFFFF, ssrc=len(kind))
                made.payload = piece
                counts[kind] += 1
                yield Timed(time / rate, codec, made.serialize())
