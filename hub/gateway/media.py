"""The doors of voice and picture: join and leave, WHIP (RFC 9725) and WHEP, listeners over a WebSocket."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.access.sign_in import SignIn
from hub.gateway.csrf import require_same_origin
from hub.gateway.http import body_of, json
from hub.gateway.listeners import PROTOCOL, Listeners
from hub.gateway.session import DOOR, SECRET_SIZE, SIGN_IN, actor_of, address_of
from hub.kernel.actor import Actor
from hub.kernel.errors import Malformed, NotSignedIn
from hub.record import Database
from hub.wire.codec import decode
from media.engine import Engine
from media.hosts import Hosts
from media.names import peer_id
from media.ports import PUBLIC
from media.shapes import Part, SourceId

BODY = 256 * 1024
KEY_PREFIXES = {"ak_": "key", "dk_": "device"}


class JoinWish(msgspec.Struct, frozen=True, kw_only=True):
    """`roles`: what each m-line is for, by mid. `nonce`: the same on every join of this device."""

    offer: Annotated[str, Meta(max_length=200_000)]
    nonce: str
    roles: Mapping[str, Part] = {}


class TilesWish(msgspec.Struct, frozen=True, kw_only=True):
    wanted: Annotated[tuple[SourceId, ...], Meta(max_length=32)] | None = None
    large: Annotated[int, Meta(ge=0, le=32)] = 1


class IceServer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""


async def media_actor(request: web.Request) -> Actor:
    """As everywhere; and a bearer may also show a device's key or a signed link, as encoders and players can
    show nothing else. Without a credential that still holds: PUBLIC, for whom only public rooms are open."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await bearer(request, secret.strip())
    try:
        return await actor_of(request)
    except NotSignedIn:
        if scheme:
            raise
        return PUBLIC


async def bearer(request: web.Request, secret: str) -> Actor:
    """Raises NotSignedIn."""
    sign_in: SignIn = request.config_dict[SIGN_IN]
    door = request.config_dict[DOOR]
    entry = await sign_in.enter(KEY_PREFIXES.get(secret[:3], "link"), secret[:SECRET_SIZE], door.clock.now())
    return msgspec.structs.replace(entry.actor, address=address_of(request, door))


class MediaDoor:
    def __init__(self, engine: Engine, hosts: Hosts, db: Database, ice: tuple[IceServer, ...] = ()) -> None:
        self.engine, self.hosts, self.db, self.ice = engine, hosts, db, ice
        self.listeners = Listeners(engine)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/media/config", self._config),
            web.post("/api/media/rooms/{room}/join", self._join),
            web.get("/api/media/rooms/{room}/listen", self._listen),
            web.delete("/api/media/peers/{peer}", self._leave),
            web.post("/api/media/peers/{peer}/leave", self._leave),
            web.post("/api/media/peers/{peer}/tiles", self._tiles),
        ]

    async def _config(self, request: web.Request) -> web.Response:
        await media_actor(request)
        return json({"ice_servers": self.ice, "on": not self.engine.away})

    async def _join(self, request: web.Request) -> web.Response:
        actor, room = await media_actor(request), request.match_info["room"]
        wish = decode(await _json_body(request), JoinWish)
        async with self.db.read() as conn:
            admission = await self.hosts.admit(conn, room, actor)
        joined = await self.engine.join(
            peer=peer_id(admission.ref, room, wish.nonce), room=room, offer=wish.offer, parts=wish.roles, name=admission.name,
            by=actor.id, allowed=admission.allowed)
        return json({"answer": joined.answer, "lines": joined.lines, "peer": joined.peer.peer, "state": joined.peer,
                     "floor": joined.floor}, 201)

    async def _leave(self, request: web.Request) -> web.Response:
        actor = await media_actor(request)
        await self.engine.leave(request.match_info["peer"], by=actor.id, why="left")
        return json({})

    async def _tiles(self, request: web.Request) -> web.Response:
        actor = await media_actor(request)
        wish = decode(await _json_body(request), TilesWish)
        await self.engine.tiles(request.match_info["peer"], actor.id, wish.wanted, wish.large)
        return json({})

    async def _listen(self, request: web.Request) -> web.WebSocketResponse:
        door = request.config_dict[DOOR]
        require_same_origin(request.headers.get("Origin", ""), request.host, door.public_url)
        shown = shown_in_protocols(request.headers.get("Sec-WebSocket-Protocol", ""))
        actor = await self._shown(request, shown) if shown else await media_actor(request)
        async with self.db.read() as conn:
            await self.hosts.admit(conn, request.match_info["room"], actor)
        return await self.listeners.serve(request, request.match_info["room"])

    async def _shown(self, request: web.Request, shown: str) -> Actor:
        scheme, _, secret = shown.partition(" ")
        prefixed = {"device": "device", "link": "link", "bearer": "key"}.get(scheme.lower(), "")
        sign_in, door = request.config_dict[SIGN_IN], request.config_dict[DOOR]
        entry = await sign_in.enter(prefixed or "link", secret.strip()[:SECRET_SIZE], door.clock.now())
        return msgspec.structs.replace(entry.actor, address=address_of(request, door))


def shown_in_protocols(header: str) -> str:
    """A browser cannot set the Authorization header of a WebSocket: it stands among the protocols
    as `hub.<base64url>`. "" where it does not."""
    for one in header[:2000].split(","):
        word = one.strip()
        if word.startswith("hub.") and word != PROTOCOL:
            coded = word.removeprefix("hub.")
            try:
                return base64.urlsafe_b64decode((coded + "=" * (-len(coded) % 4)).replace("+", "-").replace("/", "_")).decode()
            except (binascii.Error, ValueError, UnicodeDecodeError):
                return ""
    return ""


async def _json_body(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise Malformed("请以 application/json 提交。", "Send application/json.", code="not-json")
    return await body_of(request, BODY)
