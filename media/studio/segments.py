"""Pictures and sound become parts and segments: bytes that never change, under names that never come again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from media.studio import aac, boxes
from media.studio.feeds import Picture
from media.studio.fragments import Run, fragment
from media.studio.h264 import in_band
from media.studio.playlist import PART_TARGET, Part, Segment
from media.studio.samples import VIDEO_RATE, Look

_PART = 400.0
_WANT_KEY = 1_050.0
"""Milliseconds into a segment from which a key frame ends it."""
_SHORTEST = 900.0
_FIRST_FORCED = 4_300.0
_PER_MS = VIDEO_RATE // 1_000
_SOUND_PER_MS = 48


@dataclass(frozen=True, slots=True)
class Cut:
    """A part that is whole now; `whole`: the segment it ends."""

    segment: Segment
    body: bytes
    whole: bool


class Segmenter:
    """Time starts at `origin` (ms since 1970). A part is given when what follows it is known."""

    def __init__(self, origin: float, sound_config: bytes) -> None:
        self.target = 0
        """Seconds; 0 until the first segment has told how often key frames come."""
        self.heads: list[bytes] = []
        self.look: Look | None = None
        self.wants_key = False
        self._origin = origin
        self._sound_config = sound_config
        self._pictures: list[Picture] = []
        self._sounds: list[tuple[int, bytes]] = []
        self._sound_end = 0
        self._growing: Segment | None = None
        self._began = 0.0
        self._fragments = 0
        self._next = 0

    @property
    def growing(self) -> Segment | None:
        return self._growing if self._growing and self._growing.parts else None

    def show(self, pictures: list[Picture]) -> None:
        for picture in pictures:
            if picture.at >= self._origin and (self._pictures or self.look is not None or picture.key):
                self._pictures.append(picture)

    def hear(self, packets: list[tuple[int, bytes]]) -> None:
        for position, body in packets:
            if position >= 0:
                self._sounds.append((position, body))
                self._sound_end = position + aac.FRAME

    def ready(self) -> list[Cut]:
        cuts = []
        while (found := self._boundary()) is not None:
            place, whole = found
            until = self._pictures[place].at
            if self._sound_end < (until - self._origin) * _SOUND_PER_MS:
                break
            cuts.append(self._cut(place, until, whole))
        return cuts

    def rest(self, now: float) -> list[Cut]:
        """The end: the last picture stands until `now`."""
        cuts = self.ready()
        if self._pictures:
            cuts.append(self._cut(len(self._pictures), max(now, self._pictures[-1].at + 1), True))
        return cuts

    def _boundary(self) -> tuple[int, bool] | None:
        """(place of the picture that begins the next part, whether it begins a segment too)."""
        if not self._pictures:
            return None
        first = self._pictures[0]
        began = self._began if self._growing is not None else first.at
        forced = self.target * 1_000 + 330 if self.target else _FIRST_FORCED
        for place, picture in enumerate(self._pictures[1:], 1):
            age = picture.at - began
            self.wants_key = age > _WANT_KEY
            if (picture.key and (age >= _SHORTEST or picture.look != first.look)) or age >= forced:
                return self._not_too_long(place, True)
            if picture.at - first.at >= _PART:
                return self._not_too_long(place, False)
        return None

    def _not_too_long(self, place: int, whole: bool) -> tuple[int, bool]:
        """Slow pictures: rather one less than a part that is longer than was promised."""
        too_long = self._pictures[place].at - self._pictures[0].at > PART_TARGET * 1_000
        return (place - 1, False) if too_long and place > 1 else (place, whole)

    def _cut(self, place: int, until: float, whole: bool) -> Cut:
        pictures, self._pictures = self._pictures[:place], self._pictures[place:]
        first = pictures[0]
        segment = self._growing or self._begun(first)
        body = self._fragment(pictures, until)
        part = Part(round((until - first.at) / 1_000, 3), first.key)
        segment = self._growing = replace(segment, parts=(*segment.parts, part))
        if whole:
            self._growing = None
            self.target = self.target or max(1, round(segment.seconds))
            self.wants_key = False
        return Cut(segment, body, whole)

    def _begun(self, first: Picture) -> Segment:
        fresh = self.look is not None and first.look != self.look
        if self.look is None:
            start = (first.at - self._origin) * _SOUND_PER_MS
            self._sounds = [sound for sound in self._sounds if sound[0] >= start]
        if first.look != self.look:
            self.look = first.look
            self.heads.append(boxes.head(
                [boxes.picture(1, first.look), boxes.aac_sound(2, self._sound_config)], round(self._origin)))
        self._began = first.at
        self._next += 1
        return Segment(self._next - 1, round(first.at), len(self.heads) - 1, (), fresh)

    def _fragment(self, pictures: list[Picture], until: float) -> bytes:
        marks = [round((picture.at - self._origin) * _PER_MS) for picture in pictures]
        marks.append(round((until - self._origin) * _PER_MS))
        times = [max(1, later - mark) for mark, later in pairwise(marks)]
        runs = [Run(1, marks[0], times, [_body(picture) for picture in pictures], [picture.key for picture in pictures])]
        limit = (until - self._origin) * _SOUND_PER_MS
        count = sum(1 for position, _ in self._sounds if position < limit)
        if count:
            sounds, self._sounds = self._sounds[:count], self._sounds[count:]
            runs.append(Run(2, sounds[0][0], [aac.FRAME] * count, [body for _, body in sounds]))
        self._fragments += 1
        return b"".join(fragment(self._fragments, runs, round(pictures[0].at)))


def _body(picture: Picture) -> bytes:
    """A replay that is taken away has a head wherever the picture changed its look, and players read the first one."""
    return in_band(picture.look.config) + picture.body if picture.key else picture.body
