"""Commands and views over HTTP: the same desk, the same views, for browsers and other systems."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from hub.desk import Desk
from hub.gateway.session import DOOR, actor_of
from hub.gateway.views import Views
from hub.kernel.errors import Forbidden, Malformed, NotFound, TooLarge, TryAgain
from hub.wire.codec import convert, decode, encode

BODY_BYTES = 1_000_000
WAIT_SECONDS = 30.0
FILE_CHUNK = 256 * 1024
BROKEN_FORM = (ValueError, AssertionError, HttpProcessingError)
"""What the parser of forms raises at bytes that are none."""


def json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=encode(body), status=status, content_type="application/json",
                        headers={"Cache-Control": "no-store"})


async def body_of(request: web.Request, most: int) -> bytes:
    """The whole body. Raises TooLarge, also where the length was not announced."""
    found = bytearray()
    if (request.content_length or 0) <= most:
        while len(found) <= most and (chunk := await request.content.readany()):
            found += chunk
        if len(found) <= most:
            return bytes(found)
    raise TooLarge(f"提交的内容超过 {most // 1000} KB，请缩短后再试。", f"The body is over {most // 1000} KB; send less.")


async def file_part(request: web.Request) -> BodyPartReader:
    """The part of the form that is called `file`. Raises Malformed."""
    if not request.content_type.startswith("multipart/"):
        raise Malformed("请以 multipart/form-data 上传，字段名为 file。", "Upload as multipart/form-data, field `file`.")
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                return part
    except BROKEN_FORM as error:
        raise _broken_form() from error
    raise Malformed("没有收到文件，字段名应为 file。", "No file came; the field must be called `file`.", field="file")


async def chunks_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(FILE_CHUNK):
            yield chunk
    except BROKEN_FORM as error:
        raise _broken_form() from error


def _broken_form() -> Malformed:
    return Malformed("上传的表单不完整或格式不对，请重新上传。", "The uploaded form is incomplete or broken; upload it again.",
                     field="file")


def api_routes(desk: Desk, views: Views) -> list[web.RouteDef]:
    async def command(request: web.Request) -> web.Response:
        actor = await actor_of(request)
        rule = desk.rule(request.match_info["name"])
        if request.content_type != "application/json":
            raise Malformed("请以 application/json 提交。", "Send application/json.", code="not-json")
        wish = decode(await body_of(request, BODY_BYTES), rule.command)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return json({"result": await desk.ask(wish, actor)})
        except TimeoutError:
            raise TryAgain("这次操作用时太长，请稍后用同一编号重试。",
                           "This took too long; send the same id again shortly.", code="too-slow") from None

    async def view(request: web.Request) -> web.Response:
        actor, name = await actor_of(request), request.match_info["name"]
        try:
            found = views.find(name, actor)
            given = decode(request.query.get("p", "{}"), dict)
            return json(await views.fetch(found, convert(given, found.params), actor))
        except (Forbidden, NotFound) as refusal:
            await views.note_refusal(name, actor, refusal, request.config_dict[DOOR].clock.now())
            raise

    return [web.post("/api/commands/{name}", command), web.get("/api/views/{name}", view)]
