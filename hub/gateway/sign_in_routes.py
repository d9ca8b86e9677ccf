"""Signing in and out over HTTP, and who am I."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.access.entries import Entry, Session
from hub.access.model import permissions
from hub.access.sign_in import SignIn
from hub.access.tokens import csrf_token, make_state, state_holds
from hub.gateway.csrf import require_same_origin
from hub.gateway.session import (
    COOKIE,
    LINK_COOKIE,
    OWED,
    Banner,
    DoorSettings,
    WechatDoor,
    address_of,
    by_cookies,
    entry_of,
    is_secure,
)
from hub.kernel.actor import Permission, Role
from hub.kernel.errors import HubError, Malformed, NotFound, NotSignedIn, TooLarge

T = TypeVar("T", bound=msgspec.Struct)

BODY_SIZE = 4096
BODY_SECONDS = 10
WECHAT_SECONDS = 10
WECHAT_COOKIE = "hub_wechat"
DEPUTY_PAGE = "/deputy/"
NO_STORE = {"Cache-Control": "no-store"}


class SignInBody(msgspec.Struct, frozen=True, kw_only=True):
    login: Annotated[str, Meta(min_length=1, max_length=60)]
    password: Annotated[str, Meta(min_length=1, max_length=200)]
    code: Annotated[str, Meta(max_length=10)] | None = None


class LinkBody(msgspec.Struct, frozen=True, kw_only=True):
    token: Annotated[str, Meta(min_length=1, max_length=200)]


class LinkAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The same whatever came of it: nobody learns here whether a link was ever good, or whose it is."""

    zh: str
    en: str


LINK_ASKED = LinkAsked(
    zh="如果这条链接是发给您的，新的链接很快会发到您登记的手机或微信；一天最多三次。没有收到请联系联络站。",
    en="If this link was sent to you, a new one will soon reach the telephone or WeChat we have on record, at most "
       "three times a day. If nothing comes, ask your liaison station.",
)


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """`owes`: what must be done first ("password", "totp"); until then `permissions` is `self` alone.
    `org`: the organisation one acts for. `csrf` and `session` are empty for keys."""

    id: str
    name: str
    roles: tuple[Role, ...]
    scopes: tuple[str, ...]
    permissions: tuple[Permission, ...]
    org: str | None
    banners: tuple[Banner, ...]
    csrf: str
    session: UUID | None
    expires: datetime | None
    owes: tuple[str, ...]


class SignedIn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`delivery`: the page that the link opens."""

    me: Me
    delivery: UUID | None = None


def sign_in_routes(sign_in: SignIn, settings: DoorSettings) -> list[web.RouteDef]:
    """The application also needs `app[SIGN_IN]` and `app[DOOR]` (hub.gateway.session)."""
    rooms = _Routes(sign_in, settings)
    return [
        web.post("/api/sign-in", rooms.sign_in),
        web.post("/api/sign-in/link", rooms.sign_in_by_link),
        web.post("/api/links/renew", rooms.renew_link),
        web.post("/api/sign-out", rooms.sign_out),
        web.get("/api/me", rooms.me),
        web.get("/api/wechat/login", rooms.wechat_login),
        web.get("/api/wechat/back", rooms.wechat_back),
    ]


class _Routes:
    def __init__(self, sign_in: SignIn, settings: DoorSettings) -> None:
        self._sign_in = sign_in
        self._settings = settings

    async def sign_in(self, request: web.Request) -> web.Response:
        body = await self._body(request, SignInBody)
        session, token = await self._sign_in.sign_in(
            body.login, body.password, body.code or None, self._address(request), _agent(request), self._now()
        )
        return await self._signed_in(request, session, COOKIE, token)

    async def sign_in_by_link(self, request: web.Request) -> web.Response:
        body = await self._body(request, LinkBody)
        entry, session, token = await self._sign_in.open_by_link(
            body.token, self._address(request), _agent(request), self._now()
        )
        return await self._signed_in(request, session, LINK_COOKIE, token, entry.delivery)

    async def renew_link(self, request: web.Request) -> web.Response:
        body = await self._body(request, LinkBody)
        await self._sign_in.renew_link(body.token, self._address(request), self._now())
        return _json(LINK_ASKED)

    async def sign_out(self, request: web.Request) -> web.Response:
        entry = await entry_of(request)
        name = COOKIE if entry.session and entry.session.account else LINK_COOKIE
        await self._sign_in.sign_out(request.cookies.get(name, ""), self._now())
        response = web.json_response({}, headers=NO_STORE)
        response.del_cookie(name, path="/")
        return response

    async def me(self, request: web.Request) -> web.Response:
        return _json(await self._me(await entry_of(request)))

    # --- WeChat -----------------------------------------------------------------------------------

    async def wechat_login(self, request: web.Request) -> web.Response:
        """To WeChat and back. Who came by a link binds his WeChat to himself; who did not is recognised."""
        wechat = self._wechat()
        browser = secrets.token_urlsafe(16)
        state = make_state(self._sign_in.access.key, browser, self._now())
        response = web.Response(status=302, headers=NO_STORE | {"Location": wechat.authorize_url(state)})
        response.set_cookie(
            WECHAT_COOKIE, browser, max_age=600, httponly=True, samesite="Lax",
            secure=is_secure(request, self._settings), path="/api/wechat/",
        )
        return response

    async def wechat_back(self, request: web.Request) -> web.Response:
        """A person looks at this one: what goes wrong leads to the page, which says it in words."""
        try:
            session, token = await self._by_wechat(request)
        except HubError as problem:
            return _see_other(f"{DEPUTY_PAGE}?problem={problem.code}")
        except TimeoutError:
            return _see_other(f"{DEPUTY_PAGE}?problem=wechat-away")
        response = _see_other(DEPUTY_PAGE)
        response.del_cookie(WECHAT_COOKIE, path="/api/wechat/")
        self._set_cookie(request, response, LINK_COOKIE, token, session)
        return response

    async def _by_wechat(self, request: web.Request) -> tuple[Session, str]:
        wechat, at = self._wechat(), self._now()
        browser, state = request.cookies.get(WECHAT_COOKIE, ""), request.query.get("state", "")
        code = request.query.get("code", "")
        if not code or len(code) > 200 or not state_holds(self._sign_in.access.key, browser, state, at):
            raise _wechat_refused("wechat-state")
        async with asyncio.timeout(WECHAT_SECONDS):
            openid = await wechat.openid_of(code)
        await self._bind(request, wechat, openid, at)
        found = await self._sign_in.open_by_openid(openid, self._address(request), _agent(request), at)
        if found is None:
            raise _wechat_refused("wechat-unknown")
        return found

    async def _bind(self, request: web.Request, wechat: WechatDoor, openid: str, at: datetime) -> None:
        try:
            entry = await by_cookies(self._sign_in, request.cookies, "deputy", at)
        except NotSignedIn:
            return
        person = entry.session.person if entry.session else None
        if person:
            actor = msgspec.structs.replace(entry.actor, address=self._address(request))
            await wechat.bind(person, openid, actor)

    def _wechat(self) -> WechatDoor:
        if self._settings.wechat is None:
            raise NotFound(
                "本系统没有开通微信登录，请从收到的链接进入。",
                "Signing in by WeChat is not set up here; use the link you were sent.", code="wechat-off",
            )
        return self._settings.wechat

    # --- what they share --------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._settings.clock.now()

    def _address(self, request: web.Request) -> str:
        return address_of(request, self._settings)

    async def _body(self, request: web.Request, shape: type[T]) -> T:
        """Only JSON of our own pages: a form of another site cannot sign somebody in as its owner."""
        require_same_origin(request.headers.get("Origin", ""), request.host, self._settings.public_url)
        if request.content_type != "application/json":
            raise _malformed("Content-Type")
        if (request.content_length or 0) > BODY_SIZE:
            raise TooLarge("登录内容过大，请重新填写。", "This is too large for a sign-in; fill it in again.")
        async with asyncio.timeout(BODY_SECONDS):
            raw = await request.read()
        try:
            return msgspec.json.decode(raw, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _malformed(str(error)) from error

    async def _signed_in(
        self, request: web.Request, session: Session, cookie: str, token: str, delivery: UUID | None = None
    ) -> web.Response:
        entry = await self._sign_in.enter("cookie", token, self._now())
        response = _json(SignedIn(me=await self._me(entry), delivery=delivery))
        self._set_cookie(request, response, cookie, token, session)
        return response

    def _set_cookie(
        self, request: web.Request, response: web.Response, name: str, token: str, session: Session
    ) -> None:
        """Lax for links: they are opened from inside another app."""
        response.set_cookie(
            name, token, max_age=int((session.expires - self._now()).total_seconds()), path="/", httponly=True,
            secure=is_secure(request, self._settings), samesite="Strict" if name == COOKIE else "Lax",
        )

    async def _me(self, entry: Entry) -> Me:
        actor, session = entry.actor, entry.session
        owes = session.owes if session else ()
        return Me(
            id=actor.id, name=actor.name, roles=actor.roles, scopes=actor.scopes,
            permissions=tuple(sorted(permissions(actor.roles))), org=await self._sign_in.org_of(actor),
            banners=self._settings.banners + tuple(OWED[owed] for owed in owes), owes=owes,
            csrf=csrf_token(self._sign_in.access.key, session.id) if session else "",
            session=session.id if session else None, expires=entry.expires,
        )


def _agent(request: web.Request) -> str:
    return request.headers.get("User-Agent", "")


def _json(body: msgspec.Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json", headers=NO_STORE)


def _see_other(place: str) -> web.Response:
    return web.Response(status=303, headers=NO_STORE | {"Location": place})


def _malformed(what: str) -> Malformed:
    return Malformed(f"登录请求的格式不对（{what}），请刷新页面后再试。",
                     f"The sign-in request has not the agreed shape ({what}); reload the page and try again.")


def _wechat_refused(code: str) -> NotSignedIn:
    return NotSignedIn(
        "微信登录没有成功：请先从收到的链接进入一次并绑定微信，再用微信登录。",
        "Signing in by WeChat did not work: come in once by the link you were sent, bind WeChat, then use it.",
        code=code,
    )
