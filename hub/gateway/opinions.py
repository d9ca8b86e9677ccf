"""Citizens say what troubles them, from a code they scanned or from the page itself, see what became of it and say whether it helped."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.gateway.citizens import Citizens, body_said, id_in, plain_name
from hub.gateway.guests import plain_words
from hub.gateway.http import json
from hub.kernel.errors import NotFound
from hub.kernel.ids import derived
from hub.record import Database
from hub.streams.opinions import public
from hub.streams.opinions.messages import OwnOpinion, PublicKind, PublicPlace
from hub.streams.opinions.model import OPINIONS
from hub.wire.codec import convert

REF = r"^(station:[0-9]{1,6}|person:[0-9a-f-]{36})?$"


class OpinionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is made in the browser: sending twice is sending once, and who knows it may ask what became of it. `to`: whose code was
    scanned. `phone` is seen by the desk and the department alone."""

    id: UUID
    text: Annotated[str, Meta(min_length=4, max_length=2000)]
    to: Annotated[str, Meta(pattern=REF, max_length=60)] = ""
    kind: Annotated[str, Meta(max_length=20)] = ""
    name: Annotated[str, Meta(max_length=30)] = ""
    phone: Annotated[str, Meta(pattern=r"^(\+?[0-9][0-9 -]{4,18})?$", max_length=20)] = ""


class RatingBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is this rating's own."""

    id: UUID
    rating: Literal["satisfied", "basically", "unsatisfied"]
    text: Annotated[str, Meta(max_length=500)] = ""


SHAPES: tuple[type, ...] = (PublicPlace, PublicKind, OwnOpinion, OpinionBody, RatingBody)
"""What the public page's own requests say and are told."""


class OpinionDoor:
    def __init__(self, db: Database, citizens: Citizens) -> None:
        self._db, self._citizens = db, citizens

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/public/places/{ref}", self.place),
            web.get("/api/public/opinion-kinds", self.kinds),
            web.get("/api/public/opinions", self.own),
            web.post("/api/public/opinions", self.say),
            web.post("/api/public/opinions/{id}/rating", self.rate),
        ]

    async def place(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        ref = request.match_info["ref"][:60]
        return await self._citizens.shown(("place", ref), lambda conn: public.place(conn, ref))

    async def kinds(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        return json({"rows": public.kinds()})

    async def own(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        ids = convert(request.query.getall("id", [])[:public.MOST_OWN], list[UUID])
        async with self._db.read() as conn:
            return json({"rows": await public.own(conn, ids)})

    async def say(self, request: web.Request) -> web.Response:
        self._citizens.arrive(request)
        body = await body_said(request, OpinionBody)
        form = {"to": body.to, "text": plain_words(body.text), "kind": body.kind, "name": plain_name(body.name), "phone": body.phone}
        async with self._citizens.guests.turn():
            return await self._citizens.tell(request, OPINIONS.name, "TellOpinion", body.id, form, f"opinion {body.to}")

    async def rate(self, request: web.Request) -> web.Response:
        """Who knows the opinion's id is who said it. The same rating sent again is the same."""
        self._citizens.arrive(request)
        case, body = id_in(request), await body_said(request, RatingBody)
        if await self._citizens.number(case, OPINIONS.name) is None:
            raise NotFound("没有这件民意，请从“我的意见”进入。", "There is no such opinion; open it from your own list.", code="no-case")
        form = {"rating": body.rating, "word": plain_name(body.text)}
        async with self._citizens.guests.turn():
            await self._citizens.take(request, OPINIONS.name, "RateOpinion", case, form, about=f"rating {case}", words=str(body.id),
                                      id=derived("rated in public", case, body.id), said=body.id)
        return json({})
