"""Speech by espeak-ng, whose library and voices come in the `espeakng-loader` wheel."""

from __future__ import annotations

import io
import sys
import wave
from pathlib import Path

import espeakng_loader

from hub.kernel.errors import Malformed, TooLarge, TryAgain
from media import children, espeak_worker
from media.ports import LONGEST_TEXT, Spoken
from media.reading import aloud

VOICE = "cmn"
FASTEST = 10
_PACE = 160
_TIMEOUT = 20.0
_ROOT = Path(__file__).resolve().parent.parent
_SHORTEST_SYLLABLE = 0.05

# The engine's Mandarin has no jiong, qiong, xiong and spells them in English letters.
_MISSING = {
    "tS;j'ong55": "扃坰駉",
    "tS;j'ong214": "炯窘迥囧冏",
    "tS;hj'ong55": "芎",
    "tS;hj'ong35": "穷窮琼瓊穹邛茕蛩筇跫銎",
    "S;j'ong55": "兄凶兇胸匈汹洶讻",
    "S;j'ong35": "雄熊",
}
_PHONEMES = str.maketrans(
    {sign: f"[[{sound}]]" for sound, signs in _MISSING.items() for sign in signs}
)


class EspeakSpeech:
    """Fulfils media.ports.Speech. Each text has a process of its own."""

    def __init__(self, *, timeout: float = _TIMEOUT) -> None:
        self._timeout = timeout
        self._engine = (
            str(espeakng_loader.get_library_path()),
            str(espeakng_loader.get_data_path()),
        )

    async def speak(self, text: str, *, rate: int = 0) -> Spoken:
        words = _words(text)
        pace = _pace(rate)
        argv = (sys.executable, "-m", espeak_worker.__name__, *self._engine, VOICE, str(pace))
        sounds = words.translate(_PHONEMES).encode()
        try:
            ended = await children.run(argv, stdin=sounds, within=self._timeout, cwd=_ROOT)
        except TimeoutError as late:
            raise _silent_engine() from late
        if ended.code == espeak_worker.NO_SOUND:
            raise _nothing_to_say()
        if ended.code != 0:
            raise _silent_engine()
        return _plausible(ended.out, words)


def _words(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise TooLarge(
            f"要朗读的文字有{len(text)}字，超过{LONGEST_TEXT}字的上限，请缩短后再试。",
            f"The text to speak has {len(text)} characters; shorten it to {LONGEST_TEXT} at most.",
            code="speech-too-long",
            field="text",
        )
    words = aloud(text)
    if not words:
        raise _nothing_to_say()
    return words


def _pace(rate: int) -> int:
    if not -FASTEST <= rate <= FASTEST:
        raise Malformed(
            f"语速应在-{FASTEST}到{FASTEST}之间，收到的是{rate}。",
            f"The speaking rate must lie between -{FASTEST} and {FASTEST}; it was {rate}.",
            code="speech-rate",
            field="rate",
        )
    return round(_PACE * 2 ** (rate / FASTEST))


def _plausible(wav: bytes, words: str) -> Spoken:
    with wave.open(io.BytesIO(wav)) as file:
        seconds = file.getnframes() / file.getframerate()
    syllables = sum(sign >= "\u4e00" and sign.isalpha() for sign in words)
    if seconds < syllables * _SHORTEST_SYLLABLE:
        raise _silent_engine()
    return Spoken(wav, seconds)


def _nothing_to_say() -> Malformed:
    return Malformed(
        "文字里没有可以朗读的内容，请写上要说的话。",
        "There is nothing in the text that can be spoken; write what is to be said.",
        code="speech-empty",
        field="text",
    )


def _silent_engine() -> TryAgain:
    return TryAgain(
        "语音合成暂时没有响应，请稍后再试，或上传录音。",
        "The speech engine did not answer; try again in a moment, or upload a recording.",
        code="speech-engine",
    )
