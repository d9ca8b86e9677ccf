"""Sound for phones: PCM in, AAC out. Once for a stream, however many listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
from av.audio.frame import AudioFrame

from media.studio.samples import AUDIO_RATE

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext

FRAME = 1_024
_BITS = 64_000


class Aac:
    """Mono. Positions are samples since the line began."""

    def __init__(self) -> None:
        encoder: AudioCodecContext = av.CodecContext.create("aac", "w")
        encoder.sample_rate = AUDIO_RATE
        encoder.layout = "mono"
        encoder.format = "fltp"
        encoder.bit_rate = _BITS
        encoder.open()
        self._encoder = encoder
        self._rest = b""
        self._position = 0

    @property
    def config(self) -> bytes:
        return bytes(self._encoder.extradata or b"")

    def put(self, pcm: bytes) -> list[tuple[int, bytes]]:
        """(position, packet); the first ones are the encoder's lead-in, before 0."""
        pcm = self._rest + pcm
        at, packets = 0, []
        while at + 2 * FRAME <= len(pcm):
            frame = AudioFrame("s16", "mono", FRAME)
            frame.sample_rate = AUDIO_RATE
            frame.planes[0].update(pcm[at:at + 2 * FRAME])
            frame.pts = self._position
            self._position += FRAME
            at += 2 * FRAME
            packets += [(packet.pts or 0, bytes(packet)) for packet in self._encoder.encode(frame)]
        self._rest = pcm[at:]
        return packets
