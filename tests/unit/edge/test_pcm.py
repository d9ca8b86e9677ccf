from __future__ import annotations

import wave
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.pcm import Pcm, read_wav
from edge.sinks import DeviceSink, NullSink, Sound, WavSink
from hub.kernel.errors import Refused


def write_wav(path: Path, frames: bytes, *, width: int = 2, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(frames)
    return path


@given(rate=st.sampled_from([8000, 11_025, 16_000, 44_100]), frames=st.integers(1, 5000),
       cuts=st.lists(st.integers(0, 700)))
def test_cuts_that_follow_each_other_give_every_frame_once(rate: int, frames: int, cuts: list[int]):
    samples = bytes(n % 251 for n in range(4 * frames))
    pcm = Pcm(Sound(rate, 2), samples)
    edges = [0, *sorted(min(cut, pcm.length_ms) for cut in cuts), pcm.length_ms]

    whole = b"".join(pcm.cut(a, b) for a, b in pairwise(edges))

    assert whole == samples


@pytest.mark.parametrize(("content", "words"), [
    (b"", "不是 PCM"), (b"ID3\x04 this is an mp3", "不是 PCM"), (b"RIFF\x00\x00\x00\x00WAVE", "不是 PCM")])
def test_what_is_no_wav_is_refused_with_a_reason(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "a.wav"
    path.write_bytes(content)

    with pytest.raises(Refused) as refusal:
        read_wav(path)

    assert words in refusal.value.zh


@given(place=st.integers(0, 43), rubbish=st.binary(min_size=1, max_size=8), cut=st.integers(0, 60))
def test_a_damaged_header_never_does_worse_than_a_refusal(
        tmp_path_factory: pytest.TempPathFactory, place: int, rubbish: bytes, cut: int):
    path = write_wav(tmp_path_factory.getbasetemp() / "damaged.wav", b"\x01\x00" * 20)
    content = path.read_bytes()
    path.write_bytes((content[:place] + rubbish + content[place + len(rubbish):])[:len(content) - cut])

    try:
        pcm = read_wav(path)
    except Refused:
        return

    assert 0 < len(pcm.samples) <= 40 + len(rubbish)


@pytest.mark.skipif(find_spec("sounddevice") is not None, reason="the machine has sounddevice")
def test_a_missing_sound_library_is_named():
    with pytest.raises(Refused) as refusal:
        DeviceSink()

    assert "sounddevice" in refusal.value.zh


def test_eight_bits_and_silence_of_no_length_are_refused(tmp_path: Path):
    for path in (write_wav(tmp_path / "8.wav", b"\x80" * 100, width=1), write_wav(tmp_path / "0.wav", b"")):
        with pytest.raises(Refused):
            read_wav(path)


async def test_sinks_count_and_keep_every_frame(tmp_path: Path):
    null, wav = NullSink(float("inf")), WavSink(tmp_path / "out", float("inf"))

    for sink in (null, wav):
        playing = await sink.open("n", Sound(16_000, 1))
        await playing.write(b"\x01\x00" * 1600)
        await playing.write(b"\x02\x00" * 1600)
        await playing.close(drain=True)

    assert null.frames == 3200
    assert read_wav(tmp_path / "out" / "n-0.wav").samples == b"\x01\x00" * 1600 + b"\x02\x00" * 1600
