"""Sessions and frames of a hub that is one process, kept on its disk for the next start.

Every change is written before it is told, with one call into the page cache: it outlives a killed
process without a gap, costs microseconds, and asks no database. It does not outlive the machine; then
there is nobody to resume either. A record that is torn ends what is believed.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
import structlog

from hub.bus.memory import MemoryBus
from hub.gateway.live.rooms import Rooms
from hub.gateway.live.sessions import Kept, Sessions

log = structlog.get_logger()

HEAD = struct.Struct(">II")
"""Size and checksum of the body."""
RECORD_BYTES = 16 * 2**20
SEGMENT_BYTES = 32 * 2**20
SEGMENT_SECONDS = 1800.0
"""Longer than a session may be resumed after its frames were written."""
SESSIONS_AT_ONCE = 500
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Begun(msgspec.Struct, frozen=True, array_like=True, tag="b"):
    """The head of a segment: everything after `number` is in it and those that follow."""

    boot: str
    epoch: str
    number: int


class Put(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    pid: str
    kept: Kept


class Dropped(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    pid: str


class Told(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    room: str
    number: int
    payload: msgspec.Raw


Record = Begun | Put | Dropped | Told
ENCODE = msgspec.json.Encoder().encode
DECODE: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


class Found(msgspec.Struct):
    """What an earlier life of this hub left."""

    epoch: str = ""
    begin: int = 0
    number: int = 0
    sessions: dict[str, Kept] = {}
    told: list[Told] = []


class Disk:
    """A keep, and the bus whose numbers go on where they ended."""

    shared = False

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.found = read(folder)
        self.bus = MemoryBus(self.found.epoch, self.found.number)
        self._segments: list[Path] = sorted(folder.glob("*.live"))
        self._file = -1
        self._size, self._begun_at = 0, 0.0
        self._to_carry: Iterator[tuple[str, Kept]] = iter(())
        self._older: list[Path] = []
        self._broken = False
        self._begin()
        self.bus.written = self.told

    def restore(self, sessions: Sessions, rooms: Rooms, now: float) -> None:
        """Who was here before a restart shows what he has at the door again: it may have been revoked meanwhile."""
        for kept in self.found.sessions.values():
            kept.card = ""
        rooms.restore(self.found.begin, ((told.room, told.number, bytes(told.payload)) for told in self.found.told), now)
        sessions.restore(self.found.sessions.items(), now)
        self._carry(sessions)
        self.found = Found()

    def told(self, room: str, number: int, payload: bytes) -> None:
        self._write(Told(room, number, msgspec.Raw(payload)))

    # --- a keep -----------------------------------------------------------------------------------

    def put(self, pid: str, kept: Kept) -> None:
        self._write(Put(pid, kept))

    def drop(self, pid: str) -> None:
        self._write(Dropped(pid))

    async def find(self, pid: str) -> Kept | None:
        return None

    async def sure(self, pid: str) -> None:
        """It was written when it was put."""

    # --- segments ---------------------------------------------------------------------------------

    def tick(self, sessions: Sessions, now: float) -> None:
        """Once a second: a new segment in time, and sessions into it, a few at a time."""
        if self._older and not self._carried() and now > self._begun_at + SEGMENT_SECONDS:
            for path in self._older:
                path.unlink(missing_ok=True)
            self._older = []
        if self._size > SEGMENT_BYTES or (self._size and now > self._begun_at + 2 * SEGMENT_SECONDS):
            self._begin()
            self._carry(sessions)

    def _carried(self) -> bool:
        """False when all are carried over."""
        some = list(islice(self._to_carry, SESSIONS_AT_ONCE))
        for pid, kept in some:
            self.put(pid, kept)
        return bool(some)

    def _carry(self, sessions: Sessions) -> None:
        held = [pid for pid, _ in sessions]
        self._to_carry = ((pid, kept) for pid in held if (kept := sessions.kept(pid)) is not None)

    def _begin(self) -> None:
        self.close()
        self._older = self._segments[-3:]
        for path in self._segments[:-3]:
            path.unlink(missing_ok=True)
        path = self._folder / f"{_after(self._older):020}.live"
        self._segments = [*self._older, path]
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._size, self._begun_at, self._broken = 0, time.monotonic(), False
        self._write(Begun(boot_id(), self.bus.epoch, self.bus.number))

    def _write(self, record: Record) -> None:
        """A disk that is full costs the resumption after a restart, and nothing else."""
        if self._broken:
            return
        body = ENCODE(record)
        try:
            self._size += os.write(self._file, HEAD.pack(len(body), zlib.crc32(body)) + body)
        except OSError as error:
            log.warning("sessions are not kept for a restart", error=str(error))
            self._forget()

    def _forget(self) -> None:
        self._broken = True
        for path in self._segments:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def boot_id() -> str:
    try:
        return BOOT.read_text("ascii").strip()
    except OSError:
        return ""


def read(folder: Path) -> Found:
    """Nothing, where anything is missing in between."""
    found = Found(sessions={}, told=[])
    for path in sorted(folder.glob("*.live")):
        for record in records(path.read_bytes()):
            if not isinstance(record, Begun):
                _take(found, record)
            elif record.boot != boot_id():
                return Found()
            elif record.epoch != found.epoch or record.number != found.number:
                found = Found(record.epoch, record.number, record.number, found.sessions if record.epoch == found.epoch else {}, [])
    return found


def _take(found: Found, record: Record) -> None:
    if isinstance(record, Put):
        found.sessions[record.pid] = record.kept
    elif isinstance(record, Dropped):
        found.sessions.pop(record.pid, None)
    elif isinstance(record, Told):
        found.told.append(record)
        found.number = record.number


def records(raw: bytes) -> Iterator[Record]:
    """As far as they are whole."""
    place = 0
    while place + HEAD.size <= len(raw):
        size, checksum = HEAD.unpack_from(raw, place)
        place += HEAD.size
        body = raw[place:place + size]
        if len(body) < size or zlib.crc32(body) != checksum:
            return
        yield DECODE.decode(body)
        place += size


def _after(segments: list[Path]) -> int:
    """Segments are read in the order of their names, also where the clock was put back."""
    return max(time.time_ns(), *(int(path.stem) + 1 for path in segments), 0)
