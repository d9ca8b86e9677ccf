"""A view is asked for by name: permission, parameters, rows; over HTTP and over sockets alike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, NotFound, Refused, TryAgain
from hub.record import Audit, Database
from hub.spoke import Page, View
from hub.telling import Teller
from hub.wire.codec import convert

VIEW_SECONDS = 20


class Shown(msgspec.Struct, frozen=True):
    """A snapshot; with a `room` there will be changes after `position`."""

    rows: Any
    total: int | None
    position: int
    room: str = ""


class Views:
    def __init__(self, db: Database, audit: Audit, teller: Teller, views: Iterable[View]) -> None:
        self._db, self._audit, self._teller = db, audit, teller
        self.by_name = {view.name: view for view in views}

    def find(self, name: str, actor: Actor) -> View:
        view = self.by_name.get(name)
        if view is None:
            raise NotFound(f"没有“{name[:60]}”这个视图。", f"There is no view {name[:60]!r}.", code="unknown-view")
        if not actor.may(view.permission):
            raise Forbidden(f"您的账号没有“{view.permission}”权限，请联系管理员。",
                            f"Your account lacks the permission {view.permission}; ask an administrator.")
        return view

    def params(self, view: View, plain: Any) -> Any:
        return convert(plain if plain is not None else {}, view.params)

    def room(self, view: View, params: Any, actor: Actor) -> str:
        return view.room(params, actor) if view.room else ""

    async def fetch(self, view: View, params: Any, actor: Actor, room: str = "") -> Shown:
        position = self._teller.position
        try:
            async with asyncio.timeout(VIEW_SECONDS), self._db.read() as conn:
                page: Page = await view.fetch(conn, params, actor)
        except TimeoutError:
            raise TryAgain("查询用时太长，请缩小范围后再试。", "The query took too long; narrow it and try again.") from None
        return Shown(page.rows, page.total, position, room)

    async def note_refusal(self, name: str, actor: Actor, refusal: Refused, at: Any) -> None:
        await self._audit.note(None, at=at, actor=actor.id, act=f"view {name[:60]}", outcome="refused",
                               address=actor.address, detail={"code": refusal.code, "why": refusal.zh})
