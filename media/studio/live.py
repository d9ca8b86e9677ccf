"""A room goes live: its sound added up, one of its pictures, and the segments of both."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from media.studio import posters, voices
from media.studio.aac import Aac
from media.studio.feeds import Picture, Stage
from media.studio.files import Writer
from media.studio.replay import Replay
from media.studio.segments import Cut, Segmenter
from media.studio.sources import Source
from media.studio.voices import PER_MS, Voice
from media.studio.window import Shown
from media.wires_studio import LiveEnded, LiveFailed, LiveStarted, StartLive

log = structlog.get_logger("media.studio")

_SOUND_BEHIND = 160
"""Milliseconds that microphones are given to arrive."""
_CHANGE_AFTER = 2_000.0
"""So long somebody else must be the loudest before the picture follows."""
_AUDIBLE = 300.0
_POSTER_WIDTH = 640

Tell = Callable[[object], None]


class Live:
    def __init__(self, wish: StartLive, writer: Writer, tell: Tell, now: float) -> None:
        self.wish = wish
        loop = asyncio.get_running_loop()
        self._tell = tell
        self._origin = now
        self._aac = Aac()
        self._voices: list[Voice] = []
        self._mixed = 0
        self._stage = Stage(loop.call_soon_threadsafe, wish.show, now)
        self._segmenter = Segmenter(now, self._aac.config)
        self._replay = Replay(Path(wish.folder), wish.live, writer, self._disk)
        self.shown = Shown(self._segmenter, self._replay, wish.dvr_seconds)
        self._thread = ThreadPoolExecutor(1, "poster")
        self._poster_at = 0.0
        self._loudest = ""
        self._louder_since = now
        self._since = 0

    def add(self, source: Source) -> None:
        if source.room != self.wish.room:
            return
        if source.video:
            self._stage.add(source)
        else:
            self._voices.append(Voice(source, self._origin))

    def drop(self, source: Source) -> None:
        self._stage.drop(source)
        for voice in [voice for voice in self._voices if voice.source is source]:
            voice.end()
            self._voices.remove(voice)

    def show(self, who: str) -> None:
        self._stage.show = who

    def tick(self, now: float) -> None:
        self._mix(now - _SOUND_BEHIND)
        self._follow(now)
        self._stage.tick(now)
        pictures, self._stage.out = self._stage.out, []
        if pictures:
            self._segmenter.show(pictures)
            self._draw(pictures, now)
        for cut in self._segmenter.ready():
            self._add(cut)
        if self._segmenter.wants_key:
            self._stage.want_key()

    async def end(self, now: float) -> LiveEnded:
        self._mix(now)
        for cut in self._segmenter.rest(now):
            self._add(cut)
        self._stage.end()
        for voice in self._voices:
            voice.end()
        self._thread.shutdown(wait=False, cancel_futures=True)
        self.shown.end()
        begun = self.shown.begun
        size, sha256 = await self._replay.end()
        poster = await asyncio.to_thread(self._kept_poster)
        return LiveEnded(
            live=self.wish.live, since=self._since or round(self._origin), until=round(now),
            playlist=str(self._replay.playlist) if begun and size else "", file=str(self._replay.path) if size else "",
            size=size, sha256=sha256, poster=poster,
        )

    def _mix(self, until: float) -> None:
        end = int((until - self._origin) * PER_MS)
        if end <= self._mixed:
            return
        voices.choose(self._voices)
        pcm = voices.added((voice.take(self._mixed, end) for voice in self._voices), end - self._mixed)
        self._mixed = end
        self._segmenter.hear(self._aac.put(pcm))

    def _follow(self, now: float) -> None:
        loudest = max(self._voices, key=lambda voice: voice.loud, default=None)
        peer = loudest.source.peer if loudest is not None and loudest.loud > _AUDIBLE else self._loudest
        if peer == self._loudest:
            self._louder_since = now
        elif now - self._louder_since >= _CHANGE_AFTER or not self._loudest:
            self._loudest = peer
            self._stage.louder(peer)

    def _add(self, cut: Cut) -> None:
        first = not self.shown.begun
        self.shown.add(cut)
        look = self._segmenter.look
        if first and cut.whole and look is not None:
            self._since = cut.segment.at
            self._tell(LiveStarted(live=self.wish.live, since=self._since, video=look.words, audio="mp4a.40.2",
                                   width=look.width, height=look.height))

    def _draw(self, pictures: list[Picture], now: float) -> None:
        sample = next((picture.sample for picture in pictures if picture.key and picture.sample is not None), None)
        if sample is not None and now >= self._poster_at:
            self._poster_at = now + self.wish.poster_seconds * 1_000
            drawn = self._thread.submit(posters.of_sample, sample, _POSTER_WIDTH)
            drawn.add_done_callback(lambda done: self._drawn(done.result()) if not done.cancelled() and not done.exception() else None)

    def _drawn(self, picture: bytes) -> None:
        self.shown.poster = picture

    def _kept_poster(self) -> str:
        """Blocks."""
        path = Path(self.wish.folder, f"{self.wish.live}.jpg")
        try:
            if self.shown.poster:
                path.write_bytes(self.shown.poster)
                return str(path)
        except OSError as error:
            log.warning("no poster of a live stream", error=str(error))
        return ""

    def _disk(self, error: OSError) -> None:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        log.warning("a replay ends before its stream", live=self.wish.live, error=str(error))
        self._tell(LiveFailed(
            live=self.wish.live, code="disk-full" if full else "disk-failed",
            zh="磁盘已满，直播继续，但从现在起无法回放；请清理磁盘。" if full else f"磁盘出错（{error.strerror}），直播继续，但从现在起无法回放；请检查磁盘。",
            en="The disk is full: the live stream goes on, but from now on nothing is kept for the replay. Make room."
            if full else f"The disk failed ({error.strerror}): the live stream goes on, but nothing is kept for the replay.",
        ))
