"""`python -m media.chime_worker SPEECH.wav TARGET.wav`

pydub works in memory and blocks; here it may. It only ever sees WAV: for anything else it would
look for ffprobe, which the ffmpeg wheel does not bring.
"""

from __future__ import annotations

import sys
import warnings

NOTES = ((659.25, 0), (783.99, 260), (1046.5, 520))
"""Hertz, and milliseconds from the start."""
_RINGS_MS = 900
_PAUSE_MS = 350
_OVERTONES = ((1, 0.0), (2, -14.0), (3, -24.0))
"""Multiple of the note, decibels beside it: the bell in the tone."""
LENGTH_MS = NOTES[-1][1] + _RINGS_MS + _PAUSE_MS


def main() -> None:
    # Importing pydub warns of audioop (Python 3.11, 3.12) and of a missing ffmpeg; neither matters.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.generators import Sine

    speech = AudioSegment.from_wav(sys.argv[1])
    rate = speech.frame_rate
    chime = AudioSegment.silent(LENGTH_MS, frame_rate=rate)
    for hertz, start in NOTES:
        for multiple, beside in _OVERTONES:
            tone = Sine(hertz * multiple, sample_rate=rate).to_audio_segment(_RINGS_MS)
            bell = tone.fade_in(12).fade_out(_RINGS_MS - 20)
            chime = chime.overlay(bell.apply_gain(beside - 12.0), position=start)
    level = max(speech.dBFS, -50.0)
    (chime.apply_gain(level - chime.dBFS) + speech).export(sys.argv[2], format="wav").close()


if __name__ == "__main__":
    main()
