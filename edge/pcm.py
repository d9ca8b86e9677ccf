"""The only sound an agent plays: WAV, PCM, 16 bit. The hub makes this variant for stations."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

from edge.sinks import Sound
from hub.kernel.errors import Refused

DAMAGED = (wave.Error, EOFError, RuntimeError, ValueError)
"""The library says wave.Error of what it does not know, and the others of a broken file."""


@dataclass(frozen=True, eq=False)
class Pcm:
    """Decoded once, shared by all who play it."""

    sound: Sound
    samples: bytes

    @property
    def length_ms(self) -> int:
        frames = len(self.samples) // self._width
        return -(-frames * 1000 // self.sound.rate)

    def cut(self, from_ms: int, to_ms: int) -> bytes:
        """Neighbouring cuts neither overlap nor leave out a frame."""
        return self.samples[self._offset(from_ms):self._offset(to_ms)]

    @property
    def _width(self) -> int:
        return 2 * self.sound.channels

    def _offset(self, ms: int) -> int:
        return ms * self.sound.rate // 1000 * self._width


def read_wav(path: Path) -> Pcm:
    """Blocking. Raises Refused when it is not a WAV that an agent can play."""
    try:
        with wave.open(str(path), "rb") as file:
            width, rate, channels = file.getsampwidth(), file.getframerate(), file.getnchannels()
            samples = file.readframes(file.getnframes())
    except DAMAGED as error:
        why = str(error) or "damaged"
        raise unfit(f"不是 PCM 编码的 WAV（{why}）", f"it is no PCM WAV ({why})") from error
    if width != 2 or not rate or not channels:
        raise unfit(f"采样为 {8 * width} 位，只支持 16 位", f"it has {8 * width} bits, not 16")
    whole = len(samples) - len(samples) % (2 * channels)
    if not whole:
        raise unfit("没有声音内容", "it holds no sound")
    return Pcm(Sound(rate, channels), samples[:whole])


def unfit(zh: str, en: str) -> Refused:
    return Refused(f"站点无法播放此音频：{zh}。请重新上传音频。",
                   f"The station cannot play this audio: {en}. Upload it again.", code="unfit-audio")
