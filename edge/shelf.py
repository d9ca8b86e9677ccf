"""Audio files on the disk: fetched once for all stations of a process, resumed where a download
broke off, named `<file id>.wav` only when complete and checked."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import weakref
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import aiohttp
from yarl import URL

from edge.messages import AudioFile
from edge.pcm import Pcm, read_wav, unfit
from hub.kernel.errors import TryAgain

MOST_BYTES = 50 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=15)
KEEP = timedelta(days=7)
WAV_TYPES = frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave",
                       "application/octet-stream"})
FOR_A_WHILE = frozenset({401, 403, 408, 425, 429})
"""Answers below 500 that may be others later."""


class Shelf:
    def __init__(self, directory: Path, hub: str, session: aiohttp.ClientSession) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory = directory
        self._hub = URL(hub)
        self._session = session
        self._one_at_a_time: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._decoded: weakref.WeakValueDictionary[UUID, Pcm] = weakref.WeakValueDictionary()

    async def fetch(self, audio: AudioFile, key: str) -> None:
        """Raises TryAgain when it may work later, Refused when it never will."""
        async with self._one_at_a_time[audio.id]:
            if await asyncio.to_thread(self._place(audio.id).exists):
                return
            try:
                await self._download(audio, key)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise TryAgain("音频暂时取不到，稍后再试。",
                               f"The audio cannot be fetched now: {error!r}.") from error

    async def load(self, id_: UUID) -> Pcm | None:
        """None when the file is not there (any more). Raises Refused when it is no proper WAV."""
        async with self._one_at_a_time[id_]:
            known = self._decoded.get(id_)
            if known is not None:
                return known
            try:
                pcm = await asyncio.to_thread(read_wav, self._place(id_))
            except FileNotFoundError:
                return None
            self._decoded[id_] = pcm
            return pcm

    def forget_old(self, at: datetime) -> None:
        """Blocking. What is needed after all is fetched again."""
        for path in self._directory.iterdir():
            if path.stat().st_mtime < (at - KEEP).timestamp():
                path.unlink(missing_ok=True)

    def _place(self, id_: UUID) -> Path:
        return self._directory / f"{id_}.wav"

    async def _download(self, audio: AudioFile, key: str) -> None:
        part = _Part(self._directory / f"{audio.id}.part")
        headers = {"Authorization": f"Device {key}", **part.where_to_resume()}
        url = self._address(audio.url)
        async with self._session.get(
                url, headers=headers, timeout=TIMEOUT, allow_redirects=False) as answer:
            if answer.status == 416:
                part.drop()
            _check_answer(answer)
            part.begin(answer.headers.get("ETag", ""), resumed=answer.status == 206)
            if part.size + (answer.content_length or 0) > MOST_BYTES:
                raise _too_large()
            async for chunk in answer.content.iter_chunked(1 << 16):
                part.add(chunk)
        await asyncio.to_thread(part.complete, self._place(audio.id))

    def _address(self, url: str) -> URL:
        """The key is shown to the hub only."""
        try:
            address = self._hub.join(URL(url))
            at_home = address.origin() == self._hub.origin()
        except ValueError as error:
            raise unfit("地址不对", f"its address is malformed ({error})") from error
        if not at_home:
            raise unfit("地址不在中枢上", "its address is not on the hub")
        return address.update_query(variant="station")


class _Part:
    """A download in progress. It goes on in a later process if the hub's ETag is still the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tag_path = path.with_suffix(".etag")
        self._tag = ""
        self.size = 0

    def where_to_resume(self) -> dict[str, str]:
        if not (self._path.exists() and self._tag_path.exists()):
            return {}
        self._tag = self._tag_path.read_text()
        return {"Range": f"bytes={self._path.stat().st_size}-", "If-Range": self._tag}

    def begin(self, tag: str, *, resumed: bool) -> None:
        if resumed and tag != self._tag:  # some servers look at dates only
            self.drop()
            raise TryAgain("音频文件已更换，将重新下载。", "The audio was replaced; it is fetched afresh.")
        self._tag = tag
        if not resumed:
            self.drop()
            self._path.touch(mode=0o600)
        if tag.startswith('"'):  # a weak tag does not promise the same bytes
            self._tag_path.write_text(tag)
        self.size = self._path.stat().st_size

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > MOST_BYTES:
            self.drop()
            raise _too_large()
        with self._path.open("ab") as file:
            file.write(chunk)

    def complete(self, place: Path) -> None:
        """Blocking: checks, then makes the file durable under its name."""
        try:
            self._check_sum()
            read_wav(self._path)
        except BaseException:
            self.drop()
            raise
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
        self._path.replace(place)
        self._tag_path.unlink(missing_ok=True)

    def drop(self) -> None:
        self._path.unlink(missing_ok=True)
        self._tag_path.unlink(missing_ok=True)

    def _check_sum(self) -> None:
        promised = self._tag.strip('"').removeprefix("sha256-").lower()
        if not re.fullmatch(r"[0-9a-f]{64}", promised):
            return
        with self._path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != promised:
            raise TryAgain("音频下载后校验不一致，将重新下载。",
                           "The audio does not match its checksum; it will be fetched again.")


def _check_answer(answer: aiohttp.ClientResponse) -> None:
    if answer.status in FOR_A_WHILE or answer.status >= 500 or answer.status == 416:
        raise TryAgain("中枢暂时不给音频，稍后再试。", f"The hub answered {answer.status}.")
    if answer.status not in (200, 206):
        raise unfit(f"中枢答复 {answer.status}", f"the hub answered {answer.status}")
    if answer.content_type not in WAV_TYPES:
        raise unfit(f"格式是 {answer.content_type}，只支持 WAV（PCM 16 位）",
                    f"it is {answer.content_type}; only WAV (PCM, 16 bit) is played")


def _too_large() -> Exception:
    return unfit("超过 50 MB", "it is larger than 50 MB")
