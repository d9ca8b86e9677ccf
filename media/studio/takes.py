"""One file while it is written: a picture, a sound, or both, in fragments of about a second."""

from __future__ import annotations

from collections.abc import Callable

from media.studio import boxes
from media.studio.files import GrowingFile
from media.studio.fragments import fragment
from media.studio.lanes import Lane
from media.studio.opus import FRAME
from media.studio.samples import AUDIO_RATE, VIDEO_RATE, Look, Sample

_SPAN = VIDEO_RATE
_SOUND_SPAN = AUDIO_RATE * 5 // 4
"""Where there are pictures, they call the fragments."""
_PAUSE = AUDIO_RATE // 5

Wall = Callable[[int], float]


class Take:
    """A killed studio loses the last second of it, and no more."""

    def __init__(self, file: GrowingFile, look: Look | None, sound: bool, since: int) -> None:
        self.file = file
        self.look = look
        self.since = since
        self.picture = Lane(boxes.picture(1, look), since, VIDEO_RATE // 25) if look else None
        self.sound = Lane(boxes.opus_sound(2), since, FRAME) if sound else None
        self._number = 0
        self._began: int | None = None
        self._sound_began: int | None = None
        lanes = [lane.track for lane in (self.picture, self.sound) if lane is not None]
        file.append([boxes.head(lanes, since)])

    def show(self, sample: Sample, wall: Wall, sound_wall: Wall | None) -> None:
        lane = self.picture
        if lane is None:
            return
        if self._began is None:
            self._began = sample.ts
        elif sample.key or sample.ts - self._began >= _SPAN:
            self._flush(wall, sound_wall, before=sample)
            self._began = sample.ts
        lane.put(sample)

    def hear(self, sample: Sample, wall: Wall | None, sound_wall: Wall) -> None:
        lane = self.sound
        if lane is None:
            return
        last = lane.latest()
        if last is not None and not 0 < sample.ts - last < _PAUSE:
            if sample.ts <= last:
                return
            self._flush(wall, sound_wall, rest=True)
        elif self._sound_began is not None and sample.ts - self._sound_began >= _SOUND_SPAN:
            self._flush(wall, sound_wall)
        if self._sound_began is None:
            self._sound_began = sample.ts
        lane.put(sample)

    def end(self, wall: Wall | None, sound_wall: Wall | None) -> None:
        self._flush(wall, sound_wall, rest=True, last=True)

    @property
    def frames(self) -> int:
        lane = self.picture or self.sound
        return lane.count if lane else 0

    def _flush(
        self, wall: Wall | None, sound_wall: Wall | None, *, before: Sample | None = None, rest: bool = False,
        last: bool = False,
    ) -> None:
        picture = self.picture.run(wall, before=before, all_of_it=last) if self.picture and wall else None
        sound = self.sound.run(sound_wall, all_of_it=rest) if self.sound and sound_wall else None
        self._sound_began = self.sound.latest() if self.sound else None
        self._began = self.picture.latest() if self.picture else None
        runs = [run for run in (picture, sound) if run is not None]
        if not runs:
            return
        self._number += 1
        rate = VIDEO_RATE if picture else AUDIO_RATE
        self.file.append(fragment(self._number, runs, self.since + runs[0].start * 1_000 // rate))
