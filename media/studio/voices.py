"""Voices of a room as sound: decoded, laid in time, added up. Mono, 48 kHz, 16 bit."""

from __future__ import annotations

import audioop
from collections.abc import Iterable

import av

from media.studio.samples import AUDIO_RATE, Sample
from media.studio.sources import Source

_WIDTH = 2
_EASE = AUDIO_RATE * 40 // 1_000
_LONGEST = AUDIO_RATE * 2
_MOST_DECODED = 8
PER_MS = AUDIO_RATE // 1_000


class Voice:
    """One microphone on the room's time line; `position` is in samples since the line began."""

    def __init__(self, source: Source, origin: float) -> None:
        self.source = source
        self.loud = 0.0
        self.busy = 0.0
        """How much the sender says, by the size of its packets: silence is small."""
        self.chosen = True
        self._origin = origin
        self._pcm = bytearray()
        self._start = 0
        self._decoder = av.CodecContext.create("libopus", "r")
        self._decoder.sample_rate = AUDIO_RATE
        self._decoder.layout = "mono"
        source.sinks.append(self.put)

    def end(self) -> None:
        self.source.sinks.remove(self.put)

    def put(self, sample: Sample) -> None:
        self.busy += (len(sample.body) - self.busy) / 16
        if self.chosen:
            position = round((self.source.wall(sample.ts) - self._origin) * PER_MS)
            self._place(position, self._decoded(sample.body))

    def take(self, start: int, end: int) -> bytes | None:
        """[start, end) of the line, silence where nothing came; None: nothing at all."""
        skip = (start - self._start) * _WIDTH
        if skip < 0:
            pcm = bytes(-skip) + bytes(self._pcm[:max(0, (end - self._start) * _WIDTH)])
        else:
            pcm = bytes(self._pcm[skip:skip + (end - start) * _WIDTH])
        del self._pcm[:max(0, (end - self._start) * _WIDTH)]
        self._start = end
        if not pcm.strip(b"\x00"):
            self.loud *= 0.9
            return None
        self.loud += (audioop.rms(pcm, _WIDTH) - self.loud) * 0.2
        return pcm.ljust((end - start) * _WIDTH, b"\x00")[:(end - start) * _WIDTH]

    def _place(self, position: int, pcm: bytes) -> None:
        end = self._start + len(self._pcm) // _WIDTH
        off = position - end
        if off < -_EASE or not self._pcm:
            late = min(max(0, -off) * _WIDTH, len(pcm))
            pcm, off = pcm[late:], max(0, off)
        if off > _EASE or not self._pcm:
            self._pcm += bytes(min(max(0, off), _LONGEST) * _WIDTH)
        self._pcm += pcm
        if len(self._pcm) > 2 * _LONGEST * _WIDTH:
            self._pcm.clear()

    def _decoded(self, body: bytes) -> bytes:
        try:
            frames = self._decoder.decode(av.Packet(body))
        except av.error.FFmpegError:
            return b""
        return b"".join(bytes(frame.planes[0])[:frame.samples * _WIDTH] for frame in frames)


def choose(voices: Iterable[Voice]) -> None:
    """In a large room only those who say most are decoded."""
    ranked = sorted(voices, key=lambda voice: voice.busy, reverse=True)
    for place, voice in enumerate(ranked):
        voice.chosen = place < _MOST_DECODED


def added(chunks: Iterable[bytes | None], samples: int) -> bytes:
    """Louder than loud is cut at the edge."""
    whole = bytes(samples * _WIDTH)
    for chunk in chunks:
        if chunk is not None:
            whole = audioop.add(whole, chunk, _WIDTH)
    return whole
