"""An outgoing slot: one m-line of a viewer, whose output stays continuous whatever plays in it."""

from __future__ import annotations

from random import randrange
from typing import TYPE_CHECKING, Protocol

from media.plane.answer import Agreed
from media.plane.codecs import matching
from media.plane.fanout import FanOut, Row, send_one
from media.plane.paths import Path
from media.plane.ring import Kept
from media.plane.rtp import U16, Extensions, sent_time
from media.plane.srtp import Shield
from media.plane.words import Outlet

if TYPE_CHECKING:
    from media.plane.track import Track

BEGIN_BELOW = 0x4000
"""First sequence numbers stay clear of the wrap, so that SRTP's rollover counts agree (RFC 3711, 3.3.1)."""


class Seat(Protocol):
    """The peer of a slot; without shield and path nothing can be sent yet."""

    shield: Shield | None
    path: Path | None


class Slot:
    __slots__ = (
        "_last", "_sequence", "agreed", "before", "clock", "extensions", "kind", "name", "octets_before", "repair_row",
        "repair_sequence", "row", "seat", "ssrc", "start", "track",
    )

    def __init__(self, name: Outlet, agreed: Agreed, seat: Seat, first: int | None = None) -> None:
        """`first`: number to begin with; None: by chance."""
        self.name = name
        self.kind = agreed.section.kind
        self.agreed = agreed
        self.seat = seat
        self.ssrc = agreed.ssrc
        self.clock = agreed.codecs[0].clock
        self.extensions = Extensions(agreed.ids, agreed.section.mid)
        self.track: Track | None = None
        self.row: Row | None = None
        """None: nothing of the track has been passed on yet."""
        self.repair_row: Row | None = None
        self.repair_sequence = randrange(BEGIN_BELOW)
        self.start = 0
        """First index of the track that is passed on."""
        self.before = self.octets_before = 0
        """Packets and octets of ours less those of the track, for reports."""
        self._sequence = randrange(BEGIN_BELOW) if first is None else first
        self._last = (randrange(2**32), 0.0)

    def begin(self, track: Track, index: int, timestamp: int, now: float) -> bool:
        """False: this viewer has no such codec, or is not there yet."""
        codec = matching(track.codec, self.agreed.codecs)
        shield, path = self.seat.shield, self.seat.path
        if codec is None or shield is None or path is None:
            return False
        last, at = self._last
        due = last + max(1, int((now - at) * self.clock)) if at else last
        self.start = index
        self.before -= track.packets
        self.octets_before -= track.octets
        self.row = Row(shield, path, self.ssrc, codec.type, self._sequence - index & 0xFFFF, due - timestamp & 0xFFFFFFFF)
        if codec.repair and self.agreed.repair:
            self.repair_row = self.row._replace(ssrc=self.agreed.repair, type=codec.repair, sequence=0)
        return True

    def stop(self, track: Track) -> None:
        """What comes next goes on where this ends."""
        if self.row is None:
            return
        self._sequence = track.top + 1 + self.row.sequence & 0xFFFF
        self._last = (track.top_time + self.row.timestamp & 0xFFFFFFFF, track.top_at)
        self.before += track.packets
        self.octets_before += track.octets
        self.row = self.repair_row = None

    def octets(self) -> int:
        """Of payload, sent so far."""
        return self.octets_before + (self.track.octets if self.row is not None and self.track is not None else 0)

    def moved(self) -> None:
        """The peer has another address."""
        if self.row is not None and self.seat.path is not None:
            self.row = self.row._replace(path=self.seat.path)
            if self.repair_row is not None:
                self.repair_row = self.repair_row._replace(path=self.seat.path)

    def send(self, fan: FanOut, kept: Kept, now: float) -> bool:
        index, marker, timestamp, carried, payload = kept
        if self.row is None or index < self.start:
            return False
        block = self.extensions.block(carried, sent_time(now))
        return send_one(fan, self.row, marker, index, timestamp, bool(block), block + payload)

    def resend(self, fan: FanOut, kept: Kept, now: float) -> bool:
        """On the stream for retransmissions where there is one (RFC 4588)."""
        if self.row is None or self.repair_row is None:
            return self.send(fan, kept, now)
        index, marker, timestamp, carried, payload = kept
        block = self.extensions.block(carried, sent_time(now))
        rest = block + U16.pack(index + self.row.sequence & 0xFFFF) + payload
        self.repair_sequence = self.repair_sequence + 1 & 0xFFFF
        return send_one(fan, self.repair_row, marker, self.repair_sequence, timestamp, bool(block), rest)
