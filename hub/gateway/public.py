"""Citizens at the door: they read drafts and suggestions, comment on articles and answer calls, without signing in. What they say goes the
same way as every command, as the hub's own step; it is shown to others only after it was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.gateway.citizens import Citizens, Taken, body_said, id_in, number_in, plain_name
from hub.gateway.guests import plain_words
from hub.gateway.http import json
from hub.kernel.actor import SYSTEM
from hub.kernel.calendar import day_of
from hub.kernel.errors import Malformed, NotFound, Refused
from hub.record import Database, load_sql
from hub.search.articles import law_text
from hub.streams.legislation import public as law
from hub.streams.legislation.comments import COMMENTS, article_name
from hub.streams.legislation.ideas import IDEAS
from hub.streams.legislation.plans import FIRST_YEAR, LAST_YEAR, plan_of
from hub.streams.proposals.messages import PublicParams
from hub.streams.proposals.views import public as suggestions
from hub.wire.codec import convert, decode

Q = load_sql("hub.streams.legislation")
MOST_PAGES = 10_000
Sign = Callable[[str, UUID, datetime], str]
"""(base, file, now) → an address that opens this one file for some time."""


class CommentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is made in the browser: sending twice is sending once, and who knows it may ask what became of it."""

    id: UUID
    text: Annotated[str, Meta(min_length=4, max_length=2000)]
    article: Annotated[str, Meta(max_length=20)] = ""
    name: Annotated[str, Meta(max_length=30)] = ""


class IdeaBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: UUID
    title: Annotated[str, Meta(min_length=4, max_length=100)]
    text: Annotated[str, Meta(min_length=4, max_length=5000)]
    name: Annotated[str, Meta(max_length=30)] = ""


SHAPES: tuple[type, ...] = (law.PublicDraft, law.PublicText, law.PublicAnswers, law.OwnComment, law.PublicCall, CommentBody, IdeaBody, Taken)
"""What the public page's own requests say and are told."""


class PublicDoor:
    """`sign` makes the addresses of papers that go with a draft."""

    def __init__(self, db: Database, citizens: Citizens, sign: Sign) -> None:
        self._db, self._sign, self._citizens = db, sign, citizens

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/public/drafts", self.drafts),
            web.get("/api/public/drafts/{id}", self.draft),
            web.get("/api/public/drafts/{id}/comments", self.answers),
            web.post("/api/public/drafts/{id}/comments", self.comment),
            web.get("/api/public/comments", self.own),
            web.get("/api/public/calls", self.calls),
            web.post("/api/public/calls/{id}/ideas", self.idea),
            web.get("/api/public/plans/{year}", self.plan),
            web.get("/api/public/suggestions", self.suggestions),
            web.get("/api/public/suggestions/{id}", self.suggestion),
        ]

    # --- read ---

    async def drafts(self, request: web.Request) -> web.Response:
        at = self._citizens.arrive(request)
        return await self._citizens.shown("drafts", lambda conn: law.drafts(conn, day_of(at)))

    async def draft(self, request: web.Request) -> web.Response:
        at, project = self._citizens.arrive(request), id_in(request)

        async def read(conn: Any) -> law.PublicText:
            text, files = await law.text(conn, project, day_of(at))
            rows = await conn.fetch(Q["shelf_files"], list(files))
            papers = tuple(law.PublicPaper(name=row["name"], size=row["size"], url=self._sign("", row["id"], at)) for row in rows)
            return msgspec.structs.replace(text, papers=papers)

        return await self._citizens.shown(("draft", project), read)

    async def answers(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        project, article, page = id_in(request), request.query.get("article"), number_in(request, "page", 1, MOST_PAGES)
        wanted = None if article is None else article_name(article[:20])
        return await self._citizens.shown(("answers", project, wanted, page), lambda conn: law.answers(conn, project, wanted, page))

    async def own(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        ids = convert(request.query.getall("id", [])[:law.MOST_OWN], list[UUID])
        async with self._db.read() as conn:
            return json({"rows": await law.own(conn, ids)})

    async def calls(self, request: web.Request) -> web.Response:
        at = self._citizens.arrive(request)
        return await self._citizens.shown("calls", lambda conn: law.calls(conn, day_of(at)))

    async def plan(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        year = request.match_info["year"]
        if not (year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
            raise NotFound("没有这一年的立法计划。", "There is no plan of that year.")
        return await self._citizens.shown(("plan", year), lambda conn: plan_of(conn, int(year), public=True))

    async def suggestions(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        params = decode(request.query.get("p", "{}")[:500], PublicParams)

        async def read(conn: Any) -> object:
            page = await suggestions(conn, params, SYSTEM)
            return {"rows": page.rows, "total": page.total}

        return await self._citizens.shown(("suggestions", params), read)

    async def suggestion(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        case = id_in(request)

        async def read(conn: Any) -> object:
            row = await conn.fetchrow(Q["numbers"], [case])
            found = (await suggestions(conn, PublicParams(q=row["number"], size=100), SYSTEM)).rows if row and row["number"] else ()
            return {"rows": [one for one in found if one.id == case]}

        return await self._citizens.shown(("suggestion", case), read)

    # --- say ---

    async def comment(self, request: web.Request) -> web.Response:
        at, project = self._citizens.arrive(request), id_in(request)
        body = await body_said(request, CommentBody)
        words = plain_words(body.text)
        async with self._citizens.guests.turn():
            async with self._db.read() as conn:
                row, facts, edition = await law.open_project(conn, project)
            if not law.is_open(row, facts, day_of(at)):
                raise Refused(f"《{facts.title}》现在不在征求意见期内，谢谢您的关注。", f"{facts.title!r} is not open for comment now.", code="draft-closed")
            article = article_name(body.article)
            if article and article not in {one.name for one in law_text(edition.text).articles}:
                raise Malformed("草案里没有这一条，请刷新页面后再提交。", "The draft has no such article; reload the page.", field="article")
            form = {"project": project, "article": article, "text": words, "came": "public", "name": plain_name(body.name)}
            taken = await self._citizens.tell(request, COMMENTS.name, "CommentOnDraft", body.id, form, f"{project} {article}")
            self._citizens.guests.forget("drafts", ("draft", project))
            return taken

    async def idea(self, request: web.Request) -> web.Response:
        at, call = self._citizens.arrive(request), id_in(request)
        body = await body_said(request, IdeaBody)
        words, title = plain_words(body.text), plain_words(body.title, "title").replace("\n", " ")
        async with self._citizens.guests.turn():
            async with self._db.read() as conn:
                found = next((one for one in await law.calls(conn, day_of(at)) if one.id == call), None)
            if found is None:
                raise Refused("这次征集已经结束，谢谢您的关注。", "This call is over.", code="call-closed")
            form = {"title": title, "text": words, "source": "internet", "name": plain_name(body.name), "batch": found.title}
            return await self._citizens.tell(request, IDEAS.name, "SuggestProject", body.id, form, str(call))
