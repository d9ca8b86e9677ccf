"""Telephones in a room: each hears everybody but itself, and is heard as Opus.

G.711 µ-law at 8 kHz outside, 20 ms at a time. Costs what its decoding costs, and only while a telephone is in.
"""

from __future__ import annotations

import asyncio
import audioop
from collections.abc import Callable, Sequence

from av.audio.frame import AudioFrame

from hub.kernel.clock import Clock
from media.studio import voices
from media.studio.prepare import speech_encoder
from media.studio.samples import AUDIO_RATE
from media.studio.sources import Source
from media.studio.voices import PER_MS, Voice
from media.wires_studio import LegHeard, LegSaid, LegSpoke, StartLeg

_FRAME_MS = 20
_FRAME = _FRAME_MS * PER_MS
_ULAW_FRAME = 160
_BEHIND = 100.0
_MOST_SAID = 8_000
_SILENCE = b"\xff"
_BITS = 24_000


class Leg:
    def __init__(self, wish: StartLeg) -> None:
        self.wish = wish
        self.said = bytearray()
        self.pcm = b""
        """What it says in the frame that is being made, 48 kHz."""
        self._up: object = None
        self._down: object = None
        self._encoder = speech_encoder(_BITS)
        self._position = 0

    def listen(self) -> bytes | None:
        """The next 20 ms as Opus; None while it is silent."""
        if len(self.said) < _ULAW_FRAME:
            self.pcm = b""
            return None
        ulaw = bytes(self.said[:_ULAW_FRAME])
        del self.said[:_ULAW_FRAME]
        narrow = audioop.ulaw2lin(ulaw, 2)
        wide, self._up = audioop.ratecv(narrow, 2, 1, 8_000, AUDIO_RATE, self._up)  # type: ignore[arg-type]  # its own state
        self.pcm = wide.ljust(2 * _FRAME, b"\x00")[:2 * _FRAME]
        frame = AudioFrame("s16", "mono", _FRAME)
        frame.sample_rate = AUDIO_RATE
        frame.planes[0].update(self.pcm)
        frame.pts = self._position
        self._position += _FRAME
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame))

    def narrow(self, pcm: bytes) -> bytes:
        low, self._down = audioop.ratecv(pcm, 2, 1, AUDIO_RATE, 8_000, self._down)  # type: ignore[arg-type]  # its own state
        return audioop.lin2ulaw(low, 2).ljust(_ULAW_FRAME, _SILENCE)[:_ULAW_FRAME]


class Phones:
    def __init__(self, clock: Clock, group: asyncio.TaskGroup, tell: Callable[[object], None]) -> None:
        self._clock = clock
        self._group = group
        self._tell = tell
        self._legs: dict[str, Leg] = {}
        self._voices: dict[str, list[Voice]] = {}
        self._origin = 0.0
        self._mixed = 0
        self._beats: asyncio.Task[None] | None = None

    @property
    def running(self) -> tuple[str, ...]:
        return tuple(self._legs)

    def start(self, wish: StartLeg, sources: Sequence[Source]) -> None:
        if wish.leg in self._legs:
            return
        if not self._legs:
            self._origin, self._mixed = self._now(), 0
        self._legs[wish.leg] = Leg(wish)
        if wish.room not in self._voices:
            self._voices[wish.room] = []
            for source in sources:
                self.add(source)
        if self._beats is None or self._beats.done():
            self._beats = self._group.create_task(self._beat())

    def said(self, said: LegSaid) -> None:
        leg = self._legs.get(said.leg)
        if leg is not None and len(leg.said) < _MOST_SAID:
            leg.said += said.ulaw[:_MOST_SAID]

    def stop(self, name: str) -> None:
        leg = self._legs.pop(name, None)
        if leg is not None and not any(other.wish.room == leg.wish.room for other in self._legs.values()):
            for voice in self._voices.pop(leg.wish.room, []):
                voice.end()

    def add(self, source: Source) -> None:
        heard = self._voices.get(source.room)
        if heard is not None and not source.video and all(voice.source is not source for voice in heard):
            heard.append(Voice(source, self._origin))

    def drop(self, source: Source) -> None:
        heard = self._voices.get(source.room, [])
        for voice in [voice for voice in heard if voice.source is source]:
            voice.end()
            heard.remove(voice)

    async def _beat(self) -> None:
        while self._legs:
            ready = int((self._now() - self._origin - _BEHIND) * PER_MS)
            while self._mixed + _FRAME <= ready:
                for room, heard in self._voices.items():
                    self._speak(room, heard)
                self._mixed += _FRAME
            await asyncio.sleep(_FRAME_MS / 1_000)

    def _speak(self, room: str, heard: list[Voice]) -> None:
        legs = [leg for leg in self._legs.values() if leg.wish.room == room]
        voices.choose(heard)
        theirs = {leg.wish.peer for leg in legs}
        taken = [(voice, voice.take(self._mixed, self._mixed + _FRAME)) for voice in heard]
        others = voices.added((pcm for voice, pcm in taken if voice.source.peer not in theirs), _FRAME)
        for leg in legs:
            opus = leg.listen()
            if opus:
                self._tell(LegSpoke(leg=leg.wish.leg, opus=opus))
        for leg in legs:
            mix = voices.added([others, *(other.pcm or None for other in legs if other is not leg)], _FRAME)
            self._tell(LegHeard(leg=leg.wish.leg, ulaw=leg.narrow(mix)))

    def _now(self) -> float:
        return self._clock.now().timestamp() * 1_000
