"""Which few voices of a room are forwarded: the loudest, by the level that stands in clear in each
packet (RFC 6464), with hysteresis, so that a cough takes nobody's place. Pure; times in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SILENT = 127.0
SPEECH = 55.0
"""dBov below full scale; quieter than this is no speech."""
RISE, FALL = 0.5, 0.15
"""Of the way to the new level, a sample (10 a second)."""
HOLD = 0.5
"""Who paused for less still speaks."""
MARGIN = 6.0
"""dB by which a voice must be louder to take the place of one that speaks, for INSIST seconds."""
INSIST = 0.4
UNKNOWN = 60.0
"""Of a sender that says no level."""
STALE = 1.0
"""Nothing heard for so long: silent."""


@dataclass(slots=True)
class Voice:
    """`level`: smoothed, in dBov below full scale; less is louder. `insists`: since when it has been louder than the
    weakest that is forwarded."""

    level: float = UNKNOWN
    heard: float = 0.0
    spoke: float = -1e9
    insists: float | None = None

    def speaks(self, at: float) -> bool:
        return at - self.spoke < HOLD


class Speakers:
    def __init__(self, places: int) -> None:
        self.places = places
        self._voices: dict[str, Voice] = {}
        self._forwarded: list[str] = []

    @property
    def forwarded(self) -> tuple[str, ...]:
        """At most `places`; who falls silent stays until somebody needs his place."""
        return tuple(self._forwarded)

    def of(self, sources: Iterable[str], places: int) -> None:
        """Exactly these may be heard from now on."""
        known = dict.fromkeys(sources)
        self.places = places
        self._voices = {source: self._voices.get(source) or Voice() for source in known}
        self._forwarded = [source for source in self._forwarded if source in known][:places]
        self._fill()

    def hear(self, source: str, dbov: int, at: float) -> None:
        voice = self._voices.get(source)
        if voice is None:
            return
        voice.level += (dbov - voice.level) * (RISE if dbov < voice.level else FALL)
        voice.heard = at
        if voice.level <= SPEECH:
            voice.spoke = at

    def weigh(self, at: float) -> bool:
        """Looks who is to be forwarded now; ten times a second. True: somebody else than before."""
        before = self.forwarded
        for voice in self._voices.values():
            if at - voice.heard > STALE and voice.heard:
                voice.level = min(SILENT, voice.level + (SILENT - voice.level) * FALL)
        if len(self._voices) > self.places:
            self._contest(at)
        return self.forwarded != before

    def speaking(self, at: float) -> tuple[str, ...]:
        """Loudest first."""
        found = [(voice.level, source) for source, voice in self._voices.items() if voice.speaks(at)]
        return tuple(source for _, source in sorted(found))

    def _fill(self) -> None:
        for source in self._voices:
            if len(self._forwarded) >= self.places:
                return
            if source not in self._forwarded:
                self._forwarded.append(source)

    def _contest(self, at: float) -> None:
        challengers = [source for source in self.speaking(at) if source not in self._forwarded]
        for source in challengers:
            weakest = max(self._forwarded, key=lambda one: self._weakness(one, at))
            if self._beats(self._voices[source], self._voices[weakest], at):
                self._voices[source].insists = None
                self._forwarded[self._forwarded.index(weakest)] = source
        for source, voice in self._voices.items():
            if source not in challengers:
                voice.insists = None

    def _weakness(self, source: str, at: float) -> tuple[bool, float, float]:
        voice = self._voices[source]
        return not voice.speaks(at), -voice.spoke if not voice.speaks(at) else 0.0, voice.level

    def _beats(self, challenger: Voice, weakest: Voice, at: float) -> bool:
        if not weakest.speaks(at):
            return True
        if challenger.level > weakest.level - MARGIN:
            challenger.insists = None
            return False
        if challenger.insists is None:
            challenger.insists = at
        return at - challenger.insists >= INSIST
