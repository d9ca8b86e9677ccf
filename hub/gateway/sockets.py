"""Live connections: who knocks, what they ask and watch. Socket.IO v5 over websocket only."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import msgspec
import structlog
from aiohttp import web

from hub.access.entries import Entry
from hub.access.sign_in import SignIn
from hub.access.tokens import token_hash
from hub.bus.port import Bus
from hub.desk import Desk
from hub.gateway.csrf import require_same_origin
from hub.gateway.live.acks import HandOn
from hub.gateway.live.connection import Connection, Stage
from hub.gateway.live.disk import Disk
from hub.gateway.live.door import Door, Limits
from hub.gateway.live.knock import BadKnock, Knock
from hub.gateway.live.server import BUDGET, Entered, LiveServer, Refusal, unheard
from hub.gateway.live.sessions import KEPT_SECONDS, Keep
from hub.gateway.problems import language_of, problem
from hub.gateway.session import DoorSettings, address_from, entry_of_handshake, shown_at_the_door
from hub.gateway.under_way import UnderWay
from hub.gateway.views import Views
from hub.gateway.watching import Watching
from hub.kernel.actor import Actor, Role
from hub.kernel.errors import (
    Broken,
    HubError,
    Malformed,
    NotFound,
    NotSignedIn,
    TooMany,
    TryAgain,
)
from hub.presence.port import Presence
from hub.wire.codec import convert
from hub.wire.words import ASK, UNWATCH, WATCH, Bye, Close

log = structlog.get_logger()

UNDER_WAY = 32
WAIT_SECONDS = 30.0
AT_ONCE = 0.2
SLICE, BETWEEN_SLICES = 500, 0.1
FINISH_SECONDS = 5.0
"""So long who hands over waits for what was asked before."""
COME_BACK = (1.0, 3.0)
"""Seconds, by chance, until guests of a hub that goes down shall try again."""
BUDGETS = {Role.DEPUTY: 2**20}
"""A person's phone; everybody else who works here has BUDGET."""
PROVED_FOR = timedelta(minutes=5)
REVOKED_FOR = timedelta(seconds=2 * KEPT_SECONDS)
"""Remembered for longer than a session can be resumed."""
NEVER = datetime.min.replace(tzinfo=UTC)

Handler = Callable[[Connection, Mapping[str, Any]], Awaitable[dict[str, Any]]]


Prove = Callable[[datetime], Awaitable[Entry]]


@dataclass(slots=True)
class Guest:
    """`prove` goes to the door again: what is used only through its socket is in use all the same. Nothing here
    refers to the connection: who leaves is gone at once, and no garbage that must be looked for."""

    entry: Entry
    language: str
    prove: Prove
    proved_at: datetime
    under_way: int = 0


class Card(msgspec.Struct, frozen=True):
    """What the door has seen: a hash of what was shown there, and who it was."""

    shown: bytes
    entry: Entry


CARD = msgspec.json.Decoder(Card)


class Sockets:
    def __init__(
        self, *, desk: Desk, views: Views, sign_in: SignIn, door: DoorSettings, presence: Presence,
        limits: Limits | None = None, bus: Bus, keep: Keep, reached: HandOn = unheard,
    ) -> None:
        self._desk, self._sign_in, self._door, self._presence = desk, sign_in, door, presence
        self.live = LiveServer(enter=self._arrive, answer=self._answer, left=self._leave, door=Door(limits or Limits()),
                               address_of=self._address_of, too_much=_too_much, bus=bus, keep=keep,
                               again=self._again, arrived=self._arrived, reached=reached)
        if isinstance(keep, Disk):
            keep.restore(self.live.sessions, self.live.rooms, time.monotonic())
        self._revoked_lately: dict[str, datetime] = {}
        self.requests = UnderWay()
        self.stop_accepting: Callable[[], None] = lambda: None
        watching = Watching(self.live, views, door.clock)
        self._handlers: dict[str, Handler] = {ASK: self._ask, WATCH: watching.watch, UNWATCH: watching.unwatch}
        self._gone: set[str] = set()
        sign_in.on_revoked(self._revoked)
        sign_in.access.entries.dismissers.append(self._leaves)

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
            return web.json_response({"code": 3, "message": str(refusal)}, status=refusal.status,
                                     headers={"Retry-After": str(ceil(refusal.retry_after))} if refusal.retry_after else {})
        server.transport = None
        server.connection_lost(None)
        return web.Response()

    async def _arrive(self, connection: Connection, knock: Knock, auth: Mapping[str, Any]) -> Entered:
        at, language, cookies = self._door.clock.now(), _language(knock, auth), knock.cookies
        try:
            require_same_origin(knock.headers.get("origin", ""), knock.host, self._door.public_url)
            prove = self._prover(connection.address, auth, cookies)
            guest = Guest(await prove(at), language, prove, at)
            self._take_in(connection, guest.entry.actor)
        except HubError as error:
            raise Refusal(error.sentence(language), problem(error, language)) from error
        except Exception as error:
            log.exception("unforeseen at the door")
            raise Refusal("error", problem(_broken(), language)) from error
        card = Card(_hash(shown_at_the_door(auth, cookies)), guest.entry)
        return Entered(guest, _rights(guest.entry.actor), msgspec.json.encode(card).decode())

    def _again(self, connection: Connection, knock: Knock, auth: Mapping[str, Any], card: str) -> Entered | None:
        """Who comes back shortly with the same credential, which was not revoked meanwhile: he is asked for a
        new proof with the first thing he asks for, as if he had stayed."""
        cookies, at = knock.cookies, self._door.clock.now()
        try:
            known = CARD.decode(card)
            require_same_origin(knock.headers.get("origin", ""), knock.host, self._door.public_url)
            if known.shown != _hash(shown_at_the_door(auth, cookies)):
                return None
            if known.entry.credential in self._revoked_lately or known.entry.actor.id in self._revoked_lately:
                return None
            if known.entry.expires and at >= known.entry.expires:
                return None
            entry = _at_address(known.entry, connection.address)
            self._take_in(connection, entry.actor)
        except (HubError, msgspec.DecodeError):
            return None
        guest = Guest(entry, _language(knock, auth), self._prover(connection.address, auth, cookies), NEVER)
        return Entered(guest, _rights(entry.actor), card)

    def _prover(self, address: str, auth: Mapping[str, Any], cookies: Mapping[str, str]) -> Prove:
        async def prove(now: datetime) -> Entry:
            return _at_address(await entry_of_handshake(self._sign_in, auth, cookies, now), address)

        return prove

    def _arrived(self, connection: Connection) -> None:
        self._presence.arrive(connection.guest.entry.actor.id, connection.sid, self._door.clock.now())

    def _address_of(self, peer: str, knock: Knock | None) -> str | None:
        if knock is None:
            return None if peer in self._door.proxies else peer
        return address_from(peer, knock.headers.get("x-forwarded-for", ""), self._door)

    def _take_in(self, connection: Connection, actor: Actor) -> None:
        """Nothing is awaited from here until he stands among the guests, so what is counted is given back."""
        if connection.stage is Stage.GONE:
            raise NotSignedIn("连接已断开。", "The connection has ended.")
        if not self.live.door.enter(connection.address, actor.id):
            raise TooMany("这个账号打开的连接太多，请关掉一些再试。", "This account has too many connections open; close some.",
                          code="too-many-connections")
        connection.account = actor.id
        connection.budget = min((BUDGETS.get(role, BUDGET) for role in actor.roles), default=BUDGET)

    def _leave(self, connection: Connection) -> None:
        self._presence.leave(connection.guest.entry.actor.id, connection.sid, self._door.clock.now())

    async def _revoked(self, credential: str) -> None:
        self._bar([credential])
        for connection in list(self.live.connections.values()):
            if connection.guest.entry.credential == credential:
                self.live.dismiss(connection, Bye.REVOKED, Close.REVOKED, AT_ONCE)

    def _bar(self, credentials: Iterable[str]) -> None:
        now = self._door.clock.now()
        self._revoked_lately = {known: at for known, at in self._revoked_lately.items() if at > now - REVOKED_FOR}
        self._revoked_lately.update(dict.fromkeys(credentials, now))

    def _leaves(self, actor: str) -> None:
        """Many may leave at once: everybody is looked at once for all of them."""
        if not self._gone:
            asyncio.get_running_loop().call_soon(self._dismiss_gone)
        self._gone.add(actor)

    def _dismiss_gone(self) -> None:
        gone, self._gone = self._gone, set()
        self._bar(gone)
        for connection in list(self.live.connections.values()):
            if connection.guest.entry.actor.id in gone:
                self.live.dismiss(connection, Bye.REVOKED, Close.REVOKED, AT_ONCE)

    async def hand_over(self) -> None:
        """To whoever holds the port from now on: guests go in slices, with their sessions; last those
        who still wait for an answer, over HTTP too."""
        self.stop_accepting()
        self.requests.leave()
        idle = [connection for connection in self.live.connections.values() if not connection.guest.under_way]
        for start in range(0, len(idle), SLICE):
            for connection in idle[start:start + SLICE]:
                if not connection.guest.under_way:
                    self._send_away(connection, (0.0, AT_ONCE))
            await asyncio.sleep(BETWEEN_SLICES)
        await self._finished(FINISH_SECONDS)
        for connection in list(self.live.connections.values()):
            self._send_away(connection, (0.0, AT_ONCE))
        await self.requests.finished()

    async def go_down(self, seconds: float) -> None:
        """At once, but for what is being answered; `seconds` bounds that."""
        for connection in list(self.live.connections.values()):
            if not connection.guest.under_way:
                self._send_away(connection, COME_BACK)
        await self._finished(seconds)
        for connection in list(self.live.connections.values()):
            self._send_away(connection, COME_BACK)

    def _send_away(self, connection: Connection, between: tuple[float, float]) -> None:
        self.live.part(connection, Bye.GOING_DOWN, Close.GOING_DOWN, round(random.uniform(*between), 2))

    async def _finished(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(connection.guest.under_way for connection in self.live.connections.values()):  # noqa: ASYNC110 - asked for a moment, at the end
                    await asyncio.sleep(0.02)
        await asyncio.sleep(0)  # the last answers are written in the next step of their tasks

    async def _answer(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        guest: Guest = connection.guest
        try:
            handler = self._handlers.get(event)
            if handler is None:
                raise NotFound(f"没有“{event[:60]}”这个请求。", f"There is no request {event[:60]!r}.", code="unknown-request")
            return {"ok": True, **await self._serve(connection, handler, arguments[0] if arguments else None)}
        except HubError as error:
            return {"ok": False, "problem": problem(error, guest.language)}
        except Exception:
            log.exception("unforeseen", request=event)
            return {"ok": False, "problem": problem(_broken(), guest.language)}

    async def _serve(self, connection: Connection, handler: Handler, given: Any) -> dict[str, Any]:
        guest: Guest = connection.guest
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
                return await handler(connection, given)
        except TimeoutError:
            raise TryAgain("这次操作用时太长，请稍后用同一编号重试。",
                           "This took too long; send the same id again shortly.", code="too-slow") from None
        finally:
            guest.under_way -= 1

    async def _prove_again(self, guest: Guest) -> None:
        now = self._door.clock.now()
        if now >= guest.proved_at + PROVED_FOR:
            guest.entry = await guest.prove(now)
            guest.proved_at = now

    async def _ask(self, connection: Connection, given: Mapping[str, Any]) -> dict[str, Any]:
        fields = dict(given)
        rule = self._desk.rule(str(fields.pop("type", "")))
        return {"result": await self._desk.ask(convert(fields, rule.command), connection.guest.entry.actor)}


def _language(knock: Knock, auth: Mapping[str, Any]) -> str:
    return language_of(str(auth.get("language") or knock.headers.get("accept-language", "")))


def _at_address(entry: Entry, address: str) -> Entry:
    return msgspec.structs.replace(entry, actor=msgspec.structs.replace(entry.actor, address=address))


def _hash(shown: tuple[str, str] | None) -> bytes:
    return b"" if shown is None else token_hash(":".join(shown))


def _rights(actor: Actor) -> str:
    """Who resumes must be the same person with the same rights: his rooms follow from them."""
    return " ".join((actor.id, *sorted(actor.roles), *sorted(actor.scopes)))


def _too_much(connection: Connection, wait: float) -> dict[str, Any]:
    refusal = TooMany("操作太频繁，请稍等片刻再试。", "Too many requests; wait a moment and try again.", code="too-fast")
    return {"ok": False, "problem": problem(refusal, connection.guest.language) | {"retry_after": round(max(wait, 0.1), 1)}}


def _broken() -> Broken:
    return Broken("系统内部出错，已记入日志；请稍后再试。", "Something went wrong inside; try again later.", code="unforeseen")
