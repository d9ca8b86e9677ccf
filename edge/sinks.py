"""Where sound goes. A sink takes PCM frames at the speed of hearing and counts its own silence."""

from __future__ import annotations

import asyncio
import importlib
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

import structlog

from hub.kernel.errors import Refused, TryAgain

log = structlog.get_logger("edge.sinks")

SLACK = 0.2
"""Seconds a sink can bridge when frames come late; a sound device has such a buffer too."""


@dataclass(frozen=True)
class Sound:
    """PCM, 16 bit, little endian."""

    rate: int
    channels: int

    def seconds(self, pcm: bytes) -> float:
        return len(pcm) / (2 * self.channels * self.rate)


@dataclass(frozen=True)
class Silence:
    ms: int = 0
    gaps: int = 0


class Playing(Protocol):
    """One notice on its way to the ear."""

    async def write(self, pcm: bytes) -> None:
        """Returns when the frames have been heard, or will be without anything more to be done."""

    async def close(self, *, drain: bool) -> Silence:
        """`drain`: let what was written be heard; otherwise be quiet at once."""


class Sink(Protocol):
    speed: float
    """Seconds of sound per second; only a device is bound to 1."""

    async def open(self, name: str, sound: Sound) -> Playing: ...


class _Paced:
    """Keeps time without a device, and hands each chunk to `take`."""

    def __init__(self, sound: Sound, speed: float, slack: float, take: Callable[[bytes], None]) -> None:
        self._sound = sound
        self._speed = speed
        self._slack = slack
        self._take = take
        self._due: float | None = None
        self._silence = 0.0
        self._gaps = 0

    async def write(self, pcm: bytes) -> None:
        now = asyncio.get_running_loop().time
        due = now() if self._due is None else self._due
        late = max(0.0, now() - due - self._slack)
        self._silence += late
        self._gaps += late > 0
        self._take(pcm)
        self._due = due + late + self._sound.seconds(pcm) / self._speed
        await asyncio.sleep(max(0.0, self._due - now()))

    async def close(self, *, drain: bool) -> Silence:
        return Silence(round(self._silence * 1000), self._gaps)


class NullSink:
    """Nobody hears it; every frame is counted, at real time or `speed` times as fast."""

    def __init__(self, speed: float = 1.0, slack: float = SLACK) -> None:
        self.speed = speed
        self.frames = 0
        self._slack = slack

    async def open(self, name: str, sound: Sound) -> Playing:
        def count(pcm: bytes) -> None:
            self.frames += len(pcm) // (2 * sound.channels)

        return _Paced(sound, self.speed, self._slack, count)


class WavSink:
    """One file for each stretch that was played: `<name>-<n>.wav`, whole at any moment."""

    def __init__(self, directory: Path, speed: float = 1.0, slack: float = SLACK) -> None:
        self.speed = speed
        self._directory = directory
        self._slack = slack
        directory.mkdir(parents=True, exist_ok=True)

    async def open(self, name: str, sound: Sound) -> Playing:
        number = len(list(self._directory.glob(f"{name}-*.wav")))
        return _WavPlaying(self._directory / f"{name}-{number}.wav", sound, self.speed, self._slack)


class _WavPlaying(_Paced):
    def __init__(self, path: Path, sound: Sound, speed: float, slack: float) -> None:
        # Unbuffered, so that a killed process leaves what it had written.
        self._raw = path.open("xb", buffering=0)
        self._out = wave.Wave_write(cast("IO[bytes]", self._raw))
        self._out.setnchannels(sound.channels)
        self._out.setsampwidth(2)
        self._out.setframerate(sound.rate)
        super().__init__(sound, speed, slack, self._out.writeframes)

    async def close(self, *, drain: bool) -> Silence:
        self._out.close()
        self._raw.close()
        return await super().close(drain=drain)


class DeviceSink:
    """The default sound device, by the optional library `sounddevice`."""

    speed = 1.0

    def __init__(self) -> None:
        try:
            self._library: Any = importlib.import_module("sounddevice")
        except (ImportError, OSError) as error:  # OSError: the library is there, PortAudio is not
            raise Refused(
                "本机没有可用的声卡组件。请安装 sounddevice（以及 PortAudio），或改用 --sink null。",
                "The sound device needs the package sounddevice and PortAudio. Install them, or use"
                " --sink null.", code="no-sound-device") from error

    async def open(self, name: str, sound: Sound) -> Playing:
        """Raises TryAgain when the device is taken or gone."""
        try:
            stream = await asyncio.to_thread(self._start, sound)
        except self._library.PortAudioError as error:
            raise _device_away(error) from error
        return _DevicePlaying(stream, self._library.PortAudioError)

    def _start(self, sound: Sound) -> Any:
        stream = self._library.RawOutputStream(
            samplerate=sound.rate, channels=sound.channels, dtype="int16", latency="high")
        stream.start()
        return stream


def _device_away(error: Exception) -> TryAgain:
    return TryAgain(f"声卡暂时不能用：{error}。请检查连接。",
                    f"The sound device does not work: {error}. Check its connection.")


class _DevicePlaying:
    def __init__(self, stream: Any, failure: type[Exception]) -> None:
        self._stream = stream
        self._failure = failure
        self._gaps = 0
        self._begun = False

    async def write(self, pcm: bytes) -> None:
        try:
            underflowed = await asyncio.to_thread(self._stream.write, pcm)
        except self._failure as error:
            raise _device_away(error) from error
        # The device starts with an empty buffer: that first underflow is no gap.
        self._gaps += bool(underflowed) and self._begun
        self._begun = True

    async def close(self, *, drain: bool) -> Silence:
        try:
            await asyncio.to_thread(self._stream.stop if drain else self._stream.abort)
            await asyncio.to_thread(self._stream.close)
        except self._failure as error:
            log.warning("the sound device failed while closing", why=str(error))
        return Silence(0, self._gaps)
