"""The tus protocol 1.0: a file in pieces over a bad line, also across a restart of the hub.

core, creation, expiration, checksum and termination. What is answered stands on the disk.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

import msgspec
from aiohttp import web

from hub.gateway.archive import LARGEST_IN_PIECES, StoredFile, plain_name, purpose_of
from hub.gateway.files import Files
from hub.gateway.http import json
from hub.gateway.pieces import Piece, Pieces, Upload, cut
from hub.gateway.problems import problem_response
from hub.gateway.session import DOOR, actor_of
from hub.kernel.errors import HubError, Malformed, NotFound, Refused, TooLarge

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
METADATA = 4_000
PLACE = "/api/uploads"
ABOUT = {
    "Tus-Resumable": VERSION, "Tus-Version": VERSION, "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": str(LARGEST_IN_PIECES), "Tus-Checksum-Algorithm": ",".join(DIGESTS),
}

Handler = Callable[[web.Request], Awaitable[web.Response]]


class WrongVersion(Malformed):
    status = 412
    default_code = "wrong-tus-version"


class WrongType(Malformed):
    status = 415
    default_code = "wrong-content-type"


class BadChecksum(Refused):
    status = 460
    default_code = "bad-checksum"


class UploadState(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    offset: int
    length: int
    expires: datetime
    file: StoredFile | None


class Tus:
    def __init__(self, files: Files, pieces: Pieces) -> None:
        self._files, self._pieces = files, pieces

    def routes(self) -> list[web.RouteDef]:
        one = f"{PLACE}/{{id}}"
        return [
            web.options(PLACE, self.about), web.options(one, self.about), web.post(PLACE, spoken(self.begin)),
            web.head(one, spoken(self.offset)), web.patch(one, spoken(self.go_on)), web.delete(one, spoken(self.end)),
            web.get(one, self.look, allow_head=False),
        ]

    async def about(self, _request: web.Request) -> web.Response:
        return web.Response(status=204, headers=ABOUT)

    async def begin(self, request: web.Request) -> web.Response:
        metadata = metadata_of(request.headers.get("Upload-Metadata", ""))
        word = metadata.get("purpose", "attachment")
        actor, at = await self._files.uploader(request, word), request.config_dict[DOOR].clock.now()
        length = number_of(request, "Upload-Length")
        if length == 0:
            raise Refused("这个文件是空的，请重新选择。", "The file is empty; choose another.", code="empty-file")
        if length > (most := purpose_of(word).in_pieces):
            raise too_large(most)
        name = plain_name(metadata.get("filename") or metadata.get("name") or "")
        upload = await self._pieces.begin(actor.id, name, word, length, at)
        return web.Response(status=201, headers={"Location": f"{PLACE}/{upload.id}", **_expiry(upload)})

    async def offset(self, request: web.Request) -> web.Response:
        async with self._pieces.held(*await self._whose(request)) as piece:
            upload = piece.upload
        return web.Response(headers={
            "Upload-Offset": str(upload.taken), "Upload-Length": str(upload.length), "Cache-Control": "no-store",
            **_expiry(upload)})

    async def go_on(self, request: web.Request) -> web.Response:
        who = await self._whose(request)
        if request.content_type != "application/offset+octet-stream":
            raise WrongType("内容类型应为 application/offset+octet-stream。", "Send application/offset+octet-stream.")
        offset, check = number_of(request, "Upload-Offset"), checksum_of(request)
        async with self._pieces.held(*who, _alive(request)) as piece:
            piece.require(offset, request.content_length or 0)
            await self._write(request, piece, check)
            if piece.upload.whole:
                await self._pieces.finish(piece)
            return web.Response(status=204, headers={"Upload-Offset": str(piece.upload.taken), **_expiry(piece.upload)})

    async def _write(self, request: web.Request, piece: Piece, check: tuple[str, bytes] | None) -> None:
        if check is None:
            await piece.write(request.content)
            return
        digest = DIGESTS[check[0]]()
        await piece.write(request.content, digest.update, lambda: _require_same(digest.digest(), check[1]))

    async def end(self, request: web.Request) -> web.Response:
        async with self._pieces.held(*await self._whose(request)) as piece:
            await self._pieces.drop(piece)
        return web.Response(status=204)

    async def look(self, request: web.Request) -> web.Response:
        """Not of the protocol: the file that became of it. What a crash left unfinished is finished now."""
        async with self._pieces.held(*await self._whose(request)) as piece:
            if piece.upload.whole:
                await self._pieces.finish(piece)
            file = await self._pieces.file_of(piece.upload)
            upload = piece.upload
        return json(UploadState(id=upload.id, offset=upload.taken, length=upload.length, expires=upload.expires, file=file))

    async def _whose(self, request: web.Request) -> tuple[UUID, str, datetime]:
        actor = await actor_of(request)
        try:
            return UUID(request.match_info["id"]), actor.id, request.config_dict[DOOR].clock.now()
        except ValueError:
            raise NotFound("没有这个上传。", "There is no such upload.") from None


def _alive(request: web.Request) -> asyncio.Transport:
    """Raises TryAgain: who has gone already must not take the upload from who came back."""
    if request.transport is None or request.transport.is_closing():
        raise cut()
    return request.transport


def spoken(handler: Handler) -> Handler:
    """With the protocol's version, in what is asked and in every answer."""

    async def answer(request: web.Request) -> web.Response:
        try:
            if request.headers.get("Tus-Resumable") != VERSION:
                raise WrongVersion("请使用 tus 1.0.0 协议上传。", "Speak version 1.0.0 of the tus protocol.")
            response = await handler(request)
        except HubError as error:
            response = problem_response(error, request)
        response.headers.update({"Tus-Resumable": VERSION, "Tus-Version": VERSION})
        return response

    return answer


def metadata_of(header: str) -> dict[str, str]:
    """`key base64,key base64,key`. Raises Malformed."""
    if len(header) > METADATA:
        raise Malformed("上传说明太长。", "Upload-Metadata is too long.", field="Upload-Metadata")
    found: dict[str, str] = {}
    for part in filter(None, (one.strip() for one in header.split(","))):
        key, _, value = part.partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Malformed("上传说明的格式不对。", "Upload-Metadata is not base64 of UTF-8.", field="Upload-Metadata") from None
    return found


def number_of(request: web.Request, header: str) -> int:
    given = request.headers.get(header, "")
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Malformed(f"请求头 {header} 应为一个整数。", f"The header {header} must be a number.", field=header)
    return int(given)


def checksum_of(request: web.Request) -> tuple[str, bytes] | None:
    given = request.headers.get("Upload-Checksum")
    if given is None:
        return None
    name, _, value = given.partition(" ")
    try:
        return (name, base64.b64decode(value, validate=True)) if name in DIGESTS else _bad_checksum_header()
    except binascii.Error:
        return _bad_checksum_header()


def _bad_checksum_header() -> tuple[str, bytes]:
    raise Malformed("校验值的格式不对，只支持 sha1 和 sha256。", "Upload-Checksum must be sha1 or sha256 in base64.",
                    field="Upload-Checksum")


def _require_same(found: bytes, told: bytes) -> None:
    if not hmac.compare_digest(found, told):
        raise BadChecksum("这一段在传输中损坏，请重传。", "This piece was damaged on the way; send it again.")


def too_large(most: int) -> TooLarge:
    return TooLarge(f"文件超过 {most // 2**20} MB，请压缩或分开后再上传。", f"The file is over {most // 2**20} MB; compress or split it.",
                    field="Upload-Length")


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires, usegmt=True)}
