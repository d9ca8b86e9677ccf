"""Spreadsheets in and out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, cast

from aiohttp import web

from hub.access.export import export_audit
from hub.access.messages import AuditParams
from hub.directory.transfer import (
    export_organisations,
    export_people,
    import_organisations,
    import_people,
)
from hub.gateway.http import chunks_of, file_part, json
from hub.gateway.session import DOOR, actor_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Forbidden, NotFound, TooLarge
from hub.record import Audit, Connection, Database, Journal
from hub.telling import Teller
from hub.wire.codec import decode

LARGEST = 20 * 2**20
IMPORTS = {"people": import_people, "organisations": import_organisations}
MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Format = Literal["xlsx", "csv"]
Export = Callable[[Connection, Actor, Mapping[str, str], Format], Awaitable[bytes]]
"""(connection, actor, query of the request, format) → the file."""


async def _people(conn: Connection, actor: Actor, _query: Mapping[str, str], format: Format) -> bytes:
    return await export_people(conn, actor, format)


async def _organisations(conn: Connection, actor: Actor, _query: Mapping[str, str], format: Format) -> bytes:
    return await export_organisations(conn, actor, format)


async def _audit(conn: Connection, actor: Actor, query: Mapping[str, str], format: Format) -> bytes:
    if not actor.may(Permission.AUDIT_VIEW):
        raise Forbidden("您的账号不能导出审计日志。", "Your account may not export the audit log.")
    return await export_audit(conn, actor, decode(query.get("p", "{}"), AuditParams), format)


class Transfer:
    """`exports` adds what other rooms export, by the first part of the name."""

    def __init__(self, db: Database, journal: Journal, audit: Audit, teller: Teller, exports: Mapping[str, Any]) -> None:
        self._db, self._journal, self._audit, self._teller = db, journal, audit, teller
        self._exports: dict[str, Any] = {"people": _people, "organisations": _organisations, "audit": _audit, **exports}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/import/{kind}", self.take),
            web.get(r"/api/export/{name:[a-z]+}{which:(/[^/.]+)?}.{format:xlsx|csv}", self.give),
        ]

    async def take(self, request: web.Request) -> web.Response:
        actor = await actor_of(request)
        kind = request.match_info["kind"]
        if kind not in IMPORTS:
            raise NotFound("只能导入 people 或 organisations。", "Only people or organisations can be imported.")
        name, content = await _content(request)
        at = request.config_dict[DOOR].clock.now()
        dry = request.query.get("dry_run", "1") != "0"
        try:
            report = await IMPORTS[kind](self._db, self._journal, actor, at, content, name, dry, self._teller.touch)
        except Forbidden:
            await self._note(request, actor, f"import {kind}", "refused")
            raise
        await self._note(request, actor, f"import {kind}", "dry run" if dry else "applied" if report.applied else "refused")
        return json(report)

    async def give(self, request: web.Request) -> web.Response:
        actor = await actor_of(request)
        name, format = request.match_info["name"], cast(Format, request.match_info["format"])
        export = self._exports.get(name)
        if export is None:
            raise NotFound(f"没有“{name}”这种导出。", f"There is no export {name!r}.")
        query = dict(request.query) | {"which": request.match_info["which"].lstrip("/")}
        try:
            async with self._db.read() as conn:
                body = await export(conn, actor, query, format)
        except (Forbidden, NotFound):
            await self._note(request, actor, f"export {name}", "refused")
            raise
        await self._note(request, actor, f"export {name}", "ok")
        return web.Response(body=body, headers={
            "Content-Type": MIME[format], "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}.{format}"'})

    async def _note(self, request: web.Request, actor: Actor, act: str, outcome: str) -> None:
        await self._audit.note(None, at=request.config_dict[DOOR].clock.now(), actor=actor.id, act=act, outcome=outcome,
                               address=actor.address, detail={"name": actor.name})


async def _content(request: web.Request) -> tuple[str, bytes]:
    if (request.content_length or 0) > LARGEST + 100_000:
        raise _too_large()
    part, content = await file_part(request), bytearray()
    async for chunk in chunks_of(part):
        content += chunk
        if len(content) > LARGEST:
            raise _too_large()
    return part.filename or "file", bytes(content)


def _too_large() -> TooLarge:
    return TooLarge("表格超过 20 MB，请拆成几个文件。", "The spreadsheet is over 20 MB; split it.", field="file")
