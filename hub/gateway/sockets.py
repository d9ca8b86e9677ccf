"""Live connections: who knocks, what they ask and watch. Socket.IO v5 over websocket only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from aiohttp import web

from hub.access.entries import Entry
from hub.access.sign_in import SignIn
from hub.desk import Desk
from hub.gateway.csrf import require_same_origin
from hub.gateway.live.connection import Connection
from hub.gateway.live.knock import BadKnock, Knock
from hub.gateway.live.server import Close, LiveServer, Refusal
from hub.gateway.problems import language_of, problem
from hub.gateway.session import DoorSettings, address_from, entry_of_handshake
from hub.gateway.views import Views
from hub.kernel.actor import Actor
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
from hub.wire.words import ASK, BYE, TELL, UNWATCH, WATCH, Bye

log = structlog.get_logger()

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

    connection: Connection
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
        self.live = LiveServer(enter=self._arrive, answer=self._answer, left=self._leave)
        self._handlers: dict[str, Handler] = {ASK: self._ask, WATCH: self._watch, UNWATCH: self._unwatch}
        sign_in.on_revoked(self._revoked)

    def tell(self, room: str, frame: bytes) -> None:
        """A listener of the bus: `frame` is the JSON of what is told. Rooms with @ are between processes."""
        if room.startswith("@"):
            return
        self.live.tell(room, TELL, frame)

    async def knock_over_http(self, request: web.Request) -> web.Response:
        """Somebody asks for a live connection where he has spoken HTTP before (a proxy that keeps
        connections): the HTTP server is told that its client has gone, and the transport changes hands."""
        lines = [request.method.encode() + b" " + request.raw_path.encode() + b" HTTP/1.1",
                 *(name + b": " + value for name, value in request.raw_headers)]
        transport, server = request.transport, request.protocol
        if transport is None:
            return web.Response()
        try:
            self.live.protocol().adopt(transport, b"\r\n".join(lines))
        except BadKnock as refusal:
            return web.json_response({"code": 3, "message": str(refusal)}, status=refusal.status)
        server.transport = None
        server.connection_lost(None)
        return web.Response()

    async def _arrive(self, connection: Connection, knock: Knock, auth: Mapping[str, Any]) -> tuple[Guest, str]:
        at, cookies = self._door.clock.now(), knock.cookies
        language = language_of(str(auth.get("language") or knock.headers.get("accept-language", "")))
        peer = connection.transport.get_extra_info("peername")
        address = address_from(peer[0] if peer else "", knock.headers.get("x-forwarded-for", ""), self._door)

        async def prove(now: datetime) -> Entry:
            entry = await entry_of_handshake(self._sign_in, auth, cookies, now)
            return msgspec.structs.replace(entry, actor=msgspec.structs.replace(entry.actor, address=address))

        try:
            require_same_origin(knock.headers.get("origin", ""), knock.host, self._door.public_url)
            guest = Guest(connection, await prove(at), language, prove, at)
        except HubError as error:
            raise Refusal(error.sentence(language), problem(error, language)) from error
        except Exception as error:
            log.exception("unforeseen at the door")
            raise Refusal("error", problem(_broken(), language)) from error
        self._presence.arrive(guest.entry.actor.id, connection.sid, at)
        return guest, _rights(guest.entry.actor)

    def _leave(self, connection: Connection) -> None:
        self._presence.leave(connection.guest.entry.actor.id, connection.sid, self._door.clock.now())

    async def _revoked(self, credential: str) -> None:
        for connection in list(self.live.connections.values()):
            if connection.guest.entry.credential == credential:
                self._dismiss(connection, Bye.REVOKED, Close.REVOKED, AT_ONCE)

    def _dismiss(self, connection: Connection, bye: Bye, code: Close, retry_after: float) -> None:
        self.live.send(connection, BYE, {"code": bye, "retry_after": retry_after, "why": bye})
        self.live.dismiss(connection, code)

    async def hand_over(self) -> None:
        """Guests go in slices, with their sessions, and come back to whoever holds the port then."""
        await self.go_down(retry_after=0.0)

    async def go_down(self, retry_after: float) -> None:
        for connection in list(self.live.connections.values()):
            self._dismiss(connection, Bye.GOING_DOWN, Close.GOING_DOWN, retry_after)

    async def _answer(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        guest: Guest = connection.guest
        try:
            handler = self._handlers.get(event)
            if handler is None:
                raise NotFound(f"没有“{event[:60]}”这个请求。", f"There is no request {event[:60]!r}.", code="unknown-request")
            return {"ok": True, **await self._serve(guest, handler, arguments[0] if arguments else None)}
        except HubError as error:
            return {"ok": False, "problem": problem(error, guest.language)}
        except Exception:
            log.exception("unforeseen", request=event)
            return {"ok": False, "problem": problem(_broken(), guest.language)}

    async def _serve(self, guest: Guest, handler: Handler, given: Any) -> dict[str, Any]:
        if guest.entry.expires and self._door.clock.now() >= guest.entry.expires:
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
        if len(guest.connection.rooms) >= WATCHES and room not in guest.connection.rooms:
            raise TooMany("打开的实时页面太多，请关掉一些。", "Too many live views are open; close some.")
        told = self.live.told_in(room)
        shown = await fetch()
        if guest.connection.sid not in self.live.connections:
            return shown
        self.live.join(guest.connection, room)
        return shown if self.live.told_in(room) == told else await fetch()

    async def _unwatch(self, guest: Guest, given: Mapping[str, Any]) -> dict[str, Any]:
        self.live.leave(guest.connection, str(given.get("room", "")))
        return {}


def _rights(actor: Actor) -> str:
    """Who resumes must be the same person with the same rights: his rooms follow from them."""
    return " ".join((actor.id, *sorted(actor.roles), *sorted(actor.scopes)))


def _broken() -> Broken:
    return Broken("系统内部出错，已记入日志；请稍后再试。", "Something went wrong inside; try again later.", code="unforeseen")
