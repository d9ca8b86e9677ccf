"""A deputy's book over HTTP, as PDF: as much of it as the asker sees on the screen."""

from __future__ import annotations

import msgspec
from aiohttp import web

from hub.gateway.printing import number_in, on_paper
from hub.gateway.session import DOOR, actor_of
from hub.kernel.errors import Malformed
from hub.record import Database
from hub.streams.duties.book import book_of
from hub.streams.duties.book_pdf import book_pdf, span_of
from hub.streams.duties.scoring_messages import BookParams


class BookDoor:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/books/{person}.pdf", self.book)]

    async def book(self, request: web.Request) -> web.Response:
        """`year`, `term` as in the view `deputy_book`."""
        actor, at = await actor_of(request), request.config_dict[DOOR].clock.now()
        params = _params(request)
        async with self._db.read() as conn:
            book = await book_of(conn, params, actor, at)
        return await on_paper(request, self._db, book_pdf(book, actor.name), act="print book", of=f"person:{params.person}",
                              name=f"{book.name}履职档案（{span_of(book)}）")


def _params(request: web.Request) -> BookParams:
    person = number_in(request, "person", "名册里没有这位代表。", "There is no such deputy.", "person")
    year, term = request.query.get("year", ""), request.query.get("term", "")
    try:
        return msgspec.convert({"person": str(person), "year": int(year) if year.isdecimal() and len(year) == 4 else year or None, "term": term}, BookParams)
    except msgspec.ValidationError:
        raise Malformed("年份应为四位数字，例如 2026；届次照名册填写。", "The year has four digits; the term is named as in the register.", field="year") from None
