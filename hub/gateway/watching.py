"""Watching a view: a snapshot, and then what changes after it, with nothing lost between the two."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from hub.gateway.live.connection import Connection
from hub.gateway.live.server import LiveServer
from hub.gateway.views import Shown, Views
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Forbidden, NotFound, TooMany
from hub.wire.codec import to_plain

WATCHES = 64


class Watching:
    def __init__(self, live: LiveServer, views: Views, clock: Clock) -> None:
        self._live, self._views, self._clock = live, views, clock
        views.past = live.rooms

    async def watch(self, connection: Connection, given: Mapping[str, Any]) -> dict[str, Any]:
        actor: Actor = connection.guest.entry.actor
        name = str(given.get("view", ""))
        try:
            view = self._views.find(name, actor)
            params = self._views.params(view, given.get("params"))
            room = self._views.room(view, params, actor)
            shown = await self._join(connection, room, lambda: self._views.fetch(view, params, actor, room))
        except (Forbidden, NotFound) as refusal:
            await self._views.note_refusal(name, actor, refusal, self._clock.now())
            raise
        plain: dict[str, Any] = to_plain(shown)
        return plain

    async def unwatch(self, connection: Connection, given: Mapping[str, Any]) -> dict[str, Any]:
        self._live.leave(connection, str(given.get("room", "")))
        return {}

    async def _join(self, connection: Connection, room: str, fetch: Callable[[], Awaitable[Shown]]) -> Shown:
        """Nothing is told before the snapshot was allowed; and no change falls between the two: what
        the room was told meanwhile is read again."""
        if not room:
            return await fetch()
        if len(connection.rooms) >= WATCHES and room not in connection.rooms:
            raise TooMany("打开的实时页面太多，请关掉一些。", "Too many live views are open; close some.")
        rooms = self._live.rooms
        await rooms.follow(room)
        joined = False
        try:
            told = rooms.history.last(room)
            shown = await fetch()
            if connection.sid in self._live.connections:
                self._live.join(connection, room)
                joined = True
        finally:
            if not joined:
                rooms.let_go(room)
        if joined and rooms.history.last(room) != told:
            shown = await fetch()
        await self._live.sure(connection)
        return shown
