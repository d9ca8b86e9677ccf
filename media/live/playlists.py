"""Playlists of a replay: what the studio wrote beside each file, joined to one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

SEGMENT = re.compile(r"^#EXTINF:(\d+(?:\.\d+)?)", re.MULTILINE)
TARGET = re.compile(r"^#EXT-X-TARGETDURATION:(\d+)", re.MULTILINE)
MOMENT = re.compile(r"^#EXT-X-PROGRAM-DATE-TIME:(\S+)", re.MULTILINE)
HEADS = ("#EXTM3U", "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-PLAYLIST-TYPE", "#EXT-X-MEDIA-SEQUENCE", "#EXT-X-ENDLIST",
         "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-DISCONTINUITY-SEQUENCE", "#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF")
MAP_URI = re.compile(r'(#EXT-X-MAP:.*URI=")([^"]+)(")')


class Take(msgspec.Struct, frozen=True):
    """One file of a replay, as its playlist tells it. `since` None: it does not say."""

    name: str
    text: str


def seconds_of(text: str) -> float:
    return sum(float(found) for found in SEGMENT.findall(text))


def since_of(text: str) -> datetime | None:
    found = MOMENT.search(text)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found.group(1))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def span_of(text: str, ended: datetime) -> tuple[datetime, datetime]:
    """From when to when. A playlist that does not say when it began ended at `ended`."""
    length = timedelta(seconds=seconds_of(text))
    since = since_of(text) or ended - length
    return since, since + length


def joined(takes: Sequence[Take]) -> str:
    """One whole playlist over all takes; each segment names the take's file, `<name>`."""
    longest = max((int(found) for take in takes for found in TARGET.findall(take.text)), default=1)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{longest}", "#EXT-X-PLAYLIST-TYPE:VOD",
             "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for number, take in enumerate(takes):
        if number:
            lines.append("#EXT-X-DISCONTINUITY")
        lines += [_renamed(line, take.name) for line in take.text.splitlines() if line.strip() and not line.startswith(HEADS)]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def _renamed(line: str, name: str) -> str:
    if line.startswith("#"):
        return MAP_URI.sub(rf"\g<1>{name}\g<3>", line)
    return name
