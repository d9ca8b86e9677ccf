"""What survives: notices, how far each was played, receipts the hub has not taken yet. SQLite.

A commit that has returned is on the disk (WAL, synchronous=FULL). All methods are called on one
thread, the pocket's lane; several pockets may share a lane.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar
from uuid import UUID

import msgspec
import structlog

from edge.messages import Notice, Receipt
from edge.state import Entry, Mark, Step
from hub.kernel.errors import Broken, Conflict

T = TypeVar("T")
log = structlog.get_logger("edge.pocket")

LAYOUT = 1
KEEP = timedelta(days=30)
"""A notice is remembered this long after it expired, so that it is not taken for a new one."""

SCHEMA = """
create table if not exists notices (
    id text primary key, notice blob not null, mark blob not null, expires_at real not null,
    listed integer not null);
create table if not exists receipts (
    seq integer primary key autoincrement, delivery text not null, state text not null,
    body blob not null, unique (delivery, state));
"""

_notice = msgspec.json.Decoder(Notice)
_mark = msgspec.json.Decoder(Mark)
_receipt = msgspec.json.Decoder(Receipt)


class Unsent(msgspec.Struct, frozen=True):
    seq: int
    receipt: Receipt


class PocketFile:
    """The blocking side. A second process on the same directory is refused."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise Conflict(
                f"目录 {directory} 正被另一个站点程序使用。请先停止它，或用 --data 另选目录。",
                f"Another agent is using {directory}. Stop it first, or choose another --data.",
            ) from error
        self._db = _open(directory / "pocket.sqlite")

    def load(self) -> tuple[Entry, ...]:
        rows = self._db.execute("select notice, mark from notices")
        return tuple(Entry(notice=_notice.decode(notice), mark=_mark.decode(mark))
                     for notice, mark in rows)

    def keep(self, step: Step) -> None:
        """All of the step or nothing of it. A receipt that was kept before stays as it was."""
        with self._db:
            self._db.execute("begin immediate")
            self._db.executemany(
                "insert into notices values (?, ?, ?, ?, ?) on conflict (id) do update"
                " set notice = excluded.notice, mark = excluded.mark,"
                " expires_at = excluded.expires_at, listed = excluded.listed", [_entry_row(entry) for entry in step.entries])
            self._db.executemany(
                "insert or ignore into receipts (delivery, state, body) values (?, ?, ?)",
                [_receipt_row(receipt) for receipt in step.receipts])

    def unsent(self, limit: int) -> tuple[Unsent, ...]:
        rows = self._db.execute("select seq, body from receipts order by seq limit ?", (limit,))
        return tuple(Unsent(seq, _receipt.decode(body)) for seq, body in rows)

    def count_unsent(self) -> int:
        count: int = self._db.execute("select count(*) from receipts").fetchone()[0]
        return count

    def sent(self, seqs: Sequence[int]) -> None:
        with self._db:
            self._db.execute("begin immediate")
            self._db.executemany("delete from receipts where seq = ?", [(seq,) for seq in seqs])

    def forget_old(self, at: datetime) -> int:
        """Never one that the hub still lists, nor one with a receipt unsent."""
        with self._db:
            self._db.execute("begin immediate")
            return self._db.execute(
                "delete from notices where expires_at < ? and not listed"
                " and id not in (select delivery from receipts)", ((at - KEEP).timestamp(),)).rowcount

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _connected(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _put_aside(path, str(error))
        return _connected(path)


def _put_aside(path: Path, why: str) -> None:
    """An unattended loudspeaker must speak again; what the file held is kept for inspection."""
    aside = path.with_suffix(".broken")
    path.replace(aside)
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    log.error("the pocket is damaged and was put aside", kept_as=str(aside), why=why)


def _connected(path: Path) -> sqlite3.Connection:
    # Only one lane's thread uses it, but not the thread that opened it.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        db.executescript(SCHEMA)
        db.execute(f"pragma user_version = {LAYOUT}")
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db


def _entry_row(entry: Entry) -> tuple[str, bytes, bytes, float, bool]:
    return (str(entry.id), msgspec.json.encode(entry.notice), msgspec.json.encode(entry.mark),
            entry.notice.expires_at.timestamp(), entry.mark.listed)


def _receipt_row(receipt: Receipt) -> tuple[str, str, bytes]:
    return str(receipt.delivery), receipt.state, msgspec.json.encode(receipt)


class Pocket:
    """The awaiting side of a PocketFile: every call runs on the lane, in the order it was made."""

    def __init__(self, file: PocketFile, lane: ThreadPoolExecutor) -> None:
        self._file = file
        self._lane = lane

    @classmethod
    async def open(cls, directory: Path, lane: ThreadPoolExecutor) -> Self:
        loop = asyncio.get_running_loop()
        return cls(await loop.run_in_executor(lane, PocketFile, directory), lane)

    async def load(self) -> dict[UUID, Entry]:
        return {entry.id: entry for entry in await self._on_lane(self._file.load)}

    async def keep(self, step: Step) -> None:
        if step.entries or step.receipts:
            await self._on_lane(lambda: self._file.keep(step))

    async def unsent(self, limit: int) -> tuple[Unsent, ...]:
        return await self._on_lane(lambda: self._file.unsent(limit))

    async def count_unsent(self) -> int:
        return await self._on_lane(self._file.count_unsent)

    async def sent(self, seqs: Sequence[int]) -> None:
        await self._on_lane(lambda: self._file.sent(seqs))

    async def forget_old(self, at: datetime) -> int:
        return await self._on_lane(lambda: self._file.forget_old(at))

    async def close(self) -> None:
        await self._on_lane(self._file.close)

    async def _on_lane(self, work: Callable[[], T]) -> T:
        """Raises Broken when the disk does not take or give it: no receipt may be built on that."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._lane, work)
        except sqlite3.Error as error:
            raise Broken(f"本机存储写不进或读不出（{error}）。请检查磁盘空间与权限后重新启动。",
                         f"The pocket cannot be written or read ({error}). Check the disk's space"
                         " and permissions and start again.") from error
