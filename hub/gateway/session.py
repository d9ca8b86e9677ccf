"""From a request, or a socket's handshake, to the Actor behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web

from hub.access import model
from hub.access.entries import Entry
from hub.access.sign_in import SignIn
from hub.gateway.csrf import HEADER, SAFE, require_csrf, require_same_origin
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock, SystemClock

COOKIE = "hub_session"
LINK_COOKIE = "hub_link"
APP_HEADER, APP_QUERY = "X-Hub-App", "app"
"""Which page asks, where one browser has signed in to several; a link or a picture says it in its address."""
COOKIES_OF = {"deputy": (LINK_COOKIE,), "console": (COOKIE,)}
DEPUTY_PAGES = ("/deputy/", "/d/")
SECRET_SIZE = 300
SCHEMES = {"device": "device", "bearer": "key", "link": "link"}


class Banner(msgspec.Struct, frozen=True):
    code: str
    zh: str
    en: str


TOTP_OFF = Banner(
    "totp-off",
    "演示模式：登录未要求动态验证码。正式使用前请开启第二因素。",
    "Demo mode: signing in asks for no second factor. Turn it on before real use.",
)
OWED = {
    "password": Banner("change-password", "这是初始密码，请先修改密码。", "This is a first password; change it first."),
    "totp": Banner("enrol-totp", "您的角色需要动态验证码，请先绑定。", "Your role needs a second factor; enrol it first."),
}


@dataclass(frozen=True, kw_only=True)
class WechatDoor:
    """`openid_of` trades WeChat's code for an openid; `bind` writes it to the person."""

    authorize_url: Callable[[str], str]
    openid_of: Callable[[str], Awaitable[str]]
    bind: Callable[[UUID, str, Actor], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class DoorSettings:
    """`public_url`: what browsers see, when a proxy stands in between. Only `proxies` are believed
    about the address of who asks."""

    public_url: str = ""
    proxies: frozenset[str] = frozenset()
    banners: tuple[Banner, ...] = ()
    wechat: WechatDoor | None = None
    clock: Clock = field(default_factory=SystemClock)


SIGN_IN = web.AppKey("sign_in", SignIn)
DOOR = web.AppKey("door", DoorSettings)


def banners(*, totp: bool) -> tuple[Banner, ...]:
    return () if totp else (TOTP_OFF,)


async def actor_of(request: web.Request) -> Actor:
    """Raises NotSignedIn; Forbidden for an unsafe method by cookie without its CSRF header."""
    return (await entry_of(request)).actor


async def entry_of(request: web.Request) -> Entry:
    sign_in, door = request.config_dict[SIGN_IN], request.config_dict[DOOR]
    at = door.clock.now()
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        entry = await _by_header(sign_in, scheme, secret.strip(), at)
    else:
        entry = await by_cookies(sign_in, request.cookies, app_of(request), at)
        _require_own_page(request, sign_in, door, entry)
    actor = msgspec.structs.replace(entry.actor, address=address_of(request, door))
    return msgspec.structs.replace(entry, actor=actor)


async def entry_of_handshake(
    sign_in: SignIn, auth: Mapping[str, Any], cookies: Mapping[str, str], at: datetime
) -> Entry:
    """The caller checks the Origin header (require_same_origin)."""
    shown = shown_at_the_door(auth, cookies)
    if shown is None:
        raise model.not_signed_in()
    return await sign_in.enter(*shown, at)


def shown_at_the_door(auth: Mapping[str, Any], cookies: Mapping[str, str]) -> tuple[str, str] | None:
    """(door, secret) of a socket's `auth`: {"device"}, {"link"}, {"key"}, or a cookie, where
    {"as": "deputy"} asks for the deputy's."""
    for door in ("device", "link", "key"):
        secret = auth.get(door)
        if isinstance(secret, str) and secret:
            return door, secret[:SECRET_SIZE]
    return _cookie(cookies, "deputy" if auth.get("as") == "deputy" else "")


async def by_cookies(sign_in: SignIn, cookies: Mapping[str, str], app: str, at: datetime) -> Entry:
    shown = _cookie(cookies, app)
    if shown is None:
        raise model.not_signed_in()
    return await sign_in.enter(*shown, at)


def _cookie(cookies: Mapping[str, str], app: str) -> tuple[str, str] | None:
    token = next((cookies[name] for name in COOKIES_OF.get(app, (COOKIE, LINK_COOKIE)) if cookies.get(name)), "")
    return ("cookie", token[:SECRET_SIZE]) if token else None


def app_of(request: web.Request) -> str:
    if said := request.headers.get(APP_HEADER) or request.query.get(APP_QUERY):
        return said
    _, _, page = request.headers.get("Referer", "").partition(request.host)
    return "deputy" if page.startswith(DEPUTY_PAGES) else ""


def address_of(request: web.Request, door: DoorSettings) -> str:
    return address_from(request.remote or "", request.headers.get("X-Forwarded-For", ""), door)


def address_from(remote: str, forwarded: str, door: DoorSettings) -> str:
    if remote in door.proxies and forwarded:
        return forwarded.rpartition(",")[2].strip()[:64]
    return remote


def is_secure(request: web.Request, door: DoorSettings) -> bool:
    return request.secure or door.public_url.startswith("https:")


async def _by_header(sign_in: SignIn, scheme: str, secret: str, at: datetime) -> Entry:
    door = SCHEMES.get(scheme.lower())
    if door is None or not secret:
        raise model.not_signed_in()
    return await sign_in.enter(door, secret[:SECRET_SIZE], at)


def _require_own_page(request: web.Request, sign_in: SignIn, door: DoorSettings, entry: Entry) -> None:
    if request.method in SAFE or entry.session is None:
        return
    require_same_origin(request.headers.get("Origin", ""), request.host, door.public_url)
    require_csrf(sign_in.access.key, entry.session.id, request.headers.get(HEADER, ""))
