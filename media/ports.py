"""What media offers and what it needs of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

LONGEST_TEXT = 2_000
"""Characters of one spoken text."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """`wav` is a whole WAV file: PCM 16 bit, mono, at the engine's own rate."""

    wav: bytes
    seconds: float


class Speech(Protocol):
    async def speak(self, text: str, *, rate: int = 0) -> Spoken:
        """Mandarin speech of 1 to LONGEST_TEXT characters. `rate` goes from -10 (half) to 10 (double).

        Raises Malformed when there is nothing to say, too much, or a rate out of range;
        TryAgain when the engine did not answer. The result is never silent.
        """


@dataclass(frozen=True, slots=True)
class Rendition:
    """One finished file; its name is its own sha256."""

    path: Path
    mime: str
    size: int
    sha256: str
    """Of the file's bytes, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """One notice in two forms of the same sound: `mp3` plays everywhere, `wav` is for the station agent."""

    mp3: Rendition
    wav: Rendition
    duration_ms: int
    lufs: float
    true_peak: float
    """dBTP."""
    source_lufs: float
    """How loud it came in."""
