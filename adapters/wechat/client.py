"""The vendor's HTTP interface. wechatpy's client is synchronous, so only its crypto is used."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

import aiohttp
import msgspec

from adapters.http import Unreached, in_flight, tracing
from adapters.wechat.settings import WechatSettings
from adapters.wechat.tables import STALE_TOKEN
from dispatch.ports import Unsure
from hub.kernel.clock import Clock

LARGEST_ANSWER = 256 * 1024
EARLY = timedelta(minutes=5)
FORCE_PAUSE = timedelta(seconds=30)
"""The vendor refuses forced refreshes that follow each other faster, and more than 20 a day."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Every answer of the vendor that we use, in one shape."""

    errcode: int = 0
    errmsg: str = ""
    msgid: int = 0
    access_token: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    expires_in: int = 0
    openid: str = ""
    unionid: str = ""
    subscribe: int = 0


class NoToken(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.errmsg)
        self.reply = reply


class WechatClient:
    """One account. `stable_token` is used, so several hubs may share it without fighting."""

    def __init__(self, settings: WechatSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._token = ""
        self._good_until: datetime | None = None
        self._forced_at: datetime | None = None
        self._renewing = asyncio.Lock()

    async def send_template(self, message: Mapping[str, object]) -> Reply:
        """Raises Unsure or Unreached; NoToken when there is no token to be had."""
        return await self._with_token("POST", "/cgi-bin/message/template/send", message, {})

    async def follower(self, openid: str) -> Reply:
        """`subscribe` is 1 for somebody who follows the account."""
        return await self._with_token("GET", "/cgi-bin/user/info", None, {"openid": openid})

    async def openid_of(self, code: str) -> Reply:
        asked = {
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        return await self._call("GET", "/sns/oauth2/access_token", None, asked)

    async def _with_token(
        self, method: str, path: str, body: object, query: Mapping[str, str]
    ) -> Reply:
        token = await self._fresh(stale="")
        reply = await self._call(method, path, body, {"access_token": token, **query})
        if reply.errcode not in STALE_TOKEN:
            return reply
        token = await self._fresh(stale=token)
        return await self._call(method, path, body, {"access_token": token, **query})

    async def _fresh(self, stale: str) -> str:
        """One refresh however many ask at once: whoever waited finds the new token."""
        async with self._renewing:
            now = self._clock.now()
            good = self._good_until is not None and now < self._good_until
            if not good or self._token == stale:
                await self._renew(now, force=bool(stale) and self._may_force(now))
            return self._token

    def _may_force(self, now: datetime) -> bool:
        return self._forced_at is None or now - self._forced_at >= FORCE_PAUSE

    async def _renew(self, now: datetime, *, force: bool) -> None:
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "force_refresh": force,
        }
        try:
            reply = await self._call("POST", "/cgi-bin/stable_token", asked, {})
        except Unsure as error:
            # Asking for a token hands no message over.
            raise Unreached(f"no token: {error}") from error
        if not reply.access_token:
            raise NoToken(reply)
        if force:
            self._forced_at = now
        self._token = reply.access_token
        # The vendor makes the next token five minutes early, and both are good meanwhile.
        self._good_until = now + max(timedelta(seconds=reply.expires_in) - EARLY, EARLY)

    async def _call(
        self, method: str, path: str, body: object, query: Mapping[str, str]
    ) -> Reply:
        url = self._settings.base_url.rstrip("/") + path
        sent = None if body is None else msgspec.json.encode(body)
        async with in_flight(self._settings.seconds):
            async with self._web().request(method, url, params=query, data=sent) as answer:
                text = await answer.content.read(LARGEST_ANSWER)
                if answer.status >= 500:
                    raise ValueError(f"HTTP {answer.status}")
            return msgspec.json.decode(text, type=Reply)

    def _web(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                trace_configs=[tracing()],
                headers={"Content-Type": "application/json; charset=utf-8"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
