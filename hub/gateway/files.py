"""Attachments and spoken audio: taken in as a stream, kept by content, given out to whom they concern."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from aiohttp import web

from dispatch.conversations.seats import is_administrator, seats_of
from hub.access.tokens import file_signature_holds, sign_file
from hub.gateway.archive import LARGEST, PURPOSES, Archive, Arrival, plain_name, purpose_of
from hub.gateway.cases import may_read_case_file
from hub.gateway.http import chunks_of, file_part, json
from hub.gateway.session import DOOR, actor_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Forbidden, NotFound, Refused, TooLarge, TryAgain
from hub.kernel.ids import uuid7
from hub.record import Audit, load_sql
from hub.wire.codec import decode
from media.loudness import announce
from media.ports import Speech

MAY_READ = load_sql("dispatch.conversations")["who_may_read_file"]

CHUNK = 256 * 1024
RECEIVE_SECONDS = 600
SHOWN_IN_PAGE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "application/pdf")
SIGNED_FOR = timedelta(days=30)
OF_CASES = ("case", "snapshot")
MIME_OF_ENDING = {".wav": "audio/wav", ".webp": "image/webp"}
"""Of variants that are made here; what was sent is kept without an ending."""


class SpeechBody(msgspec.Struct, frozen=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    rate: Annotated[int, msgspec.Meta(ge=-10, le=10)] = 0


class Files:
    def __init__(self, archive: Archive, key: bytes, speech: Speech) -> None:
        self.archive, self._key, self._speech = archive, key, speech
        self._db, self._folder = archive.db, archive.folder

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/files", self.take),
            web.post("/api/speech", self.speak),
            web.get("/api/files/{id}", self.give),
        ]

    def signed(self, base: str, file: UUID, at: datetime) -> str:
        return f"{base}/api/files/{file}?sig={sign_file(self._key, file, at + SIGNED_FOR)}"

    async def take(self, request: web.Request) -> web.Response:
        purpose = request.query.get("purpose", "attachment")
        actor, at = await self.uploader(request, purpose), request.config_dict[DOOR].clock.now()
        name, raw, digest = await self._receive(request)
        try:
            return json(await self.archive.take(raw, Arrival(id=uuid7(at), name=name, purpose=purpose, by=actor.id, at=at), digest))
        finally:
            raw.unlink(missing_ok=True)

    async def speak(self, request: web.Request) -> web.Response:
        actor, at = await self.uploader(request, "audio"), request.config_dict[DOOR].clock.now()
        body = decode(await request.read(), SpeechBody)
        prepared = await announce(self._speech, body.text, self._folder, rate=body.rate)
        return json(await self.archive.take_audio(prepared, Arrival(
            id=uuid7(at), name=f"{body.text[:20]}.mp3", purpose="audio", by=actor.id, at=at)))

    async def uploader(self, request: web.Request, purpose: str) -> Actor:
        """Raises Forbidden, which is noted."""
        actor = await actor_of(request)
        if not actor.may(purpose_of(purpose).permission):
            await self._note(request, actor, "upload", "refused")
            raise Forbidden("您的账号不能上传文件，请联系管理员。", "Your account may not upload files.")
        return actor

    async def _note(self, request: web.Request, actor: Actor, act: str, outcome: str, about: str = "") -> None:
        await Audit(self._db).note(None, at=request.config_dict[DOOR].clock.now(), actor=actor.id, act=act, object=about,
                                   outcome=outcome, address=actor.address, detail={"name": actor.name})

    async def _receive(self, request: web.Request) -> tuple[str, Path, str]:
        """(name, temporary path, sha256). Nothing is left behind when it is refused."""
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
        return plain_name(part.filename or ""), raw, digest.hexdigest()

    async def give(self, request: web.Request) -> web.StreamResponse:
        file = _file_id(request.match_info["id"])
        at = request.config_dict[DOOR].clock.now()
        async with self._db.read() as conn:
            row = await conn.fetchrow("select name, mime, variants, purpose, by_id from files.file where id = $1", file)
            if row is None or not await self._allowed(conn, request, file, row, at):
                raise NotFound("没有这个文件，或它不是发给您的。", "There is no such file, or it was not sent to you.")
        variant = request.query.get("variant", "original")
        kept = row["variants"].get(variant, row["variants"]["original"])
        path = self._folder / kept
        if not await asyncio.to_thread(path.exists):
            raise NotFound("文件已被清理，请联系发送人重新发送。", "The file was cleared away; ask the sender for it again.")
        mime = MIME_OF_ENDING.get(path.suffix, row["mime"])
        return web.FileResponse(path, chunk_size=CHUNK, headers=_headers(row["name"], mime))

    async def _allowed(self, conn: Any, request: web.Request, file: UUID, row: Any, at: datetime) -> bool:
        if sig := request.query.get("sig"):
            return file_signature_holds(self._key, file, sig, at)
        actor = await actor_of(request)
        private = PURPOSES[row["purpose"]].members
        if not private and (actor.may(Permission.FILES) or actor.may(Permission.BROADCAST_VIEW)):
            return True
        if (private and row["by_id"] == actor.id) or await conn.fetchval(MAY_READ, file, list(seats_of(actor))):
            return True
        if row["purpose"] in OF_CASES:
            return await may_read_case_file(conn, file, actor)
        if private and is_administrator(actor):
            await self._note(request, actor, "view file of conversation", "ok", f"file:{file}")
            return True
        return bool(await conn.fetchval(
            "select exists(select 1 from dispatch.delivery d join dispatch.broadcast b on b.id = d.broadcast"
            " where d.ref = $1 and (b.audio = $2 or $2 = any(b.attachments)))", actor.id, file))


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
