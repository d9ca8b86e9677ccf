"""What a station says into a call: a tone, a file, silence, or its microphone."""

from __future__ import annotations

import asyncio
import importlib
import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack

from hub.kernel.errors import Malformed, Refused

RATE, FRAME = 48_000, 960
"""20 ms of mono sound, 16 bit."""
BIT_RATE = 32_000
LONGEST = 15 * 60 * 1000 // 20
"""Frames of a file."""
LOUDNESS = 8_000
SILENCE = b"\xf8\xff\xfe"
"""20 ms of it, as Opus."""
TICK = Fraction(1, RATE)


class ReadyVoice(MediaStreamTrack):
    """Opus frames that are encoded once for all stations of a process, over and over. They carry no level: the
    hub takes them for a voice."""

    kind = "audio"

    def __init__(self, frames: Sequence[bytes]) -> None:
        super().__init__()
        self.muted = False
        self._frames = frames
        self._at = 0
        self._began = 0.0

    async def recv(self) -> av.Packet[Any]:
        if self.readyState != "live":
            raise MediaStreamError
        loop = asyncio.get_running_loop()
        self._began = self._began or loop.time()
        await asyncio.sleep(self._began + self._at * FRAME / RATE - loop.time())
        packet = av.Packet(SILENCE if self.muted else self._frames[self._at % len(self._frames)])
        packet.pts, packet.time_base = self._at * FRAME, TICK
        self._at += 1
        return packet


class Quiet(AudioStreamTrack):
    muted = True


class Microphone(MediaStreamTrack):
    """The default input, by the optional library `sounddevice`."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        try:
            library: Any = importlib.import_module("sounddevice")
            self._stream = library.RawInputStream(samplerate=RATE, channels=1, dtype="int16", blocksize=FRAME)
            self._stream.start()
        except (ImportError, OSError, RuntimeError) as error:
            raise Refused("本机没有可用的麦克风。请安装 sounddevice（以及 PortAudio），或改用 --voice silence。",
                          "No microphone works. Install sounddevice and PortAudio, or use --voice silence.",
                          code="no-microphone") from error
        self.muted = False
        self._at = 0

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        sound, _ = await asyncio.to_thread(self._stream.read, FRAME)
        frame = _frame(bytes(2 * FRAME) if self.muted else bytes(sound), self._at)
        self._at += FRAME
        return frame

    def stop(self) -> None:
        super().stop()
        self._stream.close()


Voice = ReadyVoice | Quiet | Microphone


def voice_of(wish: str) -> Callable[[], Voice]:
    """`tone[:HZ]`, `silence`, `file:PATH`, `device`. Raises Malformed."""
    kind, _, more = wish.partition(":")
    if kind == "tone" and (not more or (more.isdigit() and 50 <= int(more) <= 8000)):
        return lambda: ReadyVoice(_tone(int(more or 440)))
    if kind == "file" and more:
        return lambda: ReadyVoice(_file(Path(more)))
    plain: dict[str, Callable[[], Voice]] = {"silence": Quiet, "device": Microphone}
    if wish in plain:
        return plain[wish]
    raise Malformed("--voice 只能是 tone、tone:频率、silence、file:文件 或 device。",
                    "--voice is tone, tone:HZ, silence, file:PATH or device.", field="voice")


@lru_cache(maxsize=16)
def _tone(pitch: int) -> tuple[bytes, ...]:
    turn = 2 * math.pi * pitch / RATE
    wave = array("h", (round(LOUDNESS * math.sin(turn * at)) for at in range(RATE)))
    return _encoded(wave.tobytes()[at : at + 2 * FRAME] for at in range(0, 2 * RATE, 2 * FRAME))


@lru_cache(maxsize=4)
def _file(path: Path) -> tuple[bytes, ...]:
    """Raises Refused."""
    try:
        frames = _encoded(_decoded(path))
    except (OSError, av.FFmpegError, IndexError) as error:
        raise Refused(f"读不到音频文件 {path}。", f"{path} cannot be played: {error}.", code="no-voice") from error
    if not frames:
        raise Refused(f"音频文件 {path} 里没有声音。", f"{path} has no sound.", code="no-voice")
    return frames


def _decoded(path: Path) -> Iterator[bytes]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE, frame_size=FRAME)
    with av.open(str(path)) as container:
        for count, frame in enumerate(one for got in container.decode(container.streams.audio[0]) for one in resampler.resample(got)):
            if count >= LONGEST:
                return
            yield bytes(frame.planes[0])[: 2 * FRAME].ljust(2 * FRAME, b"\0")


def _encoded(sounds: Iterator[bytes]) -> tuple[bytes, ...]:
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "mono", "s16"
    encoder.bit_rate, encoder.options = BIT_RATE, {"application": "voip", "frame_duration": "20"}
    return tuple(bytes(packet) for at, sound in enumerate(sounds) for packet in encoder.encode(_frame(sound, at * FRAME)))


def _frame(sound: bytes, at: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
    frame.planes[0].update(sound)
    frame.pts, frame.sample_rate, frame.time_base = at, RATE, TICK
    return frame
