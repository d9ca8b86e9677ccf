"""What a file is, by its bytes and not by its name: a picture, a film or a sound."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hub.kernel.errors import Refused
from media import ffmpeg

HEAD = 16
MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"GIF8", "image/gif"), (8, b"WEBP", "image/webp"),
    (4, b"ftyp", "video/mp4"), (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/wav"), (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"), (0, b"#!AMR", "audio/amr"), (0, b"fLaC", "audio/flac"),
    (0, b"\xff\xfb", "audio/mpeg"), (0, b"\xff\xf1", "audio/aac"),
)
"""Where, what, and what it is then; the first that fits."""


async def look(source: Path) -> str:
    """Its type. A film without a picture is a sound. Raises Refused: it is nothing of these, or cannot be opened."""
    mime = of_head(await asyncio.to_thread(_head, source))
    try:
        if not mime.startswith("audio/"):
            await ffmpeg.first_picture(source, still=mime.startswith("image/"))
    except ffmpeg.NoTrack:
        return mime.replace("video/", "audio/")
    except ffmpeg.Unreadable as broken:
        raise _not_seen() from broken
    return mime


def of_head(head: bytes) -> str:
    """Raises Refused."""
    found = next((mime for at, magic, mime in MAGIC if head[at:at + len(magic)] == magic), None)
    if found is None:
        raise _not_seen()
    return found


def _head(source: Path) -> bytes:
    with source.open("rb") as file:
        return file.read(HEAD)


def _not_seen() -> Refused:
    return Refused("这个文件不是能打开的照片、视频或语音，请重新拍摄或选择。", "This is no picture, film or sound that can be opened; take or choose it again.",
                   code="not-a-picture", field="file")
