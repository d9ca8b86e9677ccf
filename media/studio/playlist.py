"""HLS playlists (RFC 8216bis): from what there is, to text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

PART_TARGET = 0.5
"""Seconds: no part is longer, but where the sender's picture stood still."""
_PARTS_SHOWN = 3
"""Of so many last segments the parts are told."""


@dataclass(frozen=True, slots=True)
class Part:
    seconds: float
    independent: bool


@dataclass(frozen=True, slots=True)
class Segment:
    number: int
    at: int
    """Wall clock of its first picture, ms since 1970."""
    init: int
    """Which head it needs."""
    parts: tuple[Part, ...]
    fresh: bool = False
    """The picture changed its look here."""

    @property
    def seconds(self) -> float:
        return sum(part.seconds for part in self.parts)


@dataclass(frozen=True, slots=True)
class Window:
    """What can be watched now. `growing`: the segment that is not whole yet."""

    target: int
    segments: Sequence[Segment]
    growing: Segment | None
    ended: bool = False
    changes: int = 0
    """Changes of look before the first of the segments."""

    @property
    def hint(self) -> tuple[int, int]:
        """The next part to come: segment and place."""
        if self.growing is not None:
            return self.growing.number, len(self.growing.parts)
        return (self.segments[-1].number + 1 if self.segments else 0), 0


def media_playlist(window: Window, *, skip: bool = False) -> str:
    """`skip`: the asker has the older ones, and is told only how many they are."""
    skipped = _skippable(window) if skip else 0
    lines = list(_beginning(window, skipped))
    whole = window.segments[skipped:]
    init = -1
    for place, segment in enumerate(whole):
        parts_too = not window.ended and place >= len(whole) - _PARTS_SHOWN
        lines += _segment(segment, parts_too, segment.init != init or segment.fresh)
        lines += (f"#EXTINF:{segment.seconds:.3f},", f"seg-{segment.number}.m4s")
        init = segment.init
    if window.ended:
        lines.append("#EXT-X-ENDLIST")
    else:
        growing = window.growing
        if growing is not None:
            lines += _segment(growing, True, growing.init != init or growing.fresh)
        number, part = window.hint
        lines.append(f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-{number}.{part}.m4s"')
    return "\n".join(lines) + "\n"


def _beginning(window: Window, skipped: int) -> Iterator[str]:
    yield "#EXTM3U"
    yield "#EXT-X-VERSION:9"
    yield f"#EXT-X-TARGETDURATION:{window.target}"
    if not window.ended:
        yield (f"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={3 * PART_TARGET:.3f},"
               f"HOLD-BACK={3 * window.target:.3f},CAN-SKIP-UNTIL={6 * window.target:.3f}")
        yield f"#EXT-X-PART-INF:PART-TARGET={PART_TARGET:.3f}"
    yield f"#EXT-X-MEDIA-SEQUENCE:{window.segments[0].number if window.segments else window.hint[0]}"
    yield f"#EXT-X-DISCONTINUITY-SEQUENCE:{window.changes}"
    if skipped:
        yield f"#EXT-X-SKIP:SKIPPED-SEGMENTS={skipped}"


def _segment(segment: Segment, parts_too: bool, with_map: bool) -> Iterator[str]:
    if segment.fresh:
        yield "#EXT-X-DISCONTINUITY"
    if with_map:
        yield f'#EXT-X-MAP:URI="init-{segment.init}.mp4"'
    yield f"#EXT-X-PROGRAM-DATE-TIME:{moment(segment.at)}"
    if parts_too:
        for place, part in enumerate(segment.parts):
            independent = ",INDEPENDENT=YES" if part.independent else ""
            yield f'#EXT-X-PART:DURATION={part.seconds:.3f},URI="part-{segment.number}.{place}.m4s"{independent}'


def _skippable(window: Window) -> int:
    """Segments that lie further back than CAN-SKIP-UNTIL."""
    left, count = 6.0 * window.target, len(window.segments)
    left -= window.growing.seconds if window.growing else 0.0
    while count and left > 0:
        count -= 1
        left -= window.segments[count].seconds
    return count


def main_playlist(codecs: str, width: int, height: int, bits: int) -> str:
    return ("#EXTM3U\n#EXT-X-VERSION:9\n"
            f'#EXT-X-STREAM-INF:BANDWIDTH={bits},CODECS="{codecs}",RESOLUTION={width}x{height}\nindex.m3u8\n')


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes of the replay's one file."""

    offset: int
    size: int

    def __str__(self) -> str:
        return f"{self.size}@{self.offset}"


def replay_beginning(target: int) -> str:
    return f"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n"


def replay_segment(segment: Segment, file: str, place: Range, head: Range | None) -> str:
    """`head`: where its head stands; None: the one before still counts."""
    lines = ["#EXT-X-DISCONTINUITY"] if segment.fresh else []
    if head is not None:
        lines.append(f'#EXT-X-MAP:URI="{file}",BYTERANGE="{head}"')
    lines += (f"#EXT-X-PROGRAM-DATE-TIME:{moment(segment.at)}", f"#EXTINF:{segment.seconds:.3f},",
              f"#EXT-X-BYTERANGE:{place}", file)
    return "\n".join(lines) + "\n"


REPLAY_END = "#EXT-X-ENDLIST\n"


def moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
