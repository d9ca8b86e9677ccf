"""The picture of a live stream: which of the room's pictures is shown, and from which key frame on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from media.studio.encoding import Transcoder, plate
from media.studio.samples import Look, Sample
from media.studio.sources import Source

_QUIET = 500.0
"""Milliseconds without a picture, until a key frame is asked for: a screen on which nothing moves sends few pictures by itself."""
_STILL = 1_000.0
"""The same, until the plate is shown."""
_SILENT = 2_000.0
"""So long a source that is wanted may give no key frame; then it is passed over until packets come from it again."""
_PLATE_EVERY = 250.0
_MOST_WAITING = 60


class Picture(NamedTuple):
    at: float
    """Milliseconds since 1970."""
    key: bool
    body: bytes
    look: Look
    sample: Sample | None
    """None: the plate."""


class Feed:
    """One source, as H.264; VP8 is turned into it while it is shown, and only then."""

    def __init__(self, source: Source, give: Callable[[Feed, Sample], None], call: Callable[..., object]) -> None:
        self.source = source
        self.wanted = False
        self._give = give
        self._call = call
        self._thread: ThreadPoolExecutor | None = None
        self._transcoder: Transcoder | None = None
        self._waiting = 0
        self._silent_at = -1
        source.sinks.append(self._put)

    @property
    def silent(self) -> bool:
        """It was given up, and no packet has come since: its camera is off, its screen no longer shared."""
        return self._silent_at == self.source.packets

    def give_up(self) -> None:
        self._silent_at = self.source.packets
        self.leave()

    def want(self) -> None:
        self.wanted = True
        self.source.ask_key()

    def leave(self) -> None:
        self.wanted = False
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = self._transcoder = None
            self._waiting = 0

    def end(self) -> None:
        self.leave()
        self.source.sinks.remove(self._put)

    def _put(self, sample: Sample) -> None:
        if not self.wanted:
            return
        if self.source.said.codec == "h264":
            self._give(self, sample)
            return
        if self._transcoder is None:
            if not sample.key:
                self.source.ask_key()
                return
            self._thread, self._transcoder = ThreadPoolExecutor(1, "vp8"), Transcoder()
        if self._waiting > _MOST_WAITING:
            self.leave()
            self.want()
        elif self._thread is not None:
            self._waiting += 1
            self._thread.submit(self._transcode, self._transcoder, sample)

    def _transcode(self, transcoder: Transcoder, sample: Sample) -> None:
        made = transcoder.put(sample)
        self._call(self._made, transcoder, made)

    def _made(self, transcoder: Transcoder, made: list[Sample]) -> None:
        if transcoder is self._transcoder:
            self._waiting -= 1
            for sample in made:
                self._give(self, sample)


class Stage:
    """`show` is a peer or a ref; "" takes whoever `louder` names. Pictures come out with times that only rise."""

    def __init__(self, call: Callable[..., object], show: str, now: float) -> None:
        self.show = show
        self.feeds: list[Feed] = []
        self.out: list[Picture] = []
        self._call = call
        self._louder = ""
        self._current: Feed | None = None
        self._coming: Feed | None = None
        self._coming_since = self._last = now
        self._plated = False

    def add(self, source: Source) -> None:
        self.feeds.append(Feed(source, self._given, self._call))
        self._choose(self._last)

    def drop(self, source: Source) -> None:
        for feed in [feed for feed in self.feeds if feed.source is source]:
            feed.end()
            self.feeds.remove(feed)
            self._current = None if self._current is feed else self._current
            self._coming = None if self._coming is feed else self._coming

    def end(self) -> None:
        for feed in tuple(self.feeds):
            self.drop(feed.source)

    def louder(self, peer: str) -> None:
        self._louder = peer

    def want_key(self) -> None:
        if self._current is not None:
            self._current.source.ask_key()

    def tick(self, now: float) -> None:
        still = now - self._last
        if self._current is not None and still > _STILL:
            self._current.give_up()
            self._current = None
        self._choose(now)
        asked = self._coming or (self._current if still > _QUIET else None)
        if asked is not None:
            asked.source.ask_key()
        if self._current is None and still > (_PLATE_EVERY if self._plated else _STILL):
            body, look = plate()
            self._show(Picture(max(now - 100, self._last + 1), True, body, look, None))

    def _choose(self, now: float) -> None:
        if self._coming is not None and now - self._coming_since > _SILENT:
            self._coming.give_up()
            self._coming = None
        best = self._best()
        if best is None or best.silent or best in (self._current, self._coming):
            return
        if self._coming is not None:
            self._coming.leave()
        self._coming, self._coming_since = best, now
        best.want()

    def _best(self) -> Feed | None:
        """Whom the operator wants, the screen that is shared, who is loud, who is there; of those that send."""
        wished = self.show or self._louder
        ranks = {"screen": 2, "camera": 1}
        def rank(feed: Feed) -> tuple[bool, bool, int, bool]:
            source = feed.source
            named, sends = wished in (source.peer, source.ref), not feed.silent
            part = ranks.get(source.said.part, 0)
            return (named, sends, part, feed is self._current) if self.show else (sends, part == 2, int(named), feed is self._current)
        return max(self.feeds, key=rank, default=None)

    def _given(self, feed: Feed, sample: Sample) -> None:
        if feed is self._coming and sample.key:
            if self._current is not None and self._current is not feed:
                self._current.leave()
            self._current, self._coming = feed, None
        if feed is self._current and sample.look is not None:
            at = max(feed.source.wall(sample.ts), self._last + 1)
            self._show(Picture(at, sample.key, sample.body, sample.look, sample))

    def _show(self, picture: Picture) -> None:
        self._last = picture.at
        self._plated = picture.sample is None
        self.out.append(picture)
