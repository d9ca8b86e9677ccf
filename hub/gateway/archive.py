"""Where files stand: on disk by their content, in the database by their id; and what they may be for."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from hub.kernel.actor import Permission
from hub.kernel.errors import Malformed, TryAgain
from hub.record import Connection, Database
from media import ffmpeg
from media.looks import look
from media.loudness import prepare
from media.ports import Prepared

LARGEST = 50 * 2**20
"""In one piece, and of what is listened to."""
LARGEST_IN_PIECES = 2 * 2**30
CHUNK = 2**20
NAME_LENGTH = 120
SMALL, SMALL_POINTS = "small", 480
"""A picture of which a smaller one is made, where it is larger than SMALL_BYTES."""
SMALL_BYTES = 64 * 2**10
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"})
UNSENT = timedelta(days=1)
LOCK = 7_261_401

ORPHANS = """
delete from files.file f where purpose = any($1::text[]) and at < $2
   and not exists(select 1 from talk.message_file m where m.file = f.id)
   and not exists(select 1 from cases.file c where c.file = f.id) returning variants"""
STILL_USED = """
select distinct v.value as name from files.file f, jsonb_each_text(f.variants) v where v.value = any($1::text[])"""


class Purpose(NamedTuple):
    """`spoken`: made one loudness and one format. `members`: read by who is in the conversation, or inside the case.
    `looked_into`: it is what its bytes say, a picture, a film or a sound, or it is refused."""

    permission: Permission
    in_pieces: int
    spoken: bool
    members: bool
    looked_into: bool = False


PURPOSES = {
    "attachment": Purpose(Permission.FILES, LARGEST_IN_PIECES, False, False),
    "audio": Purpose(Permission.FILES, LARGEST, True, False),
    "message": Purpose(Permission.SELF, LARGEST_IN_PIECES, False, True),
    "voice": Purpose(Permission.SELF, LARGEST, True, True),
    "case": Purpose(Permission.SELF, LARGEST_IN_PIECES, False, True),
    "snapshot": Purpose(Permission.PROPOSE, 100 * 2**20, False, True, looked_into=True),
}


Made = tuple[str, Path]
"""The name under which it is kept, and where it lies now."""


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    mime: str
    size: int
    sha256: str
    seconds: float | None
    url: str


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sent, as it goes into the archive."""

    id: UUID
    name: str
    purpose: str
    by: str
    at: datetime


def purpose_of(word: str) -> Purpose:
    """Raises Malformed."""
    found = PURPOSES.get(word)
    if found is None:
        words = "、".join(PURPOSES)
        raise Malformed(f"用途只能是 {words}。", f"The purpose must be one of {', '.join(PURPOSES)}.", field="purpose")
    return found


class Archive:
    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder = db, folder
        folder.mkdir(parents=True, exist_ok=True)

    async def take(self, raw: Path, arrival: Arrival, digest: str = "") -> StoredFile:
        """`raw` stays where it is; taking it twice under one id is taking it once. `digest`: its SHA-256, if known."""
        purpose = PURPOSES[arrival.purpose]
        mime = await look(raw) if purpose.looked_into else mimetypes.guess_type(arrival.name)[0] or "application/octet-stream"
        if purpose.spoken or (purpose.looked_into and mime.startswith("audio/")):
            return await self.take_audio(await prepare(raw, self.folder), arrival)
        digest = digest or await asyncio.to_thread(sha256_of, raw)
        row = StoredFile(id=arrival.id, name=arrival.name, mime=mime, size=(await asyncio.to_thread(raw.stat)).st_size, sha256=digest, seconds=None,
                         url=f"/api/files/{arrival.id}")
        with tempfile.TemporaryDirectory(prefix=".shrinking-", dir=self.folder) as desk:
            made = {"original": (digest, raw)} | await _smaller(row, raw, Path(desk))
            return await self._write(row, arrival, {name: kept for name, (kept, _) in made.items()}, made.values())

    async def take_audio(self, prepared: Prepared, arrival: Arrival) -> StoredFile:
        variants = {"original": prepared.mp3.path.name, "station": prepared.wav.path.name}
        row = StoredFile(
            id=arrival.id, name=f"{Path(arrival.name).stem}.mp3", mime=prepared.mp3.mime, size=prepared.mp3.size,
            sha256=prepared.mp3.sha256, seconds=prepared.duration_ms / 1000, url=f"/api/files/{arrival.id}")
        return await self._write(row, arrival, variants)

    async def find(self, conn: Connection, file: UUID) -> StoredFile | None:
        row = await conn.fetchrow("select id, name, mime, size, encode(sha256, 'hex') as sha256, seconds from files.file"
                                  " where id = $1", file)
        return StoredFile(**dict(row), url=f"/api/files/{file}") if row else None

    async def sweep(self, at: datetime) -> int:
        """Files that stand in no message and in no case (never sent, recalled, cleared away), a day
        after they came; their bytes too, where nothing else is made of the same."""
        private = [word for word, purpose in PURPOSES.items() if purpose.members]
        async with self.db.transaction() as conn:
            await conn.execute("select pg_advisory_xact_lock($1)", LOCK)
            gone = await conn.fetch(ORPHANS, private, at - UNSENT)
            names = {name for row in gone for name in row["variants"].values()}
            used = {row["name"] for row in await conn.fetch(STILL_USED, list(names))}
            await asyncio.to_thread(_unlink, [self.folder / name for name in names - used])
        return len(gone)

    async def _write(self, row: StoredFile, arrival: Arrival, variants: dict[str, str], made: Iterable[Made] = ()) -> StoredFile:
        """The bytes are put in place under the lock that the sweep takes."""
        async with self.db.transaction() as conn:
            await conn.execute("select pg_advisory_xact_lock_shared($1)", LOCK)
            for name, path in made:
                await asyncio.to_thread(_link, path, self.folder / name)
            await conn.execute(
                "insert into files.file values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) on conflict do nothing", row.id, row.name,
                row.mime, row.size, bytes.fromhex(row.sha256), row.seconds, arrival.purpose, variants, arrival.by, arrival.at)
        return row


async def _smaller(file: StoredFile, raw: Path, desk: Path) -> dict[str, Made]:
    """Nothing where it would gain little, or where the picture cannot be read: then the whole one is shown."""
    if file.mime not in PICTURES or file.size <= SMALL_BYTES:
        return {}
    with suppress(ffmpeg.Unreadable, TryAgain):
        await ffmpeg.shrink(raw, desk / SMALL, SMALL_POINTS)
        return {SMALL: (f"{file.sha256}.webp", desk / SMALL)}
    return {}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _link(raw: Path, kept: Path) -> None:
    """The same content stands once."""
    with suppress(FileExistsError):
        os.link(raw, kept)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def plain_name(told: str) -> str:
    """The last part of whatever path was told, of characters that can be shown, with its ending."""
    shown = "".join(one for one in told.replace("\\", "/").rpartition("/")[2] if one.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[:NAME_LENGTH - 12]}.{ending[:11]}" if dot and len(shown) > NAME_LENGTH else shown[:NAME_LENGTH] or "file"
