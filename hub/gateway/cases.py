"""Cases over HTTP beside their commands and views: one as PDF, and the calendar out of a file."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from hub.cases.detail import seen_case
from hub.cases.messages import SaveCalendarDays
from hub.cases.paper import paper
from hub.cases.params import OfCase
from hub.cases.sheets import read_calendar
from hub.desk import Desk
from hub.gateway.http import chunks_of, file_part, json
from hub.gateway.printing import number_in, on_paper
from hub.gateway.session import DOOR, actor_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Forbidden, Malformed, NotFound, TooLarge
from hub.kernel.ids import uuid7
from hub.kernel.lifecycle import sees_inside
from hub.record import Connection, Database, load_sql
from hub.streams.legislation.views import may_read_shelf_file
from hub.wire.codec import convert, to_plain

Q = load_sql("hub.cases")
LARGEST = 2 * 2**20


class CaseDoor:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk = db, desk

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/cases/{case}.pdf", self.paper), web.post("/api/calendar", self.calendar)]

    async def paper(self, request: web.Request) -> web.Response:
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        case = number_in(request, "case", "没有这个事项。", "There is no such case.")
        async with self._db.read() as conn:
            sheet = await paper(conn, OfCase(case), actor, at)
        return await on_paper(request, self._db, sheet, act="print case", of=f"case:{case}")

    async def calendar(self, request: web.Request) -> web.Response:
        """`dry_run=1` only reads; `year` replaces that year as a whole."""
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        if not actor.may(Permission.RULES):
            raise Forbidden("您的账号不能修改工作日历。", "Your account may not change the calendar.")
        days = read_calendar(*await _content(request))
        told: dict[str, object] = {"days": days, "applied": False}
        if request.query.get("dry_run", "1") == "0":
            plain = to_plain({"id": uuid7(at), "days": days, "year": _year(request.query.get("year", ""))})
            command = convert(plain, SaveCalendarDays)
            told |= {"applied": True, "result": await self._desk.ask(command, actor)}
        return json(told)


async def may_read_case_file(conn: Connection, file: UUID, actor: Actor) -> bool:
    """Who sees the inside of a case it stands in, or the shelf it stands on. A file in a public case is not public by that."""
    for row in await conn.fetch(Q["cases_of_file"], file):
        try:
            case, shapes = await seen_case(conn, row["case_id"], actor)
        except NotFound:
            continue
        if sees_inside(shapes.life, case, actor):
            return True
    return await may_read_shelf_file(conn, file, actor)


async def _content(request: web.Request) -> tuple[bytes, str]:
    part, content = await file_part(request), bytearray()
    async for chunk in chunks_of(part):
        content += chunk
        if len(content) > LARGEST:
            raise TooLarge("日历文件超过 2 MB，请只保留日期、班休和名称三列。", "The calendar is over 2 MB.", field="file")
    return bytes(content), part.filename or "file"


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isdecimal() and 2000 <= int(text) <= 2100):
        raise Malformed("年份应为四位数字，例如 2027。", "The year must have four digits.", field="year")
    return int(text)
