"""The doors of the simulated WeChat: the HTTP status is 200 whatever happens; the code is inside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from yarl import URL

from scripts.carriers_sim import gate
from scripts.carriers_sim.gate import Gate
from scripts.carriers_sim.people import WechatHabit, fate
from scripts.carriers_sim.store import Notice
from scripts.carriers_sim.twilio_json import answer
from scripts.carriers_sim.wechat_push import Pusher
from scripts.carriers_sim.world import World

OPENID = re.compile(r"^o[A-Za-z0-9_-]{2,63}$")
LIFE = timedelta(seconds=7200)
REFRESH_EARLY = timedelta(minutes=5)
CODE_LIFE = timedelta(minutes=5)
DEDUPE = timedelta(minutes=10)
MOST_CODES = 10_000
MOST_TOKENS = 50
SAID = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    40163: "code been used",
    41001: "access_token missing",
    42001: "access_token expired",
    43004: "require subscribe",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45065: "clientmsgid exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
}


def no(code: int, **more: Any) -> web.Response:
    return answer({"errcode": code, "errmsg": SAID.get(code, f"error {code}"), **more})


@dataclass
class WechatDoors:
    world: World
    gate: Gate
    pusher: Pusher
    tokens: dict[str, datetime] = field(default_factory=dict)
    stable: str = ""
    codes: dict[str, tuple[str, datetime, bool]] = field(default_factory=dict)
    """Code → openid, good until, used."""
    sent: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/cgi-bin/token", self.on_token),
            web.post("/cgi-bin/stable_token", self.on_stable_token),
            web.post("/cgi-bin/message/template/send", self.on_send),
            web.get("/cgi-bin/user/info", self.on_user),
            web.get("/connect/oauth2/authorize", self.on_authorise),
            web.get("/sns/oauth2/access_token", self.on_code),
        ]

    async def on_token(self, request: web.Request) -> web.Response:
        wrong = self._account_fault(request.query.get("appid"), request.query.get("secret"))
        if wrong:
            return no(wrong)
        return answer({"access_token": self._new_token(), "expires_in": LIFE.seconds})

    async def on_stable_token(self, request: web.Request) -> web.Response:
        early = await self._early(request, self.gate.outage(self.world.knobs.wechat))
        if early is not None:
            return early
        asked = await _json(request)
        if asked is None:
            return no(47001)
        wrong = self._account_fault(asked.get("appid"), asked.get("secret"))
        if wrong:
            return no(wrong)
        self.world.store.counts["tokens"] += 1
        good = self.tokens.get(self.stable)
        now = self.world.now()
        if good is None or asked.get("force_refresh") is True or good - now < REFRESH_EARLY:
            if asked.get("force_refresh") is True:
                self.tokens.pop(self.stable, None)
            self.stable = self._new_token()
        left = int((self.tokens[self.stable] - now).total_seconds())
        return answer({"access_token": self.stable, "expires_in": left})

    def _account_fault(self, app_id: object, secret: object) -> int:
        account = self.world.options.account
        if app_id != account.app_id:
            return 40013
        return 0 if secret == account.app_secret else 40125

    def _new_token(self) -> str:
        token = self.world.sid("token_") * 3
        self.tokens[token] = self.world.now() + LIFE
        if len(self.tokens) > MOST_TOKENS:
            self.tokens.pop(next(iter(self.tokens)))
        return token

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def _token_fault(self, request: web.Request) -> int:
        token = request.query.get("access_token", "")
        if not token:
            return 41001
        good = self.tokens.get(token)
        if good is None:
            return 40001
        return 0 if self.world.now() < good else 42001

    async def _early(self, request: web.Request, struck: str) -> web.Response | None:
        match struck:
            case "cut" | "refuse":
                return await gate.cut(request)
            case "hang":
                return await gate.hang(request)
            case "error":
                return no(-1)
            case "unavailable":
                return web.Response(status=503, text="Service Unavailable")
        return None

    async def on_send(self, request: web.Request) -> web.Response:
        road = self.world.knobs.wechat
        struck = self.gate.outage(road)
        early = await self._early(request, struck)
        if early is not None:
            return early
        wrong = self._token_fault(request)
        if wrong or self.gate.too_many("wechat", road):
            return no(wrong or 45011)
        asked = await _json(request)
        if asked is None:
            return no(47001)
        said = self._take(asked)
        return await gate.hang(request) if struck == "swallow" else said

    def _take(self, asked: dict[str, Any]) -> web.Response:
        to, key = str(asked.get("touser", "")), str(asked.get("client_msg_id", ""))
        now = self.world.now()
        before = self.sent.get((to, key)) if key else None
        if before and now - before[0] < DEDUPE:
            return no(45065, msgid=before[1])
        wrong = self._fault(asked, to)
        if wrong:
            return no(wrong)
        notice = self._kept(asked, to, key, now)
        self.pusher.plan(notice)
        return answer({"errcode": 0, "errmsg": "ok", "msgid": int(notice.sid)})

    def _fault(self, asked: dict[str, Any], to: str) -> int:
        fields = asked.get("data")
        following = self.world.wechat_habit(to) is not WechatHabit.NOT_FOLLOWING
        rules = (
            (not OPENID.match(to), 40003),
            (asked.get("template_id") != self.world.options.account.template_id, 40037),
            (not isinstance(fields, dict) or not fields, 47003),
            (not following, 43004),
        )
        found = next((code for hit, code in rules if hit), 0)
        shares = self.world.knobs.wechat.errors
        return found or int(fate(shares, self.world.luck(self.world.number("wechat"), "wechat")) or 0)

    def _kept(self, asked: dict[str, Any], to: str, key: str, now: datetime) -> Notice:
        fields = {name: _value(told) for name, told in list(asked["data"].items())[:20]}
        notice = Notice(
            sid=str(3_000_000_000_000_000_000 + self.world.number("notice")),
            to=to,
            template=str(asked["template_id"]),
            link=str(asked.get("url", ""))[:2000],
            fields=fields,
            client_msg_id=key,
            status="accepted",
            created=now,
        )
        self.world.store.notices.add(notice)
        self.world.store.touch(to)
        self.world.store.counts["notices"] += 1
        self._remember(to, key, notice)
        return notice

    def _remember(self, to: str, key: str, notice: Notice) -> None:
        if key:
            self.sent[to, key] = (notice.created, int(notice.sid))
        while self.sent and notice.created - next(iter(self.sent.values()))[0] > DEDUPE:
            self.sent.pop(next(iter(self.sent)))

    async def on_user(self, request: web.Request) -> web.Response:
        wrong = self._token_fault(request)
        openid = request.query.get("openid", "")
        if wrong or not OPENID.match(openid):
            return no(wrong or 40003)
        gone = {WechatHabit.NOT_FOLLOWING}
        follows = self.world.wechat_habit(openid) not in gone
        return answer({"subscribe": int(follows), "openid": openid, "language": "zh_CN"})

    async def on_authorise(self, request: web.Request) -> web.Response:
        """In WeChat the person is known; here one chooses who one is (or names it by `openid`)."""
        query = request.query
        back = URL(query.get("redirect_uri", ""))
        if query.get("appid") != self.world.options.account.app_id or back.host is None:
            return web.Response(text="redirect_uri 或 appid 错误", status=200)
        openid = query.get("openid", "")
        if OPENID.match(openid):
            code = self._new_code(openid)
            raise web.HTTPFound(back.update_query(code=code, state=query.get("state", "")))
        known = [address for address in reversed(self.world.store.seen) if OPENID.match(address)]
        return web.Response(text=_chooser(dict(query), known[:30]), content_type="text/html")

    def _new_code(self, openid: str) -> str:
        code = self.world.sid("0")
        self.codes[code] = (openid, self.world.now() + CODE_LIFE, False)
        if len(self.codes) > MOST_CODES:
            self.codes.pop(next(iter(self.codes)))
        return code

    async def on_code(self, request: web.Request) -> web.Response:
        wrong = self._account_fault(request.query.get("appid"), request.query.get("secret"))
        code = request.query.get("code", "")
        openid, until, used = self.codes.get(code, ("", self.world.now(), False))
        if wrong or not openid or self.world.now() > until:
            return no(wrong or 40029)
        if used:
            return no(40163)
        self.codes[code] = (openid, until, True)
        return answer(
            {
                "access_token": self.world.sid("user_"),
                "expires_in": LIFE.seconds,
                "refresh_token": self.world.sid("refresh_"),
                "openid": openid,
                "scope": "snsapi_base",
            }
        )


def _value(told: object) -> str:
    return str(told.get("value", ""))[:200] if isinstance(told, dict) else ""


async def _json(request: web.Request) -> dict[str, Any] | None:
    try:
        asked = msgspec.json.decode(await request.read())
    except msgspec.DecodeError:
        return None
    return asked if isinstance(asked, dict) else None


def _chooser(query: dict[str, str], known: list[str]) -> str:
    lines = "".join(
        f'<li><a href="?{escape(urlencode({**query, "openid": openid}))}">{escape(openid)}</a></li>'
        for openid in known
    )
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in query.items()
    )
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>微信授权（模拟）</title>'
        '<body style="font:16px/1.6 system-ui;max-width:28rem;margin:3rem auto">'
        "<h1>微信授权（模拟）</h1><p>选择以谁的身份登录：</p>"
        f'<ul>{lines}</ul><form>{hidden}<input name="openid" placeholder="openid，以 o 开头">'
        " <button>同意并登录</button></form></body></html>"
    )
