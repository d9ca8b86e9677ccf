"""Every engine behind media.ports.Speech keeps these promises; today there is one."""

import array
import asyncio
import contextlib
import io
import math
import wave

import pytest

from hub.kernel.errors import Malformed, TooLarge, TryAgain
from media.espeak import EspeakSpeech
from media.ports import LONGEST_TEXT
from tests.patience import PATIENCE


@pytest.fixture(params=[EspeakSpeech], ids=["espeak"])
def speech(request):
    return request.param(timeout=PATIENCE)


def samples_of(wav):
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), array.array("h", file.readframes(file.getnframes()))


def rms(samples):
    return math.sqrt(sum(s * s for s in samples) / len(samples))


async def test_a_notice_is_heard_for_as_long_as_a_speaker_would_take(speech):
    spoken = await speech.speak("请各位代表于2026年3月5日上午9:30到人大会议厅参加第12次会议。")

    rate, samples = samples_of(spoken.wav)
    assert rms(samples) > 500
    assert spoken.seconds == pytest.approx(len(samples) / rate)
    assert 6 < spoken.seconds < 16


@pytest.mark.parametrize("text", ["你好", "123", "50%", "WeChat", "熊", "OK", "3/4", "2026-11-21"])
async def test_words_figures_and_latin_are_audible(speech, text):
    spoken = await speech.speak(text)

    assert rms(samples_of(spoken.wav)[1]) > 200


async def test_syllables_the_engine_lacks_are_not_spelled_in_english(speech):
    known = await speech.speak("红红红红红红")
    lacking = await speech.speak("雄穷兄迥琼胸")

    assert lacking.seconds < known.seconds * 1.5


async def test_a_higher_rate_speaks_faster(speech):
    slow, usual, fast = [
        (await speech.speak("请各位代表准时到会。", rate=rate)).seconds for rate in (-10, 0, 10)
    ]

    assert slow > usual * 1.5
    assert fast < usual / 1.5


async def test_the_longest_text_is_spoken(speech):
    spoken = await speech.speak("请准时到会。" * (LONGEST_TEXT // 6))

    assert spoken.seconds > LONGEST_TEXT / 12


@pytest.mark.parametrize("text", ["", " \n", "😀", "……"])
async def test_nothing_to_say_is_refused(speech, text):
    with pytest.raises(Malformed) as refused:
        await speech.speak(text)

    assert (refused.value.code, refused.value.field) == ("speech-empty", "text")


async def test_too_much_text_is_refused(speech):
    with pytest.raises(TooLarge) as refused:
        await speech.speak("字" * (LONGEST_TEXT + 1))

    assert refused.value.code == "speech-too-long"


@pytest.mark.parametrize("rate", [-11, 11])
async def test_a_rate_out_of_range_is_refused(speech, rate):
    with pytest.raises(Malformed) as refused:
        await speech.speak("你好", rate=rate)

    assert refused.value.field == "rate"


@pytest.mark.parametrize("text", ["a\x00b", "[[_^_EN]]<voice>", "\ud800 你好", "\u202e你好", "𠮷"])
async def test_odd_signs_are_spoken_or_refused_but_never_break(speech, text):
    with contextlib.suppress(Malformed):
        spoken = await speech.speak(text)

        assert spoken.seconds > 0


async def test_an_engine_that_does_not_answer_says_try_again():
    with pytest.raises(TryAgain) as late:
        await EspeakSpeech(timeout=0.0).speak("你好")

    assert late.value.code == "speech-engine"


async def test_many_may_speak_at_once(speech):
    texts = [f"第{number}号通知，请准时到会。" for number in range(6)]

    spoken = await asyncio.gather(*(speech.speak(text) for text in texts))

    assert all(each.seconds > 1 for each in spoken)
