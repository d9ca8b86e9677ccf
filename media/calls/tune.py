"""The music for who is kept waiting: a few soft notes, made once. An own recording beside the data takes its place."""

from __future__ import annotations

import math
import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

RATE = 16_000
BEAT = 0.45
"""Seconds."""
LOUD = 5_000
"""Of 32,767: it may go on for minutes, and a voice follows."""
DO, RE, MI, SOL, LA, HIGH_DO = 523.25, 587.33, 659.26, 783.99, 880.0, 1046.5
MELODY: tuple[tuple[float, int], ...] = (
    (MI, 1), (SOL, 1), (LA, 2), (SOL, 1), (MI, 1), (RE, 2), (DO, 1), (RE, 1), (MI, 2), (SOL, 1), (MI, 1), (RE, 2),
    (MI, 1), (SOL, 1), (LA, 2), (HIGH_DO, 1), (LA, 1), (SOL, 2), (MI, 1), (RE, 1), (DO, 2), (RE, 1), (MI, 1), (DO, 4),
)
"""Hertz, and beats."""
OWN = "hold-music.*"


def music(data: Path, made: Path) -> Path:
    """Blocks. `hold-music.wav` (.mp3, .m4a …) in the data folder, else what is made here."""
    own = sorted(data.glob(OWN))
    return own[0] if own else _written(made / "hold-music.wav", MELODY)


def _written(path: Path, melody: Sequence[tuple[float, int]]) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".part")
        with wave.open(str(fresh), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            for pitch, beats in melody:
                file.writeframes(_note(pitch, beats))
        fresh.replace(path)
    return path


@lru_cache
def _note(pitch: float, beats: int) -> bytes:
    """Struck softly, and fading away before the next one."""
    count = int(RATE * BEAT * beats)
    turn, fade = 2 * math.pi * pitch / RATE, 3.0 / count
    return array("h", (round(LOUD * min(1.0, at / 200) * math.exp(-fade * at) * (1 - at / count)
                             * (math.sin(turn * at) + 0.25 * math.sin(2 * turn * at))) for at in range(count))).tobytes()
