"""A view is asked for by name: permission, parameters, rows; over HTTP and over sockets alike.
While the database is away, who was given a snapshot before is given it again, with the hour it is of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from hub.gateway.remembered import Remembered, Snapshot, merged, place_of
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Forbidden, NotFound, Refused, TryAgain
from hub.record import AWAY, Audit, Database
from hub.spoke import Page, View
from hub.telling import Teller
from hub.wire.codec import convert, encode

VIEW_SECONDS = 20


class Shown(msgspec.Struct, frozen=True):
    """A snapshot; with a `room` there will be changes after `position`. With `as_of` the database is away, and this is
    what it was then: an older snapshot and, where they are known, the `changes` since. It is to be asked for again."""

    rows: Any
    total: int | None
    position: int
    room: str = ""
    as_of: datetime | None = None
    changes: list[Any] | msgspec.UnsetType = msgspec.UNSET


class Past(Protocol):
    """What was told in rooms."""

    def here(self) -> str:
        """An offset: where the hub's tellings stand now; empty where nobody knows."""
        ...

    async def since(self, room: str, offset: str) -> Sequence[bytes] | None:
        """What the room was told after it, oldest first; None where some may be missing."""
        ...


async def nowhere(_place: bytes) -> None:
    """There is no other process."""


class Views:
    def __init__(
        self, db: Database, audit: Audit, teller: Teller, views: Iterable[View], clock: Clock,
    ) -> None:
        self._db, self._audit, self._teller, self._clock, self._remembered = db, audit, teller, clock, Remembered()
        self.by_name = {view.name: view for view in views}
        self.past: Past | None = None
        self.elsewhere: Callable[[bytes], Awaitable[Snapshot | None]] = nowhere
        """What another process has shown at this place."""

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
        place, changes = place_of(view, params, actor), self._remembered.changes
        offset = self.past.here() if self.past else ""
        at, position = self._clock.now(), self._teller.position
        try:
            page = await self._read(view, params, actor)
        except TryAgain as away:
            snapshot = await self._known(place, at, changes) if away.code == AWAY else None
            if snapshot is None:
                raise
            return await self._shown_before(snapshot, room)
        if page.kept:
            self._remembered.keep(place, Snapshot(
                rows=encode(page.rows), total=page.total, position=position, as_of=at, offset=offset, actor=actor), changes)
        return Shown(page.rows, page.total, position, room)

    async def _read(self, view: View, params: Any, actor: Actor) -> Page:
        try:
            async with asyncio.timeout(VIEW_SECONDS), self._db.read() as conn:
                return await view.fetch(conn, params, actor)
        except TimeoutError:
            raise TryAgain("查询用时太长，请缩小范围后再试。", "The query took too long; narrow it and try again.") from None

    async def _known(self, place: bytes, at: datetime, changes: int) -> Snapshot | None:
        if (snapshot := self._remembered.recall(place, at)) is None and (found := await self.elsewhere(place)) is not None:
            self._remembered.keep(place, found, changes)
            snapshot = self._remembered.recall(place, at)
        return snapshot

    def hand_on(self, place: bytes) -> Snapshot | None:
        """To another process."""
        return self._remembered.recall(place, self._clock.now())

    async def _shown_before(self, snapshot: Snapshot, room: str) -> Shown:
        """As of when the database was heard last, where it is known what was told until then."""
        told = await self.past.since(room, snapshot.offset) if self.past and room else None
        news = None if told is None else merged(told)
        rows = msgspec.json.decode(snapshot.rows)
        if news is None:
            return Shown(rows, snapshot.total, snapshot.position, room, snapshot.as_of)
        silent = timedelta(seconds=asyncio.get_running_loop().time() - self._db.reach.heard_at)
        return Shown(rows, snapshot.total, max(snapshot.position, news.position), room,
                     max(snapshot.as_of, self._clock.now() - silent), news.changes)

    def forget(self, refs: Sequence[str]) -> None:
        """Something was closed to who speaks for these."""
        self._remembered.forget(refs)

    async def note_refusal(self, name: str, actor: Actor, refusal: Refused, at: Any) -> None:
        await self._audit.note(None, at=at, actor=actor.id, act=f"view {name[:60]}", outcome="refused",
                               address=actor.address, detail={"code": refusal.code, "why": refusal.zh})
