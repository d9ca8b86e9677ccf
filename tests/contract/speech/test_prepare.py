"""Recordings in every common format become one notice; everything else is refused whole."""

import asyncio
import hashlib
import random
import re
import subprocess
import wave
from pathlib import Path

import pytest

from hub.kernel.errors import Refused, TooLarge
from media.chime_worker import LENGTH_MS
from media.espeak import EspeakSpeech
from media.ffmpeg import binary
from media.loudness import announce, prepare
from media.sentences import LARGEST_FILE
from tests.patience import PATIENCE

FORMATS = {
    "notice.wav": ["-c:a", "pcm_s16le"],
    "notice-float.wav": ["-c:a", "pcm_f32le", "-ar", "96000"],
    "notice-stereo.mp3": ["-c:a", "libmp3lame", "-ac", "2"],
    "notice.m4a": ["-c:a", "aac"],
    "notice-faststart.m4a": ["-c:a", "aac", "-movflags", "+faststart"],
    "notice.aac": ["-c:a", "aac"],
    "notice-vorbis.ogg": ["-c:a", "libvorbis"],
    "notice-opus.ogg": ["-c:a", "libopus"],
    "notice.webm": ["-c:a", "libopus", "-f", "webm", "-live", "1"],
    "notice.amr": ["-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1", "-b:a", "12.2k"],
    "notice.3gp": ["-c:a", "libopencore_amrnb", "-ar", "8000", "-ac", "1", "-b:a", "12.2k"],
    "notice.flac": ["-c:a", "flac"],
    "notice.wma": ["-c:a", "wmav2"],
    "notice.aiff": ["-c:a", "pcm_s16be"],
    "notice.caf": ["-c:a", "alac"],
}
HEARD = re.compile(r"I:\s+(-?[\d.]+) LUFS")


def ffmpeg(*words):
    command = [binary(), "-nostdin", "-hide_banner", "-y", *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE)
    return done.stderr.decode(errors="replace")


def lufs(path):
    log = ffmpeg("-i", path, "-af", "ebur128", "-f", "null", "-")
    return float(HEARD.findall(log)[-1])


@pytest.fixture(scope="session")
def spoken_wav(tmp_path_factory):
    """Six seconds of a voice, as quiet as a phone held too far away."""
    spoken = asyncio.run(EspeakSpeech(timeout=PATIENCE).speak("请各位代表于三月五日上午九点三十分到会议厅开会。"))
    loud = tmp_path_factory.mktemp("voice") / "loud.wav"
    loud.write_bytes(spoken.wav)
    quiet = loud.with_name("quiet.wav")
    ffmpeg("-i", loud, "-af", "volume=-14dB", "-ar", "48000", quiet)
    return quiet


@pytest.fixture
def out(tmp_path):
    target = tmp_path / "prepared"
    target.mkdir()
    return target


def names(folder):
    return {file.name for file in folder.iterdir()}


async def refusal(source: Path, out: Path) -> str:
    with pytest.raises(Refused) as refused:
        await prepare(source, out)
    assert names(out) == set()
    assert refused.value.zh.endswith("。")
    assert refused.value.en.endswith(".")
    return refused.value.code


def seconds_of(wav):
    with wave.open(str(wav)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16000, 1, 2)
        return file.getnframes() / file.getframerate()


@pytest.mark.parametrize("name", FORMATS)
async def test_every_common_format_becomes_one_loudness(name, spoken_wav, tmp_path, out):
    source = tmp_path / name
    ffmpeg("-i", spoken_wav, *FORMATS[name], source)

    prepared = await prepare(source, out)

    assert lufs(prepared.mp3.path) == pytest.approx(-16, abs=1)
    assert lufs(prepared.wav.path) == pytest.approx(-16, abs=1)
    assert prepared.lufs == pytest.approx(-16, abs=0.6)
    assert prepared.true_peak <= -1
    assert seconds_of(prepared.wav.path) == pytest.approx(seconds_of_any(spoken_wav), abs=0.2)
    assert prepared.duration_ms == pytest.approx(seconds_of(prepared.wav.path) * 1000, abs=1)


def seconds_of_any(wav):
    with wave.open(str(wav)) as file:
        return file.getnframes() / file.getframerate()


async def test_the_files_are_named_by_what_they_hold(spoken_wav, out):
    prepared = await prepare(spoken_wav, out)

    for made in (prepared.mp3, prepared.wav):
        content = made.path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == made.sha256 == made.path.stem
        assert len(content) == made.size
    assert names(out) == {prepared.mp3.path.name, prepared.wav.path.name}


async def test_preparing_twice_gives_the_same_files(spoken_wav, out):
    assert await prepare(spoken_wav, out) == await prepare(spoken_wav, out)


@pytest.mark.parametrize(
    "sound",
    [
        "sine=frequency=440:duration=0.7,volume=-30dB",
        "sine=frequency=440:duration=2.5",
        "anoisesrc=duration=4:amplitude=1,volume=9dB",
        "aevalsrc=exprs='if(lt(mod(t,1),0.01),0.99,0.01*sin(880*PI*t))':duration=8",
        "sine=frequency=300:duration=30,volume='if(lt(t,15),0.01,1)':eval=frame",
    ],
    ids=[
        "short and quiet",
        "short",
        "clipped noise",
        "clicks over a whisper",
        "whisper then shout",
    ],
)
async def test_hard_sounds_reach_the_loudness_too(sound, tmp_path, out):
    source = tmp_path / "hard.wav"
    ffmpeg("-f", "lavfi", "-i", sound, source)

    prepared = await prepare(source, out)

    assert lufs(prepared.mp3.path) == pytest.approx(-16, abs=1)
    assert prepared.true_peak <= -1


async def test_the_sound_of_a_film_is_taken_without_its_picture(spoken_wav, tmp_path, out):
    film = tmp_path / "film.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=size=64x64:duration=6", "-i", spoken_wav, "-shortest", film)

    prepared = await prepare(film, out)

    assert prepared.duration_ms > 4000


async def test_what_a_phone_wrote_into_the_file_is_not_passed_on(spoken_wav, tmp_path, out):
    source = tmp_path / "tagged.m4a"
    ffmpeg("-i", spoken_wav, "-metadata", "title=private place", "-c:a", "aac", source)

    prepared = await prepare(source, out)

    assert b"private place" not in prepared.mp3.path.read_bytes()
    assert b"private place" not in prepared.wav.path.read_bytes()


async def test_the_chime_comes_before_the_voice_at_the_same_loudness(spoken_wav, out):
    plain = await prepare(spoken_wav, out)
    chimed = await prepare(spoken_wav, out, with_chime=True)

    assert chimed.duration_ms - plain.duration_ms == pytest.approx(LENGTH_MS, abs=20)
    assert lufs(chimed.mp3.path) == pytest.approx(-16, abs=1)


async def test_a_text_becomes_a_finished_notice(out):
    prepared = await announce(EspeakSpeech(timeout=PATIENCE), "紧急通知：请立即撤离。", out, with_chime=True)

    assert lufs(prepared.wav.path) == pytest.approx(-16, abs=1)
    assert len(names(out)) == 2


NO_AUDIO = {
    "text": "会议通知，请准时到会。\n".encode() * 400,
    "one letter": b"x",
    "html": b"<html><body>404</body></html>" * 50,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(4000),
    "zeros": bytes(200_000),
    "noise": random.Random(7).randbytes(200_000),
    "playlist": b"#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
    "concat": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "sdp": b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "head of a wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "head of an mp3": b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(50),
}


@pytest.mark.parametrize("kind", NO_AUDIO)
@pytest.mark.parametrize("ending", ["mp3", "wav"])
async def test_what_is_no_audio_is_refused_whatever_its_name(kind, ending, tmp_path, out):
    source = tmp_path / f"notice.{ending}"
    source.write_bytes(NO_AUDIO[kind])

    assert await refusal(source, out) == "audio-unreadable"


async def test_an_empty_file_is_refused(tmp_path, out):
    source = tmp_path / "notice.mp3"
    source.touch()

    assert await refusal(source, out) == "audio-empty"


async def test_a_hundred_megabytes_are_refused_unread(tmp_path, out):
    source = tmp_path / "zeros.wav"
    with source.open("wb") as file:
        file.truncate(100 * 2**20)
    source.chmod(0o000)

    with pytest.raises(TooLarge) as refused:
        await prepare(source, out)

    assert refused.value.code == "audio-too-large"
    assert source.stat().st_size > LARGEST_FILE
    assert names(out) == set()


async def test_a_film_without_sound_is_refused(tmp_path, out):
    film = tmp_path / "mute.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=size=64x64:duration=2", film)

    assert await refusal(film, out) == "audio-no-track"


@pytest.mark.parametrize(
    ("sound", "code"),
    [
        ("anullsrc=r=48000:cl=mono:d=5", "audio-silent"),
        ("sine=frequency=440:duration=5,volume=-70dB", "audio-silent"),
        ("sine=frequency=440:duration=0.2", "audio-too-short"),
        ("sine=frequency=440:duration=903", "audio-too-long"),
    ],
)
async def test_silence_and_wrong_lengths_are_refused(sound, code, tmp_path, out):
    source = tmp_path / "notice.mp3"
    ffmpeg("-f", "lavfi", "-i", sound, "-ar", "16000", "-ac", "1", "-b:a", "24k", source)

    assert await refusal(source, out) == code


@pytest.mark.parametrize(
    "name", ["notice.wav", "notice-stereo.mp3", "notice-faststart.m4a", "notice.flac"]
)
async def test_a_file_cut_off_on_its_way_is_refused(name, spoken_wav, tmp_path, out):
    whole = tmp_path / name
    ffmpeg("-i", spoken_wav, *FORMATS[name], whole)
    cut = tmp_path / f"cut-{name}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])

    assert await refusal(cut, out) == "audio-incomplete"


async def test_a_wav_streamed_without_a_known_end_is_whole(spoken_wav, tmp_path, out):
    source = tmp_path / "streamed.wav"
    ffmpeg("-i", spoken_wav, "-bitexact", source)
    whole = source.read_bytes()
    source.write_bytes(whole[:4] + b"\xff" * 4 + whole[8:40] + b"\xff" * 4 + whole[44:])

    prepared = await prepare(source, out)

    assert prepared.duration_ms > 4000


async def test_a_film_cut_off_before_its_index_is_refused(spoken_wav, tmp_path, out):
    whole = tmp_path / "notice.m4a"
    ffmpeg("-i", spoken_wav, "-c:a", "aac", whole)
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    assert await refusal(cut, out) == "audio-unreadable"


@pytest.mark.parametrize("after", [0.02, 0.1, 0.2])
async def test_a_sender_who_leaves_leaves_nothing_behind(after, spoken_wav, out):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(after):
            await prepare(spoken_wav, out)

    assert names(out) == set()
