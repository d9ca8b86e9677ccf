"""A deputy's book over HTTP, as PDF: as much of it as the asker sees on the screen."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

import msgspec
from aiohttp import web

from hub.cases.pdf import printed
from hub.gateway.session import DOOR, actor_of
from hub.kernel.errors import Malformed, NotFound
from hub.record import Audit, Database
from hub.streams.duties.book import book_of
from hub.streams.duties.book_pdf import book_pdf, span_of
from hub.streams.duties.scoring_messages import BookParams

HEADERS = {"Content-Type": "application/pdf", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class BookDoor:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/books/{person}.pdf", self.book)]

    async def book(self, request: web.Request) -> web.Response:
        """`year`, `term` as in the view `deputy_book`; `save=1`: to be kept as a file. Each one is in the audit log."""
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        params = _params(request.match_info["person"], request.query.get("year", ""), request.query.get("term", ""))
        async with self._db.read() as conn:
            book = await book_of(conn, params, actor, at)
        await Audit(self._db).note(None, at=at, actor=actor.id, act="print book", object=f"person:{params.person}", outcome="ok", address=actor.address,
                                   detail={"name": actor.name})
        whole = await printed(book_pdf(book, actor.name))
        how = "attachment" if request.query.get("save") == "1" else "inline"
        return web.Response(body=whole, headers=HEADERS | {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(f'{book.name}履职档案（{span_of(book)}）.pdf')}"})


def _params(person: str, year: str, term: str) -> BookParams:
    try:
        UUID(person)
    except ValueError:
        raise NotFound("名册里没有这位代表。", "There is no such deputy.", field="person") from None
    try:
        return msgspec.convert({"person": person, "year": int(year) if year.isdecimal() and len(year) == 4 else year or None, "term": term}, BookParams)
    except msgspec.ValidationError:
        raise Malformed("年份应为四位数字，例如 2026；届次照名册填写。", "The year has four digits; the term is named as in the register.", field="year") from None
