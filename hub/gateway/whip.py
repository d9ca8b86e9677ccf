"""WHIP (RFC 9725) and WHEP: an encoder publishes into a room, a player takes one out of it, with one POST.

The server is ICE-lite and needs no candidates of the client: what trickles in is accepted and of no
consequence; an ICE restart is refused as RFC 9725 says, and the client posts again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
from aiohttp import web

from hub.gateway.http import body_of
from hub.gateway.media import BODY, IceServer, MediaDoor, media_actor
from hub.gateway.problems import problem_response
from hub.gateway.session import DOOR, SECRET_SIZE, address_of
from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, HubError, Malformed, NotFound, Refused
from media.ports import Admission
from media.shapes import Allowed, PeerState

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Post, Accept-Patch",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match, Accept, Accept-Language",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True, slots=True)
class Way:
    """Into a room or out of it."""

    path: str
    allowed: Callable[[Allowed], Allowed | None]
    refusal: Callable[[], Refused]


def _publishes(may: Allowed) -> Allowed | None:
    return msgspec.structs.replace(may, hear=False) if may.talk or may.show else None


def _watches(may: Allowed) -> Allowed | None:
    return msgspec.structs.replace(may, talk=False, show=False, hidden=True) if may.hear else None


def _no_publishing() -> Refused:
    return Forbidden("您在这个房间里没有发布音视频的权限。", "You may not publish into this room.", code="may-not-publish")


def _no_watching() -> Refused:
    return Forbidden("您没有收看这个房间的权限。", "You may not watch this room.", code="may-not-watch")


WHIP = Way("/whip", _publishes, _no_publishing)
WHEP = Way("/whep", _watches, _no_watching)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Shown(Protocol):
    """Credentials that open one room and nothing else: an encoder's key, a viewer's link."""

    async def admitted(self, room: str, secret: str, address: str, at: datetime) -> tuple[Actor, Admission] | None:
        """None: it is none of these. Raises NotSignedIn where it was one, and is not any more."""


class Whip:
    def __init__(self, media: MediaDoor, shown: Shown) -> None:
        self._media, self._shown = media, shown

    def routes(self) -> list[web.RouteDef]:
        return [route for way in (WHIP, WHEP) for route in self._routes(way)]

    def _routes(self, way: Way) -> Iterable[web.RouteDef]:
        endpoint: dict[str, Handler] = {"POST": lambda request: self._begin(request, way), "OPTIONS": _options("POST, OPTIONS")}
        session: dict[str, Handler] = {
            "DELETE": self._end, "PATCH": self._trickle, "OPTIONS": _options("DELETE, PATCH, OPTIONS")}
        yield web.route("*", way.path + "/{room}", _by_method(endpoint))
        yield web.route("*", way.path + "/{room}/{session}", _by_method(session))

    async def _begin(self, request: web.Request, way: Way) -> web.Response:
        _require_type(request, SDP)
        _require_accepted(request)
        room = request.match_info["room"]
        actor, admission = await self._who(request)
        offer = await _text(request)
        if admission is None:
            async with self._media.db.read() as conn:
                admission = await self._media.hosts.admit(conn, room, actor)
        answer, session = await self._joined(way, room, offer, admission, actor)
        headers = {"Location": f"{request.raw_path.partition('?')[0].rstrip('/')}/{session}", "ETag": etag(session),
                   "Accept-Patch": FRAGMENT, "Cache-Control": "no-store"}
        response = web.Response(status=201, body=answer.encode(), content_type=SDP, headers=headers)
        for link in links(self._media.ice):
            response.headers.add("Link", link)
        return response

    async def _joined(self, way: Way, room: str, offer: str, admission: Admission, actor: Actor) -> tuple[str, str]:
        allowed = way.allowed(admission.allowed)
        if allowed is None:
            raise way.refusal()
        session = secrets.token_urlsafe(18)
        joined = await self._media.engine.join(
            peer=f"{admission.ref}@{room}#{session}", room=room, offer=offer, parts={}, name=admission.name, by=actor.id,
            allowed=allowed)
        return joined.answer, session

    async def _end(self, request: web.Request) -> web.Response:
        (actor, _), peer = await self._who(request), self._session(request)
        await self._media.engine.leave(peer.peer, by=actor.id, why="left")
        return web.Response(status=200)

    async def _trickle(self, request: web.Request) -> web.Response:
        await self._who(request)
        self._session(request)
        _require_type(request, FRAGMENT)
        wanted = request.headers.get("If-Match", "")
        if not wanted:
            raise _status(428, "请在 If-Match 中给出会话的 ETag。", "Say the session's ETag in If-Match.", "no-etag")
        if wanted == "*":
            raise Refused("不支持 ICE 重启，请重新发布。", "ICE restarts are not supported; post again.", code="no-ice-restart")
        if wanted != etag(request.match_info["session"]):
            raise _status(412, "ETag 与当前会话不符。", "The ETag is not that of the session.", "other-etag")
        await _text(request)
        return web.Response(status=204)

    async def _who(self, request: web.Request) -> tuple[Actor, Admission | None]:
        """With his admission where his credential names the room."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            door = request.config_dict[DOOR]
            found = await self._shown.admitted(
                request.match_info["room"], secret.strip()[:SECRET_SIZE], address_of(request, door), door.clock.now())
            if found is not None:
                return found
        return await media_actor(request), None

    def _session(self, request: web.Request) -> PeerState:
        end = f"#{request.match_info['session']}"
        found = next((one for one in self._media.engine.present(request.match_info["room"]) if one.peer.endswith(end)), None)
        if found is None:
            raise _no_session()
        return found


def etag(session: str) -> str:
    """Strong; of the one ICE session there is."""
    return f'"{hashlib.sha256(session.encode()).hexdigest()[:20]}"'


def links(ice: Iterable[IceServer]) -> list[str]:
    """As RFC 9725 §4.6 offers STUN and TURN."""
    found = []
    for server in ice:
        for url in server.urls:
            login = f'; username="{server.username}"; credential="{server.credential}"; credential-type="password"' if server.username else ""
            found.append(f'<{url}>; rel="ice-server"{login}')
    return found


def _by_method(handlers: dict[str, Handler]) -> Handler:
    """Every other method is reserved (RFC 9725 §4.1) and answered so. Any page of any site may come, for only what it
    shows itself lets it in: cookies are for our own pages."""

    async def answer(request: web.Request) -> web.StreamResponse:
        handler = handlers.get(request.method)
        try:
            if handler is None:
                raise _status(405, "这个地址不支持该方法。", f"{request.method} is not allowed here.", "http-405")
            response = await handler(request)
        except HubError as error:
            response = problem_response(error, request)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = 'Bearer realm="hub"'
            if error.status == 405:
                response.headers["Allow"] = ", ".join(handlers)
            if error.status == 415:
                response.headers["Accept-Post" if "POST" in handlers else "Accept-Patch"] = SDP if "POST" in handlers else FRAGMENT
        response.headers.update(CORS)
        return response

    return answer


def _options(methods: str) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        patch = {"Accept-Patch": FRAGMENT} if "PATCH" in methods else {"Accept-Post": SDP}
        return web.Response(status=204, headers=PREFLIGHT | patch | {"Access-Control-Allow-Methods": methods, "Allow": methods})

    return answer


def _require_type(request: web.Request, wanted: str) -> None:
    if request.content_type != wanted:
        raise _status(415, f"请以 {wanted} 提交。", f"Send {wanted}.", "wrong-type")


def _require_accepted(request: web.Request) -> None:
    accepted = request.headers.get("Accept", "*/*")
    if not any(word in accepted for word in ("*/*", "application/*", SDP)):
        raise _status(406, f"应答只能是 {SDP}。", f"The answer is {SDP} and nothing else.", "not-acceptable")


async def _text(request: web.Request) -> str:
    raw = await body_of(request, BODY)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed("SDP 不是有效的 UTF-8 文本。", "The SDP is not UTF-8.", code="bad-sdp") from error
    if not text.strip():
        raise Malformed("没有收到 SDP。", "There is no SDP in the body.", code="no-sdp")
    return text


def _no_session() -> NotFound:
    return NotFound("这个发布或收看会话已经结束。", "This session has ended.", code="no-session")


def _status(status: int, zh: str, en: str, code: str) -> Refused:
    refusal = Refused(zh, en, code=code)
    refusal.status = status
    return refusal
