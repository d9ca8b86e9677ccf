"""How citizens come in who have not signed in: what they may ask for, how what they say goes to the desk as the hub's own step, once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web

from hub.cases.shapes import shapes_of
from hub.desk import Desk
from hub.gateway.csrf import require_same_origin
from hub.gateway.guests import CONTROL, Guests
from hub.gateway.http import body_of, json
from hub.gateway.session import DOOR, address_of
from hub.kernel.actor import SYSTEM
from hub.kernel.errors import Conflict, Malformed, NotFound
from hub.kernel.ids import derived
from hub.record import Database
from hub.wire.codec import convert, decode

LARGEST = 16_000
PATIENCE = 20.0


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str


class Citizens:
    def __init__(self, db: Database, desk: Desk) -> None:
        self._db, self._desk, self.guests = db, desk, Guests(db)

    def arrive(self, request: web.Request) -> datetime:
        """Raises TooMany; Forbidden for what another site's page sends."""
        at, door = _now(request), request.config_dict[DOOR]
        if request.method == "POST":
            require_same_origin(request.headers.get("Origin", ""), request.host, door.public_url)
        self.guests.may_look(address_of(request, door), at)
        return at

    async def shown(self, key: Any, read: Any) -> web.Response:
        async def make() -> object:
            async with asyncio.timeout(PATIENCE), self._db.read() as conn:
                found = await read(conn)
            return {"rows": found} if isinstance(found, list) else found

        return web.Response(body=await self.guests.look(key, make), content_type="application/json", headers={"Cache-Control": "no-store"})

    async def tell(self, request: web.Request, stream: str, command: str, case: UUID, form: dict[str, Any], about: str) -> web.Response:
        """Opens a case. The same id again is the same answer, and costs nothing."""
        known = await self.number(case, stream)
        if known is None:
            await self.take(request, stream, command, case, form, about=about, words=form["text"], id=derived("said in public", case), said=case)
            known = await self.number(case, stream)
        return json(Taken(id=case, number=known or ""))

    async def take(self, request: web.Request, stream: str, command: str, case: UUID, form: dict[str, Any], *, about: str, words: str, id: UUID,
                   said: UUID) -> None:
        """A step of the hub's own. `said`: what is counted once however often it comes."""
        at, address = _now(request), address_of(request, request.config_dict[DOOR])
        wish = convert(msgspec.to_builtins({"id": id, "case": case, "form": form}), shapes_of(stream).commands[command])
        async with asyncio.timeout(PATIENCE):
            await self.guests.speak(address, said, about, words, at)
            await self._desk.ask(wish, msgspec.structs.replace(SYSTEM, address=address))

    async def number(self, case: UUID, stream: str) -> str | None:
        async with self._db.read() as conn:
            row = await conn.fetchrow("select number, stream from cases.item where id = $1", case)
        if row is not None and row["stream"] != stream:
            raise Conflict("编号重复，请刷新页面后再提交。", "The id is taken; reload the page and send it again.", code="exists")
        return row["number"] if row else None


def plain_name(name: str) -> str:
    return " ".join(CONTROL.sub("", name).split())


async def body_said(request: web.Request, shape: Any) -> Any:
    if request.content_type != "application/json":
        raise Malformed("请以 application/json 提交。", "Send application/json.", code="not-json")
    return decode(await body_of(request, LARGEST), shape)


def id_in(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["id"])
    except ValueError:
        raise NotFound("没有这个地址。", "There is no such address.") from None


def number_in(request: web.Request, name: str, start: int, most: int) -> int:
    text = request.query.get(name, str(start))
    if not (text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        raise Malformed("页码应为数字。", "The page must be a number.", field=name)
    return int(text)


def _now(request: web.Request) -> datetime:
    at: datetime = request.config_dict[DOOR].clock.now()
    return at
