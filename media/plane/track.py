"""One incoming track: decrypted once, kept for repair, passed on to its audience."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from media.plane.audience import Audience
from media.plane.board import Board
from media.plane.codecs import Codec
from media.plane.frames import PARAMETERS, PICTURE, key_flags
from media.plane.reception import Reception
from media.plane.ring import PICTURES, VOICE, Kept, Ring
from media.plane.rtp import (
    EXTENDED,
    HEAD,
    MARKER,
    U16,
    Carried,
    Ext,
    carried,
    payload_end,
    payload_start,
)
from media.plane.slot import Slot
from media.plane.srtp import Shield, rx
from media.plane.words import Source

LEVEL_EVERY = 0.1
KEY_FRAME_EVERY = 0.5
REBIND_EVERY = 1.0
LOOK_EVERY = 4096
"""Behind a closed gate one packet of so many is decrypted, or SRTP would lose count of the rollovers."""
REPLAY = 200
REPLAY_AGE = 1.0
"""A viewer begins with the last key frame where it is so near; else a new one is asked for."""
QUIET = 127
NOTHING = Codec(type=-1, name="", clock=90_000)


class Sender(Protocol):
    """Who sends a track and can be asked."""

    def ask_key_frame(self, track: Track) -> None: ...


class Track:
    __slots__ = (
        "_board", "_bound_at", "_closed_for", "_level", "_level_at", "_picture", "asked_at", "audience", "bps", "closed", "codec",
        "codecs", "fir_count", "key_at", "key_index", "kind", "name", "octets", "packets", "pictures", "reception", "rejected",
        "repairs", "report", "ring", "sender", "ssrc", "taps", "top", "top_at", "top_time", "wanted",
    )

    def __init__(self, name: Source, kind: str, board: Board) -> None:
        self.name = name
        self.kind = kind
        self.audience = Audience(board)
        self.reception = Reception(48_000 if kind == "audio" else 90_000)
        self.pictures = kind == "video"
        self.ring = Ring(PICTURES if self.pictures else VOICE)
        self.taps: list[Callable[[bytes], None]] = []
        self.closed = False
        self.sender: Sender | None = None
        self.codecs: Mapping[int, Codec] = {}
        self.repairs: Mapping[int, int] = {}
        """Payload type of retransmissions → of what is repaired."""
        self.wanted: Mapping[int, Ext] = {}
        self.codec = NOTHING
        self.ssrc = 0
        self.bps = 0
        self.packets = self.octets = self.rejected = self.fir_count = 0
        self.report: tuple[float, int, float] | None = None
        """Its sender's clock: NTP time, RTP time, and when that came."""
        self.top = self.top_time = 0
        self.top_at = 0.0
        self.key_index, self.key_at = -1, 0.0
        self.asked_at = -KEY_FRAME_EVERY
        self._board = board
        self._picture = [-1, 0, -1]
        """Timestamp and index of the last parameter sets, timestamp of the last key picture."""
        self._level, self._level_at = QUIET, 0.0
        self._closed_for = 0
        self._bound_at = 0.0

    # --- packets come -----------------------------------------------------------------------------

    def take(self, size: int, shield: Shield, now: float) -> None:
        """The packet in `rx`."""
        start = payload_start(rx, size)
        if self.closed:
            self._behind_gate(size, start, shield, now)
            return
        size = shield.open(size) if start else 0
        end = payload_end(rx, start, size) if size >= start > 0 else -1
        if end < 0:
            self.rejected += 1
            return
        _, second, number, timestamp, ssrc = HEAD.unpack_from(rx)
        if ssrc != self.ssrc and not self._may_rebind(ssrc, now):
            return
        long = self.reception.arrive(number, timestamp, now)
        if long < 0:
            return
        extra = carried(rx, start, self.wanted) if rx[0] & EXTENDED else ()
        if self.taps:
            self._tapped(bytes(rx[:size]))
        if self.reception.missing:
            self._board.holes.add(self)
        if end == start and long == self.reception.highest:
            self.reception.drop(long)
        else:
            self.place(long, second, timestamp, extra, bytes(rx[start:end]))

    def take_repair(self, size: int, shield: Shield, now: float) -> None:
        """The retransmission in `rx`: its payload begins with the original number (RFC 4588)."""
        start = payload_start(rx, size)
        size = shield.open(size) if start else 0
        end = payload_end(rx, start, size) if size >= start > 0 else -1
        if end < start + 2 or self.closed:
            self.rejected += end < 0
            return
        first, second, _, timestamp, _ = HEAD.unpack_from(rx)
        kind = self.repairs.get(second & 0x7F)
        number = U16.unpack_from(rx, start)[0]
        long = self.reception.repair(number) if kind is not None else -1
        if kind is None or long < 0:
            return
        extra = carried(rx, start, self.wanted) if first & EXTENDED else ()
        second = second & MARKER | kind
        payload = bytes(rx[start + 2 : end])
        if self.taps:
            head = HEAD.pack(first & 0xDF, second, number, timestamp, self.ssrc)
            self._tapped(head + bytes(rx[HEAD.size : start]) + payload)
        self.place(long, second, timestamp, extra, payload)

    def place(self, long: int, second: int, timestamp: int, extra: Carried, payload: bytes) -> None:
        if second & 0x7F != self.codec.type and not self._new_codec(second & 0x7F):
            return
        if self.reception.outage:
            self.reception.outage = False
            self.interrupt()
        self.put((self.reception.index(long), second & MARKER, timestamp, extra, payload))

    def put(self, kept: Kept) -> None:
        """Ready packets enter here, too; their index rises by 1."""
        index, _, timestamp, extra, payload = kept
        if index > self.top:
            self.top, self.top_time, self.top_at = index, timestamp, self._board.now
        self.packets += 1
        self.octets += len(payload)
        self.ring.put(kept)
        if self.pictures:
            self.audience.pass_on(kept)
            flags = key_flags(self.codec.name, payload) if payload else 0
            if flags:
                self._key_part(flags, index, timestamp)
            return
        if extra:
            self._hear(extra)
        if self.audience.waiting:
            self.begin(kept)
        self.audience.pass_on(kept)

    # --- slots come and go ------------------------------------------------------------------------

    def attach(self, slot: Slot) -> None:
        self.audience.waiting.append(slot)
        if not self.pictures or self.closed:
            return
        near = 0 <= self.top - self.key_index < REPLAY and self._board.now - self.key_at < REPLAY_AGE
        if self.key_index < 0 or not near or not self._begin_with_picture():
            self.want_key_frame()

    def detach(self, slot: Slot) -> None:
        self.audience.exit(slot)
        slot.stop(self)

    def begin(self, kept: Kept) -> list[Slot]:
        """All who wait begin with this packet, which is still to be passed on; they."""
        waiting, now = self.audience.waiting, self._board.now
        begun = [slot for slot in waiting if slot.begin(self, kept[0], kept[2], now)]
        if begun:
            self.audience.waiting = [slot for slot in waiting if slot.row is None]
            self.audience.enter(begun)
        return begun

    def _begin_with_picture(self) -> bool:
        """All who wait begin with the last key frame, and what has come since; False: it is not there any more."""
        first = self.ring.get(self.key_index)
        if first is None:
            return False
        begun = self.begin(first)
        for packet in self.ring.span(first[0], self.top) if begun else ():
            for slot in begun:
                slot.send(self._board.fan, packet, self._board.now)
        return True

    def interrupt(self) -> None:
        """The stream is torn: everybody waits for a beginning."""
        slots = self.audience.clear()
        for slot in slots:
            slot.stop(self)
        self.audience.waiting.extend(slots)
        self.key_index = -1
        self._picture = [-1, 0, -1]
        if self.audience.waiting:
            self.want_key_frame()

    def rebind(self, ssrc: int) -> None:
        """Another stream of numbers from now on: a new connection, or a sender that began anew."""
        self.ssrc = ssrc
        self.interrupt()
        self.reception.restart()
        self.report = None
        self.top = 0
        self.ring.clear()

    def shut(self, closed: bool) -> None:
        if closed == self.closed:
            return
        self.closed = closed
        self.rebind(self.ssrc)
        if not closed and self.audience.waiting:
            self.want_key_frame()

    # --- key frames -------------------------------------------------------------------------------

    def want_key_frame(self) -> None:
        board = self._board
        if self.sender is None or self.closed or not self.ssrc or not self.pictures:
            return
        if board.now - self.asked_at < KEY_FRAME_EVERY:
            board.starved.add(self)
            return
        self.asked_at = board.now
        board.starved.discard(self)
        board.key_frames += 1
        self.sender.ask_key_frame(self)

    def _key_part(self, flags: int, index: int, timestamp: int) -> None:
        """H.264: parameter sets and picture come in packets of one timestamp, in any order of arrival."""
        mark = self._picture
        if flags & PARAMETERS and (mark[0] != timestamp or index < mark[1]):
            mark[0], mark[1] = timestamp, index
        if flags & PICTURE:
            mark[2] = timestamp
        if mark[0] != timestamp or mark[2] != timestamp or mark[1] == self.key_index:
            return
        self.key_index, self.key_at = mark[1], self._board.now
        self._board.starved.discard(self)
        if self.audience.waiting:
            self._begin_with_picture()

    # --- small ------------------------------------------------------------------------------------

    def kept(self, number: int, top: int) -> Kept | None:
        """By the index's last 16 bits."""
        back = top - number & 0xFFFF
        return self.ring.get(top - back) if back < self.ring.size else None

    def _tapped(self, packet: bytes) -> None:
        for sink in tuple(self.taps):
            sink(packet)

    def _hear(self, extra: Carried) -> None:
        for ext, value in extra:
            if ext is Ext.LEVEL:
                self._level = min(self._level, value[0] & 0x7F)
        if self._board.now - self._level_at >= LEVEL_EVERY:
            self._level_at = self._board.now
            level, self._level = self._level, QUIET
            self._board.hears.level(self.name, level)

    def _behind_gate(self, size: int, start: int, shield: Shield, now: float) -> None:
        """What its header says in clear: how loud; a look inside only to keep SRTP's count."""
        if not start:
            self.rejected += 1
            return
        self.top_at = now
        extra = carried(rx, start, self.wanted) if rx[0] & EXTENDED else ()
        kind = rx[1] & 0x7F
        self._closed_for += 1
        if self._closed_for >= LOOK_EVERY or self.codec is NOTHING:
            self._closed_for = 0
            if shield.open(size) and self.codec is NOTHING:
                self._new_codec(kind)
        if extra and not self.pictures:
            self._hear(extra)

    def _may_rebind(self, ssrc: int, now: float) -> bool:
        """Two streams under one name would tear each other for ever: the first one stays a while."""
        if self.ssrc and now - self._bound_at < REBIND_EVERY:
            self.rejected += 1
            return False
        self._bound_at = now
        self.rebind(ssrc)
        return True

    def _new_codec(self, kind: int) -> bool:
        codec = self.codecs.get(kind)
        if codec is None:
            self.rejected += 1
            return False
        changed = self.codec is not NOTHING
        self.codec = codec
        if changed:
            self.interrupt()
        self._board.hears.source(self.name, self.kind, codec.name)
        return True
