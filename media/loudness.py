"""Any recording becomes one notice: one loudness, one channel, two files, or one clear refusal."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import wave
from pathlib import Path

from hub.record.ending import to_its_end
from media import chime, ffmpeg, sentences
from media.ffmpeg import TARGET_LUFS, Level
from media.ports import Prepared, Rendition, Speech

_TOLERANCE = 0.5
_CORRECTIONS = 3
_MISSING_SHARE = 0.2
_MISSING_MS = 1_000
_STREAMED_WAV = 0x7FFF_0000
"""A recorder that does not know the end writes a length from here on."""


async def prepare(source: Path, target_dir: Path, *, with_chime: bool = False) -> Prepared:
    """Into `target_dir` come `<sha256>.mp3` and `<sha256>.wav`, both or none.

    Raises Refused for what is no audio, silent, cut off, too short, long or large; TryAgain when
    the machine was too busy or its disk is full. `source` stays as it is.
    """
    await asyncio.to_thread(_check_size, source)
    with tempfile.TemporaryDirectory(prefix=".preparing-", dir=target_dir) as desk:
        work = Path(desk)
        wav = await _decoded(source, work)
        heard = await ffmpeg.measure(wav)
        if heard.lufs <= sentences.QUIETEST_LUFS:
            raise sentences.silent()
        first = heard
        if with_chime:
            wav, plain = work / "chimed.wav", wav
            await chime.put_before(plain, wav)
            first = await ffmpeg.measure(wav)
        level, reached = await _levelled(wav, first, work)
        return await _rendered(level, reached, heard, work, target_dir)


async def announce(
    speech: Speech, text: str, target_dir: Path, *, rate: int = 0, with_chime: bool = False
) -> Prepared:
    """Text to a finished notice, under the promises of Speech.speak and prepare."""
    spoken = await speech.speak(text, rate=rate)
    with tempfile.TemporaryDirectory(prefix=".speaking-", dir=target_dir) as desk:
        wav = Path(desk, "spoken.wav")
        await to_its_end(wav.write_bytes, spoken.wav)
        return await prepare(wav, target_dir, with_chime=with_chime)


def _check_size(source: Path) -> None:
    size = source.stat().st_size
    if size == 0:
        raise sentences.empty()
    if size > sentences.LARGEST_FILE:
        raise sentences.too_large(size)


async def _decoded(source: Path, work: Path) -> Path:
    # Under a name without ending, only the content tells what the file is.
    nameless = work / "source"
    await asyncio.to_thread(lambda: nameless.symlink_to(source.resolve()))
    wav = work / "decoded.wav"
    try:
        declared = await ffmpeg.decode(nameless, wav, longest_ms=sentences.LONGEST_MS + _MISSING_MS)
    except ffmpeg.NoTrack as none:
        raise sentences.no_sound_track() from none
    except ffmpeg.Unreadable as junk:
        raise sentences.not_audio() from junk
    heard = _milliseconds(wav)
    missing = await asyncio.to_thread(_missing_share, source)
    _check_length(heard, round(heard / (1 - missing)) if missing else declared)
    return wav


def _missing_share(source: Path) -> float:
    """0 to 1: what a WAV promises in its head and does not hold. ffmpeg does not say it."""
    size = source.stat().st_size
    with source.open("rb") as file:
        head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return 0.0
    promised = int.from_bytes(head[4:8], "little") + 8
    streamed = promised >= _STREAMED_WAV
    return 0.0 if streamed else max(0.0, 1 - size / promised)


def _check_length(heard: int, declared: int | None) -> None:
    if heard == 0:
        raise sentences.not_audio()
    if heard > sentences.LONGEST_MS:
        raise sentences.too_long()
    if declared and heard < declared * (1 - _MISSING_SHARE) - _MISSING_MS:
        raise sentences.cut_off(heard, declared)
    if heard < sentences.SHORTEST_MS:
        raise sentences.too_short()


async def _levelled(wav: Path, heard: Level, work: Path) -> tuple[Path, Level]:
    """Two passes of loudnorm; where peaks kept them from the target, a limiter does the rest."""
    level = work / "level.wav"
    await ffmpeg.normalise(wav, level, heard)
    reached = await ffmpeg.measure(level)
    for again in range(_CORRECTIONS):
        missing = TARGET_LUFS - reached.lufs
        if abs(missing) <= _TOLERANCE:
            break
        louder = work / f"level-{again}.wav"
        await ffmpeg.amplify(level, louder, missing)
        level, reached = louder, await ffmpeg.measure(louder)
    return level, reached


async def _rendered(
    level: Path, reached: Level, heard: Level, work: Path, target_dir: Path
) -> Prepared:
    mp3, wav = work / "notice.mp3", work / "notice.wav"
    await ffmpeg.encode_mp3(level, mp3)
    await ffmpeg.encode_wav(level, wav)
    duration = _milliseconds(wav)
    kept = await asyncio.to_thread(_keep, ((mp3, "audio/mpeg"), (wav, "audio/wav")), target_dir)
    return Prepared(
        mp3=kept[0],
        wav=kept[1],
        duration_ms=duration,
        lufs=reached.lufs,
        true_peak=reached.peak,
        source_lufs=heard.lufs,
    )


def _keep(made: tuple[tuple[Path, str], ...], target_dir: Path) -> list[Rendition]:
    """Names are contents, so a file that is there already is the same file."""
    renditions = []
    for file, mime in made:
        content = file.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        path = target_dir / f"{sha256}{file.suffix}"
        renditions.append(Rendition(path, mime, len(content), sha256))
    for (file, _), rendition in zip(made, renditions, strict=True):
        os.replace(file, rendition.path)
    return renditions


def _milliseconds(wav: Path) -> int:
    with wave.open(str(wav), "rb") as file:
        return round(file.getnframes() * 1000 / file.getframerate())
