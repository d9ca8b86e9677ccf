"""Attachments and spoken audio: taken in as a stream, kept by content, given out to whom they concern."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from aiohttp import web

from hub.access.tokens import file_signature_holds, sign_file
from hub.gateway.http import chunks_of, file_part, json
from hub.gateway.session import DOOR, actor_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Forbidden, Malformed, NotFound, Refused, TooLarge, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Audit, Database
from hub.wire.codec import decode
from media.loudness import announce, prepare
from media.ports import Prepared, Speech

LARGEST = 50 * 2**20
CHUNK = 256 * 1024
NAME_LENGTH = 120
RECEIVE_SECONDS = 600
SHOWN_IN_PAGE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "application/pdf")
SIGNED_FOR = timedelta(days=30)


class SpeechBody(msgspec.Struct, frozen=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    rate: Annotated[int, msgspec.Meta(ge=-10, le=10)] = 0


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    mime: str
    size: int
    sha256: str
    seconds: float | None
    url: str


class Files:
    def __init__(self, db: Database, folder: Path, key: bytes, speech: Speech) -> None:
        self._db, self._folder, self._key, self._speech = db, folder, key, speech
        folder.mkdir(parents=True, exist_ok=True)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/files", self.take),
            web.post("/api/speech", self.speak),
            web.get("/api/files/{id}", self.give),
        ]

    def signed(self, base: str, file: UUID, at: datetime) -> str:
        return f"{base}/api/files/{file}?sig={sign_file(self._key, file, at + SIGNED_FOR)}"

    async def take(self, request: web.Request) -> web.Response:
        actor, at = await self._uploader(request), request.config_dict[DOOR].clock.now()
        purpose = request.query.get("purpose", "attachment")
        if purpose not in ("attachment", "audio"):
            raise Malformed("用途只能是 attachment 或 audio。", "purpose must be attachment or audio.", field="purpose")
        name, raw, digest, size = await self._receive(request)
        try:
            if purpose == "audio":
                prepared = await prepare(raw, self._folder)
                return json(await self._keep_audio(prepared, name, actor, at))
            kept = self._folder / digest
            await asyncio.to_thread(os.replace, raw, kept)
            mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return json(await self._row(name, mime, size, digest, None, "attachment", {"original": digest}, actor, at))
        finally:
            raw.unlink(missing_ok=True)

    async def speak(self, request: web.Request) -> web.Response:
        actor, at = await self._uploader(request), request.config_dict[DOOR].clock.now()
        body = decode(await request.read(), SpeechBody)
        prepared = await announce(self._speech, body.text, self._folder, rate=body.rate)
        return json(await self._keep_audio(prepared, f"{body.text[:20]}.mp3", actor, at))

    async def _uploader(self, request: web.Request) -> Actor:
        actor = await actor_of(request)
        if not actor.may(Permission.FILES):
            await Audit(self._db).note(None, at=request.config_dict[DOOR].clock.now(), actor=actor.id, act="upload",
                                       outcome="refused", address=actor.address, detail={"name": actor.name})
            raise Forbidden("您的账号不能上传文件，请联系管理员。", "Your account may not upload files.")
        return actor

    async def _keep_audio(self, prepared: Prepared, name: str, actor: Actor, at: datetime) -> StoredFile:
        variants = {"original": prepared.mp3.path.name, "station": prepared.wav.path.name}
        return await self._row(f"{Path(name).stem}.mp3", prepared.mp3.mime, prepared.mp3.size, prepared.mp3.sha256,
                               prepared.duration_ms / 1000, "audio", variants, actor, at)

    async def _row(
        self, name: str, mime: str, size: int, digest: str, seconds: float | None, purpose: str,
        variants: dict[str, str], actor: Actor, at: datetime,
    ) -> StoredFile:
        file = uuid7(at)
        async with self._db.transaction() as conn:
            await conn.execute("insert into files.file values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)", file, name, mime, size,
                               bytes.fromhex(digest), seconds, purpose, variants, actor.id, at)
        return StoredFile(id=file, name=name, mime=mime, size=size, sha256=digest, seconds=seconds,
                          url=f"/api/files/{file}")

    async def _receive(self, request: web.Request) -> tuple[str, Path, str, int]:
        """(name, temporary path, sha256, size). Nothing is left behind when it is refused."""
        if (request.content_length or 0) > LARGEST + CHUNK:
            raise _too_large()
        part = await file_part(request)
        raw = self._folder / f".incoming-{uuid7(request.config_dict[DOOR].clock.now())}"
        digest, size = hashlib.sha256(), 0
        try:
            async with asyncio.timeout(RECEIVE_SECONDS):
                with raw.open("wb") as out:
                    async for chunk in chunks_of(part):
                        size += len(chunk)
                        if size > LARGEST:
                            raise _too_large()
                        digest.update(chunk)
                        await asyncio.to_thread(out.write, chunk)
            if size == 0:
                raise Refused("这个文件是空的，请重新选择。", "The file is empty; choose another.", code="empty-file")
        except BaseException as error:
            raw.unlink(missing_ok=True)
            if isinstance(error, OSError) and not isinstance(error, TimeoutError):
                raise TryAgain("服务器磁盘写不进去，请联系管理员。", "The disk cannot be written; tell an administrator.",
                               code="disk-full") from error
            raise
        return plain_name(part.filename or ""), raw, digest.hexdigest(), size

    async def give(self, request: web.Request) -> web.StreamResponse:
        file = _file_id(request.match_info["id"])
        at = request.config_dict[DOOR].clock.now()
        async with self._db.read() as conn:
            row = await conn.fetchrow("select name, mime, variants, sha256 from files.file where id = $1", file)
            if row is None or not await self._allowed(conn, request, file, at):
                raise NotFound("没有这个文件，或它不是发给您的。", "There is no such file, or it was not sent to you.")
        variant = request.query.get("variant", "original")
        kept = row["variants"].get(variant, row["variants"]["original"])
        path = self._folder / kept
        if not await asyncio.to_thread(path.exists):
            raise NotFound("文件已被清理，请联系发送人重新发送。", "The file was cleared away; ask the sender for it again.")
        mime = "audio/wav" if kept.endswith(".wav") else row["mime"]
        return web.FileResponse(path, chunk_size=CHUNK, headers=_headers(row["name"], mime))

    async def _allowed(self, conn: Any, request: web.Request, file: UUID, at: datetime) -> bool:
        if sig := request.query.get("sig"):
            return file_signature_holds(self._key, file, sig, at)
        actor = await actor_of(request)
        if actor.may(Permission.FILES) or actor.may(Permission.BROADCAST_VIEW):
            return True
        return bool(await conn.fetchval(
            "select exists(select 1 from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast"
            " where d.ref = $1 and (b.audio = $2 or $2 = any(b.attachments)))", actor.id, file))


def plain_name(told: str) -> str:
    """The last part of whatever path was told, of characters that can be shown, with its ending."""
    shown = "".join(one for one in told.replace("\\", "/").rpartition("/")[2] if one.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[:NAME_LENGTH - 12]}.{ending[:11]}" if dot and len(shown) > NAME_LENGTH else shown[:NAME_LENGTH] or "file"


def _headers(name: str, mime: str) -> dict[str, str]:
    # A browser's own PDF reader does not start in a sandbox, and runs nothing of ours without one.
    policy = "default-src 'none'" if mime == "application/pdf" else "sandbox"
    place = "inline" if mime.startswith(SHOWN_IN_PAGE) else "attachment"
    return {
        "Content-Type": mime, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": policy,
        "Cache-Control": "private, max-age=86400, immutable",
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name)}",
    }


def _file_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("没有这个文件。", "There is no such file.") from None


def _too_large() -> TooLarge:
    return TooLarge("文件超过 50 MB，请压缩或分开后再上传。", "The file is over 50 MB; compress or split it.", field="file")
