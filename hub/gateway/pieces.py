"""Files that come in pieces: one row and one growing file each, until they are whole.

What the row says was taken is on the disk; what came after it without being answered is cut off
again. Only one writes at a time, over all processes: a lock on the file itself.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

import msgspec
from aiohttp import ClientError

from hub.files import sweep_later
from hub.gateway.archive import Archive, Arrival, StoredFile
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, NotFound, Refused, TooLarge, TooMany, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Jobs

LIFE = timedelta(hours=24)
EXPIRE = "upload.expire"
OPEN = 20
SPARE = 2**30
"""Bytes of the disk that no upload may take."""
HANDFUL = 2**20
SILENCE = 30.0
TAKEOVER = 2.0

COLUMNS = "id, by_id, name, purpose, length, taken, at, expires, finished"


class Busy(Conflict):
    status = 423
    default_code = "upload-busy"


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    by_id: str
    name: str
    purpose: str
    length: int
    taken: int
    at: datetime
    expires: datetime
    finished: bool

    @property
    def whole(self) -> bool:
        return self.taken == self.length


class Line(Protocol):
    """The connection somebody writes over."""

    def abort(self) -> None: ...


class Source(Protocol):
    async def readany(self) -> bytes: ...


class Pieces:
    def __init__(self, archive: Archive, clock: Clock) -> None:
        self._archive, self._clock, self.db = archive, clock, archive.db
        self._writing: dict[UUID, tuple[asyncio.Event, Line | None]] = {}

    async def begin(self, by: str, name: str, purpose: str, length: int, at: datetime) -> Upload:
        free = (await asyncio.to_thread(shutil.disk_usage, self._archive.folder)).free
        if free - length < SPARE:
            raise TryAgain("服务器磁盘空间不够，请联系管理员。", "The disk is too full; tell an administrator.", code="disk-full")
        upload = Upload(id=uuid7(at), by_id=by, name=name, purpose=purpose, length=length, taken=0, at=at, expires=at + LIFE,
                        finished=False)
        async with self.db.transaction() as conn:
            await conn.execute("select pg_advisory_xact_lock(hashtext($1))", f"upload {by}")
            if await conn.fetchval("select count(*) from files.upload where by_id = $1 and not finished", by) >= OPEN:
                raise TooMany(f"未完成的上传太多，请先传完（最多 {OPEN} 个）。",
                              f"Too many unfinished uploads; finish some first (at most {OPEN}).", code="too-many-uploads")
            await conn.execute(f"insert into files.upload({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                               *msgspec.structs.astuple(upload))
            await Jobs.put(conn, EXPIRE, str(upload.id), upload.expires, str(upload.id))
            await sweep_later(conn, at)
        return upload

    @asynccontextmanager
    async def held(self, which: UUID, by: str, at: datetime, line: Line | None = None) -> AsyncIterator[Piece]:
        """Whoever comes later to his own upload has lost the earlier connection, which gives way.
        Raises NotFound, Busy."""
        await self._find(which, by, at)
        free = await self._take_over(which, line)
        try:
            part = self.part(which)
            handle = await asyncio.to_thread(_locked, part)
            try:
                piece = Piece(self, await self._find(which, by, at), handle)
                yield piece
                if piece.upload.finished:
                    part.unlink(missing_ok=True)
            finally:
                os.close(handle)
        finally:
            del self._writing[which]
            free.set()

    async def _take_over(self, which: UUID, line: Line | None) -> asyncio.Event:
        try:
            async with asyncio.timeout(TAKEOVER):
                while which in self._writing:
                    free, other = self._writing[which]
                    if other is not None:
                        other.abort()
                    await free.wait()
        except TimeoutError:
            raise busy() from None
        mine = asyncio.Event()
        self._writing[which] = (mine, line)
        return mine

    async def _find(self, which: UUID, by: str, at: datetime) -> Upload:
        """Another's upload is no upload."""
        async with self.db.read() as conn:
            row = await conn.fetchrow(f"select {COLUMNS} from files.upload where id = $1 and by_id = $2 and expires > $3",
                                      which, by, at)
        if row is None:
            raise NotFound("没有这个上传，或已过期；请重新上传。", "There is no such upload, or it has expired; begin again.")
        return Upload(**dict(row))

    def part(self, which: UUID) -> Path:
        return self._archive.folder / f".upload-{which}"

    async def finish(self, piece: Piece) -> None:
        """Once; a refusal (no sound in a voice clip) ends the upload."""
        upload = piece.upload
        if upload.finished:
            return
        arrival = Arrival(id=upload.id, name=upload.name, purpose=upload.purpose, by=upload.by_id, at=self._clock.now())
        try:
            await self._archive.take(self.part(upload.id), arrival)
        except Refused:
            await self.drop(piece)
            raise
        async with self.db.read() as conn:
            await conn.execute("update files.upload set finished = true where id = $1", upload.id)
        piece.upload = msgspec.structs.replace(upload, finished=True)

    async def file_of(self, upload: Upload) -> StoredFile | None:
        async with self.db.read() as conn:
            return await self._archive.find(conn, upload.id) if upload.finished else None

    async def drop(self, piece: Piece) -> None:
        await self._forget(piece.upload.id)

    async def expire(self, told: str) -> None:
        """An errand: its day is over. A file that became of it stays."""
        await self._forget(UUID(told))

    async def sweep(self, _told: str) -> None:
        """An errand, of the days after something was recalled, cleared away, or begun."""
        await self._archive.sweep(self._clock.now())

    async def _forget(self, which: UUID) -> None:
        async with self.db.transaction() as conn:
            await conn.execute("delete from files.upload where id = $1", which)
            await Jobs.drop(conn, EXPIRE, str(which))
        self.part(which).unlink(missing_ok=True)


class Piece:
    """An upload while one holds it."""

    def __init__(self, pieces: Pieces, upload: Upload, handle: int) -> None:
        self.upload = upload
        self._pieces, self._handle = pieces, handle

    def require(self, offset: int, length: int) -> None:
        if offset != self.upload.taken:
            raise Conflict(f"应从第 {self.upload.taken} 字节续传。", f"Go on from byte {self.upload.taken}.", code="wrong-offset")
        if offset + length > self.upload.length:
            raise _too_much()

    async def write(
        self, source: Source, seen: Callable[[bytes], object] = len, accept: Callable[[], None] | None = None,
    ) -> None:
        """Whatever came stays, also when the line breaks; but with `accept`, which raises when it is
        damaged, all of it or nothing."""
        begun = end = self.upload.taken
        await asyncio.to_thread(os.ftruncate, self._handle, begun)
        whole = False
        try:
            async for handful in handfuls(source):
                if end + len(handful) > self.upload.length:
                    raise _too_much()
                seen(handful)
                await asyncio.to_thread(_write, self._handle, handful, end)
                end += len(handful)
            if accept is not None:
                accept()
            whole = True
        finally:
            if whole or accept is None:
                await self._keep(end)

    async def _keep(self, end: int) -> None:
        """On the disk first, then in the row."""
        if end == self.upload.taken:
            return
        await asyncio.to_thread(os.fsync, self._handle)
        async with self._pieces.db.read() as conn:
            await conn.execute("update files.upload set taken = $2 where id = $1", self.upload.id, end)
        self.upload = msgspec.structs.replace(self.upload, taken=end)


async def handfuls(source: Source) -> AsyncIterator[bytes]:
    """A megabyte at a time, and the rest, also of a line that breaks; then TryAgain."""
    held = bytearray()
    while True:
        try:
            async with asyncio.timeout(SILENCE):
                chunk = await source.readany()
        except (TimeoutError, ConnectionError, ClientError) as error:
            if held:
                yield bytes(held)
            raise cut() from error
        held += chunk
        if held and (len(held) >= HANDFUL or not chunk):
            yield bytes(held)
            held.clear()
        if not chunk:
            return


def cut() -> TryAgain:
    return TryAgain("连接中断，请从断点续传。", "The line broke; go on from where it did.", code="cut")


def _locked(part: Path) -> int:
    """Raises Busy when another process writes it."""
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise busy() from None
    return handle


def _write(handle: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, offset)
        view, offset = view[written:], offset + written


def busy() -> Busy:
    return Busy("这个文件正在另一条连接上传，请稍后再试。", "This file is being uploaded over another connection; try again shortly.")


def _too_much() -> TooLarge:
    return TooLarge("收到的内容比文件长，请重新上传。", "More came than the file is long; begin again.", code="beyond-length")
