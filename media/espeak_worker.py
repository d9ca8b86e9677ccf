"""One text, one process: the text comes on stdin (UTF-8), the WAV goes out on stdout.

`python -m media.espeak_worker LIBRARY DATA VOICE WORDS_PER_MINUTE`

espeak-ng keeps global state and may crash on odd input; here it takes nobody with it.
Exit codes: 0 spoken, 3 the engine did not start, 4 it gave no sound.
"""

from __future__ import annotations

import array
import ctypes
import io
import math
import os
import sys
import wave

NOT_STARTED = 3
NO_SOUND = 4

_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE_PARAMETER = 1
_UTF8_WITH_PHONEMES = 0x101
_QUIETEST_RMS = 50.0
_MOST_BYTES = 64 * 2**20

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def synthesise(library: str, home: str, voice: str, pace: int, text: bytes) -> tuple[int, bytes]:
    """Sample rate and PCM; rate 0 when the engine cannot start."""
    engine = ctypes.CDLL(library)
    rate = engine.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(home), _DONT_EXIT)
    if rate <= 0 or engine.espeak_SetVoiceByName(voice.encode()) != 0:
        return 0, b""
    engine.espeak_SetParameter(_RATE_PARAMETER, pace, 0)
    pcm = bytearray()

    def collect(samples: object, count: int, _events: object) -> int:
        if samples and count > 0:
            pcm.extend(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        return int(len(pcm) > _MOST_BYTES)

    callback = _Callback(collect)
    engine.espeak_SetSynthCallback(callback)
    size = ctypes.c_size_t(len(text) + 1)
    engine.espeak_Synth(text, size, 0, 0, 0, _UTF8_WITH_PHONEMES, None, None)
    engine.espeak_Synchronize()
    return int(rate), bytes(pcm)


def audible(pcm: bytes) -> bool:
    samples = array.array("h", pcm)[::8]
    square = sum(sample * sample for sample in samples)
    return len(samples) > 0 and math.sqrt(square / len(samples)) >= _QUIETEST_RMS


def as_wav(rate: int, pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm)
    return file.getvalue()


def main() -> int:
    # The library may write to stdout; only the WAV belongs there.
    answer = os.dup(1)
    os.dup2(2, 1)
    library, home, voice, pace = sys.argv[1:]
    rate, pcm = synthesise(library, home, voice, int(pace), sys.stdin.buffer.read())
    if not rate:
        return NOT_STARTED
    if not audible(pcm):
        return NO_SOUND
    with os.fdopen(answer, "wb") as out:
        out.write(as_wav(rate, pcm))
    return 0


if __name__ == "__main__":
    sys.exit(main())
