"""What comes in, handed to the studio over its Unix socket (media.tapping). Who does not read loses packets;
the plane waits for nobody.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.kernel.clock import SystemClock
from hub.kernel.errors import HubError, TryAgain
from media import tapping
from media.names import peer_of
from media.plane.patch import Packets
from media.plane.rooms import Peer, Room
from media.plane.words import Source
from media.shapes import Part, SourceState
from media.tapping import Kind, TapEnded, TapFloor, TapKeyFrame, TapOpened, TapReader, TapSource
from media.wires import Tap, TapLost, Told

MOST_UNREAD = 8 * 2**20
"""Bytes that may wait for the studio."""
CONNECT_SECONDS = 2.0
ROOM = 1 << 20
"""Bytes that the socket should hold; Linux gives 416 kB without being asked by root."""
TELEPHONE = "phone:"
TOGETHER, TOGETHER_SECONDS = 48 * 1024, 0.05
"""Packets of a room with pictures go so many bytes at a time, or after so long: a write for each would cost either side
more than all the rest. Sound alone, which a telephone waits for, goes at once."""


@dataclass(slots=True)
class _Track:
    number: int
    state: SourceState
    untap: Callable[[], None]


class TapLine(asyncio.Protocol):
    """One tap's connection."""

    def __init__(self, wish: Tap, switch: Packets, lost: Callable[[str], None]) -> None:
        self.wish, self._switch, self._lost = wish, switch, lost
        self.tracks: dict[str, _Track] = {}
        self.dropped = 0
        self._numbers = 0
        self._full = False
        self._batch: list[bytes] = []
        self._batched = 0
        self._due: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._reader = TapReader()
        self._floor = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.set_write_buffer_limits(high=MOST_UNREAD)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        transport.write(tapping.said(Kind.OPENED, TapOpened(tap=self.wish.tap, room=self.wish.room)))

    def connection_lost(self, exc: Exception | None) -> None:
        self.close()
        self._lost(self.wish.tap)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, body in self._reader.feed(data):
                if kind is Kind.KEY:
                    self._key(msgspec.msgpack.decode(body, type=TapKeyFrame).number)
        except (HubError, msgspec.DecodeError):
            self._abort()

    def _key(self, number: int) -> None:
        for source, track in self.tracks.items():
            if track.number == number:
                self._switch.key_frame(Source(source))

    def follow(self, room: Room, here: Iterable[Peer]) -> None:
        """The room as it is now: its tracks, and who has the floor."""
        wanted = {one.source: (one, peer.ref, peer.name) for peer in here for one in peer.sources.values() if self._wants(one)}
        if self.wish.played:
            wanted |= {one.source: (one, "", "") for one in _played(room)}
        for source in [one for one in self.tracks if one not in wanted or wanted[one][0] != self.tracks[one].state]:
            self._end(source)
        for source, whose in wanted.items():
            if source not in self.tracks:
                self._begin(*whose)
        self._tell_floor(room)

    def close(self) -> None:
        for track in self.tracks.values():
            track.untap()
        self.tracks.clear()
        self._flush()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()

    def _wants(self, one: SourceState) -> bool:
        return (not self.wish.source or one.source == self.wish.source) and (self.wish.video or one.part == Part.MIC)

    def _begin(self, state: SourceState, ref: str, name: str) -> None:
        self._numbers = number = (self._numbers + 1) & 0xFFFF
        audio = state.part == Part.MIC
        self._write(Kind.SOURCE, TapSource(
            number=number, source=state.source, ref=ref, name=name, part=state.part, kind="audio" if audio else "video",
            codec=state.codec.lower(), clock_rate=48_000 if audio else 90_000))

        def sink(packet: bytes) -> None:
            self._packet(number, packet, state.source)

        self.tracks[state.source] = _Track(number, state, self._switch.tap(Source(state.source), sink))
        if not audio:
            self._switch.key_frame(Source(state.source))

    def _end(self, source: str) -> None:
        track = self.tracks.pop(source)
        track.untap()
        self._write(Kind.ENDED, TapEnded(number=track.number))

    def _tell_floor(self, room: Room) -> None:
        floor = room.floor
        if floor is None or floor.grant == self._floor:
            return
        self._floor = floor.grant
        holder = floor.holder
        at = SystemClock().now()
        self._write(Kind.FLOOR, TapFloor(seq=floor.seq, ref=holder.ref if holder else "", name=holder.name if holder else "", at=at))
        for source in self.tracks:
            if holder is not None and peer_of(source) == holder.peer:
                self._switch.key_frame(Source(source))

    def _write(self, kind: Kind, message: msgspec.Struct) -> None:
        self._flush()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(tapping.said(kind, message))

    def _packet(self, number: int, packet: bytes, source: str) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() + self._batched > MOST_UNREAD:
            self.dropped += 1
            self._full = True
            return
        if self._full:
            self._full = False
            for one in self.tracks:
                self._switch.key_frame(Source(one))
        framed = tapping.packet(number, time.time_ns() // 1000, packet)
        if not self.wish.video:
            transport.write(framed)
            return
        self._batch.append(framed)
        self._batched += len(framed)
        if self._batched >= TOGETHER:
            self._flush()
        elif self._due is None:
            self._due = asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._flush)

    def _flush(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        batch, self._batch, self._batched = self._batch, [], 0
        if batch and self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(batch))

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def _played(room: Room) -> list[SourceState]:
    """What everybody hears, or telephones do."""
    return [SourceState(source=source, part=Part.MIC, codec="opus") for source, to in room.playing.items()
            if not to or any(ref.startswith(TELEPHONE) for ref in to)]


class Taps:
    def __init__(self, switch: Callable[[], Packets], tell: Callable[[Told], None]) -> None:
        self._switch, self._tell = switch, tell
        self._lines: dict[str, TapLine] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def dropped(self) -> int:
        return sum(line.dropped for line in self._lines.values())

    def sources(self) -> set[str]:
        return {source for line in self._lines.values() for source in line.tracks}

    async def open(self, wish: Tap) -> None:
        """Raises TryAgain where the studio does not answer. The same tap again is the one that stands."""
        if wish.tap in self._lines:
            return
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, line = await asyncio.get_running_loop().create_unix_connection(
                    lambda: TapLine(wish, self._switch(), self._ended), str(Path(wish.socket)))
        except (OSError, TimeoutError) as error:
            raise TryAgain("录制服务没有应答，请稍后再试。", "The recording service does not answer; try again shortly.",
                           code="studio-away") from error
        self._lines[wish.tap] = line

    def close(self, tap: str) -> None:
        line = self._lines.pop(tap, None)
        if line is not None:
            line.close()

    def follow(self, room: Room, here: list[Peer]) -> None:
        for line in self._lines.values():
            if line.wish.room == room.id:
                line.follow(room, here)

    def _ended(self, tap: str) -> None:
        if self._lines.pop(tap, None) is not None:
            self._tell(TapLost(tap=tap))
