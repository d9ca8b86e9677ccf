"""The only file that speaks ffmpeg: from the `imageio-ffmpeg` wheel, or on PATH."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from media import children, sentences

TARGET_LUFS = -16.0
TARGET_PEAK = -1.5
RATE = 48_000

_TIMEOUT = 120.0
_LONGEST_RANGE = 50.0
_OFTEN_RANGE = 11.0

# A playlist or a session description would let an upload read other files or the network.
_FORMATS = (
    "wav,w64,aiff,caf,mp3,aac,mov,mp4,m4a,3gp,matroska,webm,ogg,flac,amr,amrnb,amrwb,asf,avi,mpegts"
)
_PICTURES = "jpeg_pipe,png_pipe,webp_pipe,gif,bmp_pipe"
_MOST_POINTS = 60_000_000
_ONLY_FILES = ("-protocol_whitelist", "file", "-format_whitelist", _FORMATS)
_QUIET = ("-nostdin", "-hide_banner", "-nostats", "-y", "-max_alloc", str(256 * 2**20))
_BARE = ("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact")

_DECLARED = re.compile(r"Duration: (\d+):(\d\d):(\d\d)\.(\d\d)")
_SUMMARY = re.compile(
    r"Summary:.*?I:\s+(\S+) LUFS.*?Threshold:\s+(\S+) LUFS.*?LRA:\s+(\S+) LU.*?Peak:\s+(\S+) dBFS",
    re.DOTALL,
)
_SCALED = "Estimating duration from bitrate"
_NO_TRACK = "matches no streams"
_DISK_FULL = "No space left on device"


class Unreadable(Exception):
    """ffmpeg made nothing of the input."""


class NoTrack(Unreadable):
    """It has pictures perhaps, but no sound."""


@dataclass(frozen=True, slots=True)
class Level:
    """What EBU R128 hears; silence is -70 LUFS."""

    lufs: float
    threshold: float
    span: float
    """Loudness range, LU."""
    peak: float
    """dBTP."""


@cache
def binary() -> str:
    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


async def decode(source: Path, wav: Path, *, longest_ms: int) -> int | None:
    """The first sound track as 48 kHz mono PCM, cut at `longest_ms`.

    Returns the milliseconds that the container declares, None where it only guesses.
    """
    log = await _ffmpeg(
        *_ONLY_FILES, "-i", f"file:{source}", "-map", "0:a:0", "-vn", "-sn", "-dn",
        "-t", f"{longest_ms / 1000:.3f}", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le",
        *_BARE, f"file:{wav}",
    )  # fmt: skip
    found = _DECLARED.search(log)
    if found is None or _SCALED in log:
        return None
    hours, minutes, seconds, hundredths = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10


async def measure(wav: Path) -> Level:
    """By the ebur128 filter: five times as fast as loudnorm's own first pass, with the same answer."""
    log = await _own(
        "-i", f"file:{wav}", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"
    )  # fmt: skip
    found = _SUMMARY.search(log)
    if found is None:
        raise sentences.not_prepared()
    return Level(*(float(figure) for figure in found.groups()))


async def normalise(wav: Path, target: Path, heard: Level) -> None:
    """The second pass: plain gain where the peaks allow it, gentle dynamics where they do not."""
    span = min(_LONGEST_RANGE, max(_OFTEN_RANGE, heard.span))
    known = (
        f"measured_I={min(0.0, heard.lufs)}:measured_TP={heard.peak}:measured_LRA={heard.span}"
        f":measured_thresh={min(0.0, heard.threshold)}:linear=true"
    )
    await _filter(wav, target, f"{_loudnorm(span)}:{known}")


async def amplify(wav: Path, target: Path, decibels: float) -> None:
    """Gain under a peak limiter, which works at four times the rate to catch true peaks."""
    ceiling = 10 ** ((TARGET_PEAK - 0.3) / 20)
    await _filter(
        wav,
        target,
        f"aresample={4 * RATE},volume={decibels:.2f}dB"
        f",alimiter=level=false:limit={ceiling:.4f}:attack=2:release=60",
    )


async def encode_mp3(wav: Path, target: Path) -> None:
    await _own(
        "-i", f"file:{wav}", "-ac", "1", "-ar", "44100", "-c:a", "libmp3lame", "-b:a", "80k",
        *_BARE, "-f", "mp3", f"file:{target}",
    )  # fmt: skip


async def encode_wav(wav: Path, target: Path) -> None:
    await _own(
        "-i", f"file:{wav}", "-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le",
        *_BARE, "-f", "wav", f"file:{target}",
    )  # fmt: skip


async def shrink(picture: Path, target: Path, longest: int) -> None:
    """Into WebP, upright, at most `longest` points wide and high. Raises Unreadable."""
    await _ffmpeg(
        "-protocol_whitelist", "file", "-format_whitelist", _PICTURES, "-max_pixels", str(_MOST_POINTS),
        "-i", f"file:{picture}", "-vf", f"scale={longest}:{longest}:force_original_aspect_ratio=decrease",
        "-frames:v", "1", "-c:v", "libwebp", "-quality", "72", *_BARE, "-f", "webp", f"file:{target}",
    )  # fmt: skip


async def first_picture(source: Path, *, still: bool) -> None:
    """Whether a picture (`still`) or a film can be seen. Raises Unreadable; NoTrack where there is none in it."""
    formats = _PICTURES if still else _FORMATS
    await _ffmpeg(
        "-protocol_whitelist", "file", "-format_whitelist", formats, "-max_pixels", str(_MOST_POINTS),
        "-i", f"file:{source}", "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-",
    )  # fmt: skip


def _loudnorm(span: float = _OFTEN_RANGE) -> str:
    return f"loudnorm=I={TARGET_LUFS}:TP={TARGET_PEAK}:LRA={span}"


async def _filter(wav: Path, target: Path, chain: str) -> None:
    await _own(
        "-i", f"file:{wav}", "-af", f"{chain},aresample={RATE}", "-c:a", "pcm_s16le",
        *_BARE, "-f", "wav", f"file:{target}",
    )  # fmt: skip


async def _own(*words: str) -> str:
    """On a file we made ourselves: what fails here is not the sender's fault."""
    try:
        return await _ffmpeg(*words)
    except Unreadable as broken:
        raise sentences.not_prepared() from broken


async def _ffmpeg(*words: str) -> str:
    """Its log. One thread: a city's worth of uploads must leave the hub its share of the machine."""
    try:
        ended = await children.run((binary(), *_QUIET, "-threads", "1", *words), within=_TIMEOUT)
    except TimeoutError as late:
        raise sentences.busy() from late
    if _DISK_FULL in ended.err:
        raise sentences.no_room()
    if ended.code != 0:
        raise NoTrack if _NO_TRACK in ended.err else Unreadable
    return ended.err
