"""Why a sound file is refused, in words for the one who sent it."""

from __future__ import annotations

from hub.kernel.errors import Malformed, Refused, TooLarge, TryAgain

LARGEST_FILE = 50 * 2**20
LONGEST_MS = 15 * 60 * 1000
SHORTEST_MS = 500
QUIETEST_LUFS = -60.0


def empty() -> Malformed:
    return Malformed(
        "这个文件是空的，请重新选择音频文件。",
        "The file is empty; choose the audio file again.",
        code="audio-empty",
        field="file",
    )


def too_large(size: int) -> TooLarge:
    return TooLarge(
        f"文件有{size / 2**20:.0f} MB，超过{LARGEST_FILE // 2**20} MB的上限，请压缩或剪短后再上传。",
        f"The file has {size / 2**20:.0f} MB; compress or cut it to {LARGEST_FILE // 2**20} MB at most.",
        code="audio-too-large",
        field="file",
    )


def not_audio() -> Refused:
    return Refused(
        "这个文件不是能识别的音频，请上传 MP3、WAV、M4A、OGG、AMR、FLAC 或 WMA 文件。",
        "The file is no audio we can read; upload MP3, WAV, M4A, OGG, AMR, FLAC or WMA.",
        code="audio-unreadable",
        field="file",
    )


def no_sound_track() -> Refused:
    return Refused(
        "这个文件里没有声音，请上传带有声音的文件。",
        "The file has no sound track; upload one with sound.",
        code="audio-no-track",
        field="file",
    )


def cut_off(heard_ms: int, declared_ms: int) -> Refused:
    return Refused(
        f"文件不完整：应有{declared_ms / 1000:.0f}秒，只能读出{heard_ms / 1000:.0f}秒，请重新上传完整的文件。",
        f"The file is incomplete: {heard_ms / 1000:.0f} of {declared_ms / 1000:.0f} seconds"
        " can be read; upload the whole file again.",
        code="audio-incomplete",
        field="file",
    )


def too_short() -> Refused:
    return Refused(
        f"声音不足{SHORTEST_MS / 1000}秒，请重新录制。",
        f"The sound is shorter than {SHORTEST_MS / 1000} seconds; record it again.",
        code="audio-too-short",
        field="file",
    )


def too_long() -> Refused:
    return Refused(
        f"声音超过{LONGEST_MS // 60_000}分钟的上限，请剪短后再上传。",
        f"The sound is longer than {LONGEST_MS // 60_000} minutes; cut it and upload it again.",
        code="audio-too-long",
        field="file",
    )


def silent() -> Refused:
    return Refused(
        "这段录音没有声音，请检查话筒后重新录制。",
        "The recording is silent; check the microphone and record it again.",
        code="audio-silent",
        field="file",
    )


def busy() -> TryAgain:
    return TryAgain(
        "音频没有在规定时间内处理完，请稍后再试。",
        "The sound could not be prepared in time; try again in a moment.",
        code="audio-timeout",
    )


def not_prepared() -> TryAgain:
    return TryAgain(
        "音频处理中断，没有保存，请稍后再试。",
        "Preparing the sound broke off and nothing was saved; try again in a moment.",
        code="audio-engine",
    )


def no_room() -> TryAgain:
    return TryAgain(
        "服务器磁盘空间不足，音频没有保存，请联系管理员后再试。",
        "The server's disk is full and the sound was not saved; tell the administrator, then try again.",
        code="disk-full",
    )
