"""Live connections: who knocks, what they ask and watch. Socket.IO v5 over websocket only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import socketio
import structlog

from hub.desk import Desk
from hub.directory.entries import Entry
from hub.directory.sign_in import SignIn
from hub.gateway.csrf import require_same_origin
from hub.gateway.fanout import Fanout
from hub.gateway.problems import language_of, problem
from hub.gateway.session import DoorSettings, address_of, entry_of_handshake
from hub.gateway.views import Views
from hub.kernel.errors import (
    Broken,
    Forbidden,
    HubError,
    Malformed,
    NotFound,
    NotSignedIn,
    TooMany,
    TryAgain,
)
from hub.presence.port import Presence
from hub.wire.codec import convert, to_plain
from hub.wire.words import ASK, BYE, UNWATCH, WATCH, Bye

log = structlog.get_logger()

FRAME_BYTES = 1_000_000
WATCHES = 64
UNDER_WAY = 32
WAIT_SECONDS = 30.0
AT_ONCE = 0.2
PROVED_FOR = timedelta(minutes=5)

Handler = Callable[["Guest", Mapping[str, Any]], Awaitable[dict[str, Any]]]


Prove = Callable[[datetime], Awaitable[Entry]]


@dataclass(slots=True)
class Guest:
    """`prove` goes to the door again: what is used only through its socket is in use all the same."""

    connection: str
    entry: Entry
    language: str
    prove: Prove
    proved_at: datetime
    under_way: int = 0


class Sockets:
    def __init__(
        self, *, desk: Desk, views: Views, sign_in: SignIn, door: DoorSettings, presence: Presence,
    ) -> None:
        self._desk, self._views, self._sign_in, self._door, self._presence = desk, views, sign_in, door, presence
        self.server = socketio.AsyncServer(
            async_mode="aiohttp", transports=["websocket"], allow_upgrades=False, cors_allowed_origins=[],
            max_http_buffer_size=FRAME_BYTES, http_compression=False, always_connect=False, logger=False,
            engineio_logger=False,
        )
        self.fanout = Fanout(self.server)
        self.guests: dict[str, Guest] = {}
        self.server.on("connect", self._arrive)
        self.server.on("disconnect", self._leave)
        for event, handler in ((ASK, self._ask), (WATCH, self._watch), (UNWATCH, self._unwatch)):
            self.server.on(event, self._door_for(handler))
        sign_in.on_revoked(self._revoked)

    async def _arrive(self, connection: str, environ: dict[str, Any], auth: Any = None) -> None:
        request = environ["aiohttp.request"]
        at = self._door.clock.now()
        given, cookies = (auth if isinstance(auth, Mapping) else {}), dict(request.cookies)
        language = language_of(str(given.get("language") or request.headers.get("Accept-Language", "")))
        address = address_of(request, self._door)

        async def prove(now: datetime) -> Entry:
            entry = await entry_of_handshake(self._sign_in, given, cookies, now)
            return msgspec.structs.replace(entry, actor=msgspec.structs.replace(entry.actor, address=address))

        try:
            require_same_origin(request.headers.get("Origin", ""), request.host, self._door.public_url)
            guest = Guest(connection, await prove(at), language, prove, at)
        except HubError as error:
            raise socketio.exceptions.ConnectionRefusedError(
                error.sentence(language), problem(error, language)) from error
        self.guests[connection] = guest
        self._presence.arrive(guest.entry.actor.id, connection, at)

    async def _leave(self, connection: str, *_reason: Any) -> None:
        guest = self.guests.pop(connection, None)
        self.fanout.gone(connection)
        if guest is not None:
            self._presence.leave(guest.entry.actor.id, connection, self._door.clock.now())

    async def _revoked(self, credential: str) -> None:
        for guest in list(self.guests.values()):
            if guest.entry.credential == credential:
                await self._dismiss(guest, Bye.REVOKED, AT_ONCE)

    async def _dismiss(self, guest: Guest, code: Bye, retry_after: float) -> None:
        await self.server.emit(BYE, {"code": code, "retry_after": retry_after, "why": code}, to=guest.connection)
        await self.server.disconnect(guest.connection)

    async def go_down(self, retry_after: float) -> None:
        for guest in list(self.guests.values()):
            await self._dismiss(guest, Bye.GOING_DOWN, retry_after)

    def _door_for(self, handler: Handler) -> Callable[..., Awaitable[dict[str, Any]]]:
        async def enter(connection: str, given: Any = None, *_more: Any) -> dict[str, Any]:
            guest = self.guests.get(connection)
            language = guest.language if guest else "zh"
            try:
                return {"ok": True, **await self._serve(guest, handler, given)}
            except HubError as error:
                return {"ok": False, "problem": problem(error, language)}
            except Exception:
                log.exception("unforeseen", connection=connection)
                broken = Broken("系统内部出错，已记入日志；请稍后再试。", "Something went wrong inside; try again later.",
                                code="unforeseen")
                return {"ok": False, "problem": problem(broken, language)}

        return enter

    async def _serve(self, guest: Guest | None, handler: Handler, given: Any) -> dict[str, Any]:
        if guest is None or (guest.entry.expires and self._door.clock.now() >= guest.entry.expires):
            raise NotSignedIn("登录已过期，请重新登录。", "Your session has ended; sign in again.")
        if not isinstance(given, Mapping):
            raise Malformed("请求应为一个对象。", "A request must be an object.")
        await self._prove_again(guest)
        if guest.under_way >= UNDER_WAY:
            raise TooMany("同时进行的操作太多，请等前面的完成。", "Too many requests at once; wait for the earlier ones.")
        guest.under_way += 1
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await handler(guest, given)
        except TimeoutError:
            raise TryAgain("这次操作用时太长，请稍后用同一编号重试。",
                           "This took too long; send the same id again shortly.", code="too-slow") from None
        finally:
            guest.under_way -= 1

    async def _prove_again(self, guest: Guest) -> None:
        now = self._door.clock.now()
        if now >= guest.proved_at + PROVED_FOR:
            guest.proved_at = now
            guest.entry = await guest.prove(now)

    async def _ask(self, guest: Guest, given: Mapping[str, Any]) -> dict[str, Any]:
        fields = dict(given)
        rule = self._desk.rule(str(fields.pop("type", "")))
        return {"result": await self._desk.ask(convert(fields, rule.command), guest.entry.actor)}

    async def _watch(self, guest: Guest, given: Mapping[str, Any]) -> dict[str, Any]:
        actor, name = guest.entry.actor, str(given.get("view", ""))
        try:
            view = self._views.find(name, actor)
            params = self._views.params(view, given.get("params"))
            room = self._views.room(view, params, actor)
            shown = await self._join(guest, room, lambda: self._views.fetch(view, params, actor, room))
        except (Forbidden, NotFound) as refusal:
            await self._views.note_refusal(name, actor, refusal, self._door.clock.now())
            raise
        plain: dict[str, Any] = to_plain(shown)
        return plain

    async def _join(self, guest: Guest, room: str, fetch: Callable[[], Awaitable[Any]]) -> Any:
        """Nothing is told before the snapshot was allowed; and no change falls between the two: what
        the room was told meanwhile is read again."""
        if not room:
            return await fetch()
        if self.fanout.rooms_of(guest.connection) >= WATCHES:
            raise TooMany("打开的实时页面太多，请关掉一些。", "Too many live views are open; close some.")
        told = self.fanout.told_in(room)
        shown = await fetch()
        if guest.connection not in self.guests:
            return shown
        self.fanout.join(guest.connection, room)
        return shown if self.fanout.told_in(room) == told else await fetch()

    async def _unwatch(self, guest: Guest, given: Mapping[str, Any]) -> dict[str, Any]:
        self.fanout.leave(guest.connection, str(given.get("room", "")))
        return {}
