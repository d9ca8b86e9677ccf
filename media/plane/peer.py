"""One participant's connection: its addresses, its keys, and whose packet it is that has come."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from random import randrange
from typing import TypeAlias

from media.plane import feedback, rtcp
from media.plane.answer import Agreed
from media.plane.board import Board
from media.plane.dtls import Handshake
from media.plane.paths import Path
from media.plane.rtp import EXTENDED, HEAD, U32, Ext, carried, is_rtcp, payload_start
from media.plane.slot import Slot
from media.plane.srtp import Shield, rx
from media.plane.track import NOTHING, Track

STREAMS = 64
"""Most streams one peer's tracks are looked for in."""
KNOWS_NOTHING = 5.0
"""Seconds in which what a client believes its line can carry is a guess."""
SHORTEST_WAIT, USUAL_WAIT = 0.02, 0.06
Take: TypeAlias = Callable[[int, Shield, float], None]


class Peer:
    def __init__(self, name: str, user: str, password: str, board: Board) -> None:
        self.name = name
        self.user = user
        self.password = password
        self.ssrc = randrange(1, 2**32)
        """Speaks for the plane where nothing is sent."""
        self.handshake: Handshake | None = None
        self.shield: Shield | None = None
        self.path: Path | None = None
        self.keys: list[Hashable] = []
        """Addresses and connections proved to be his, oldest first."""
        self.tracks: list[Track] = []
        self.slots: dict[int, Slot] = {}
        self.lines: list[tuple[Agreed, Track]] = []
        """What he sends."""
        self.since = self.heard = board.now
        self.loss = 0.0
        self.room = 0
        self._octets, self._counted = 0, board.now
        self.round_trip = 0.0
        self.resends = 0
        self.rejected = 0
        self._board = board
        self._takes: dict[int, Take] = {}
        self._mid_ids: dict[int, Ext] = {}

    def sends(self, line: Agreed, track: Track) -> None:
        """One more m-line of his; its streams as far as the offer names them."""
        self.lines.append((line, track))
        self.tracks.append(track)
        track.sender = self
        track.codec = NOTHING  # the same number may mean another codec in this offer
        track.codecs = {codec.type: codec for codec in line.codecs}
        track.repairs = {codec.repair: codec.type for codec in line.codecs if codec.repair}
        track.wanted = {number: ext for ext, number in line.ids.items() if ext > Ext.SENT}
        if Ext.MID in line.ids:
            self._mid_ids[line.ids[Ext.MID]] = Ext.MID
        for ssrc in line.section.sources:
            repairs = ssrc in line.section.repairs
            self._takes[ssrc] = track.take_repair if repairs else track.take

    # --- what comes -------------------------------------------------------------------------------

    def packet(self, size: int, now: float) -> None:
        """The packet in `rx`, from an address of his."""
        shield = self.shield
        if shield is None or size < HEAD.size:
            return
        if is_rtcp(rx[1]):
            self._control(size, shield, now)
            return
        ssrc = U32.unpack_from(rx, 8)[0]
        take = self._takes.get(ssrc)
        if take is None:
            self._learn(ssrc, size, shield, now)
        else:
            take(size, shield, now)

    def _control(self, size: int, shield: Shield, now: float) -> None:
        size = shield.open_rtcp(size)
        if not size:
            self.rejected += 1
            return
        self.heard = now
        feedback.read(self, bytes(rx[:size]), self._board)

    def _learn(self, ssrc: int, size: int, shield: Shield, now: float) -> None:
        """A stream that the offer does not name: by its MID, else by its payload type."""
        found = self._line_of(size)
        if found is None:
            self.rejected += 1
            return
        track = found[1]
        repairs = rx[1] & 0x7F in track.repairs
        take = track.take_repair if repairs else track.take
        before = track.rejected
        take(size, shield, now)
        if track.rejected == before and not track.closed and len(self._takes) < STREAMS:
            self._takes[ssrc] = take

    def _line_of(self, size: int) -> tuple[Agreed, Track] | None:
        start = payload_start(rx, size)
        if not start:
            return None
        extra = carried(rx, start, self._mid_ids) if rx[0] & EXTENDED else ()
        if extra:
            mid = extra[0][1]
            return next((line for line in self.lines if line[0].section.mid.encode() == mid), None)
        kind = rx[1] & 0x7F
        fitting = [line for line in self.lines if kind in line[1].codecs or kind in line[1].repairs]
        return next((line for line in fitting if not line[1].ssrc), fitting[0] if fitting else None)

    # --- what goes --------------------------------------------------------------------------------

    def tell(self, packet: bytes) -> None:
        """RTCP."""
        if packet and self.shield is not None and self.path is not None:
            self.path.send(self.shield.close_rtcp(packet))

    def ask_key_frame(self, track: Track) -> None:
        self.tell(feedback.key_frame(self, track))

    def ask_again(self, track: Track) -> None:
        """What is missing of a track, when its time has come."""
        wait = max(SHORTEST_WAIT, self.round_trip * 1.2) if self.round_trip else USUAL_WAIT
        numbers = track.reception.due(self._board.now, wait)
        if numbers and "nack" in track.codec.feedback:
            self.tell(feedback.compound(self, rtcp.nack(self.ssrc, track.ssrc, numbers)))

    def report(self) -> None:
        """Once a second."""
        self.resends = 0
        self.tell(feedback.regular(self, self._board))
        sends, now = self._sends(), self._board.now
        if self.room and now - self.since > KNOWS_NOTHING:
            self._board.hears.room(self.name, self.room, sends)

    def _sends(self) -> int:
        """Bit/s to him since it was asked last."""
        octets = sum(slot.octets() for slot in self.slots.values())
        since, self._octets, self._counted = (self._octets, self._counted), octets, self._board.now
        return int(8 * (octets - since[0]) / max(0.1, self._counted - since[1]))

    def limit(self) -> None:
        """How much he may send, at once."""
        part = feedback.limits(self)
        if part:
            self.tell(feedback.compound(self, part))

    def moves(self, path: Path) -> None:
        self.path = path
        for slot in self.slots.values():
            slot.moved()
            if slot.track is not None:
                slot.track.audience.refresh(slot)

    def silent_for(self, now: float) -> float:
        return now - max(self.heard, max((track.top_at for track in self.tracks), default=0.0))
