"""The one voice of a room as bare Opus frames, for listeners without WebRTC. Nothing is mixed: what is
heard is what plays, else the floor's holder, else the loudest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from media.plane.rooms import Room

HEAD = struct.Struct("!II")
STEP = 960


@dataclass(slots=True)
class Programme:
    """One stream of frames out of several sources in turn: seq and ts go on where the source changes."""

    source: str = ""
    untap: Callable[[], None] | None = None
    seq: int = 0
    ts: int = 0
    offset: int | None = None
    """Of the source's own timestamps; None: its first packet says it."""
    listeners: set[object] = field(default_factory=set)

    def change(self, source: str) -> None:
        if self.untap is not None:
            self.untap()
        self.source, self.untap, self.offset = source, None, None

    def frame(self, payload: bytes, ts: int | None = None) -> bytes:
        """`ts` None: 20 ms after the one before."""
        if ts is None:
            self.ts += STEP
        else:
            if self.offset is None:
                self.offset = self.ts + STEP - ts
            self.ts = ts + self.offset
        self.ts &= 0xFFFF_FFFF
        self.seq = (self.seq + 1) & 0xFFFF_FFFF
        return HEAD.pack(self.seq, self.ts) + payload


def voice_of(room: Room, at: float) -> str:
    """The source to be heard; "" nobody."""
    everybody = [source for source, to in room.playing.items() if not to]
    if everybody:
        return everybody[0]
    speaking = [source for source in room.speakers.speaking(at) if source in room.speakers.forwarded]
    return next(iter((*speaking, *room.speakers.forwarded)), "")


def payload_of(packet: bytes) -> tuple[int, bytes]:
    """(timestamp, payload) of an RTP packet; an empty payload where there is none."""
    if len(packet) < 12:
        return 0, b""
    first = packet[0]
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        start += 4 + 4 * int.from_bytes(packet[start + 2:start + 4], "big")
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    return int.from_bytes(packet[4:8], "big"), packet[start:max(start, end)]
