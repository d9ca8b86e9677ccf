"""The hands on the simulator: knobs, phones, counters, and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from scripts.carriers_sim.knobs import turned
from scripts.carriers_sim.people import Habits
from scripts.carriers_sim.phones import phones, told
from scripts.carriers_sim.ports import Ports
from scripts.carriers_sim.reader import Reader
from scripts.carriers_sim.store import Notice, Sms
from scripts.carriers_sim.twilio_calls import Calls
from scripts.carriers_sim.twilio_json import answer
from scripts.carriers_sim.wechat_api import WechatDoors
from scripts.carriers_sim.wechat_push import Pusher
from scripts.carriers_sim.world import World

PAGE = Path(__file__).with_name("page.html")
MOST_HABITS = 50_000
MOST_ROWS = 1000
KEYS = frozenset("0123456789*#")


def wrong(zh: str, en: str, status: int = 422) -> web.Response:
    return answer({"title": zh, "detail": en, "status": status}, status)


@dataclass
class Control:
    world: World
    calls: Calls
    wechat: WechatDoors
    pusher: Pusher
    reader: Reader
    ports: Ports

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.on_page),
            web.get("/healthz", self.on_health),
            web.get("/control/knobs", self.on_knobs),
            web.put("/control/knobs", self.on_turn),
            web.get("/control/stats", self.on_stats),
            web.get("/control/messages", self.on_messages),
            web.delete("/control/messages", self.on_clear),
            web.get("/control/calls", self.on_calls),
            web.get("/control/phones", self.on_phones),
            web.put("/control/people/{address}", self.on_habits),
            web.post("/control/answer", self.on_answer),
            web.post("/control/hang-up", self.on_hang_up),
            web.post("/control/press", self.on_press),
            web.post("/control/click", self.on_click),
            web.post("/control/follow", self.on_follow),
            web.post("/control/expire-tokens", self.on_expire),
        ]

    async def on_page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE)

    async def on_health(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def on_knobs(self, _request: web.Request) -> web.Response:
        return answer(self.world.knobs)

    async def on_turn(self, request: web.Request) -> web.Response:
        try:
            self.world.knobs = turned(self.world.knobs, await _json(request))
        except msgspec.MsgspecError as error:
            return wrong("旋钮的名称或数值不对，没有改动。", f"Nothing was changed: {error}")
        await self.ports.follow(self.world.knobs)
        return answer(self.world.knobs)

    async def on_stats(self, _request: web.Request) -> web.Response:
        store = self.world.store
        return answer(
            {
                **dict(store.counts),
                "kept_messages": len(store.messages),
                "kept_notices": len(store.notices),
                "kept_calls": len(store.calls),
                "live_calls": len(self.calls.live),
                "pending": len(self.world.agenda),
                "seed": self.world.options.seed,
                "speed": self.world.options.speed,
                "version": store.version,
            }
        )

    async def on_messages(self, request: web.Request) -> web.Response:
        """SMS and WeChat, newest first; `to`, `limit`."""
        to, limit = request.query.get("to", ""), _limit(request)
        store = self.world.store
        both: list[Sms | Notice] = [*store.messages.newest(to), *store.notices.newest(to)]
        both.sort(key=lambda item: item.created, reverse=True)
        return answer({"messages": [told(item) for item in both[:limit]], "total": len(both)})

    async def on_clear(self, _request: web.Request) -> web.Response:
        """Live calls are hung up and what was due is dropped."""
        for handset in list(self.calls.live.values()):
            handset.stop("completed")
        self.world.agenda.clear()
        self.world.store.clear()
        return web.Response(status=204)

    async def on_calls(self, request: web.Request) -> web.Response:
        rows = list(self.world.store.calls.newest(request.query.get("to", "")))
        return answer({"calls": [told(item) for item in rows[: _limit(request)]], "total": len(rows)})

    async def on_phones(self, request: web.Request) -> web.Response:
        limit = min(_limit(request), 200)
        return answer(phones(self.world, request.query.get("q", ""), limit))

    async def on_habits(self, request: web.Request) -> web.Response:
        address = request.match_info["address"][:64]
        try:
            habits = msgspec.convert(await _json(request), Habits)
        except msgspec.MsgspecError as error:
            return wrong("没有这样的行为。", f"There is no such behaviour: {error}")
        if len(self.world.store.habits) >= MOST_HABITS:
            return wrong("设定过的人太多了。", "Too many people have a behaviour of their own.")
        self.world.store.habits[address] = habits
        self.world.store.touch(address)
        return answer(habits)

    async def on_answer(self, request: web.Request) -> web.Response:
        handset = self.calls.live.get(await _named(request, "call"))
        if handset is None:
            return wrong("这个电话不在响铃。", "This call does not ring.", 404)
        handset.picked_up.set()
        return web.Response(status=204)

    async def on_hang_up(self, request: web.Request) -> web.Response:
        handset = self.calls.live.get(await _named(request, "call"))
        if handset is None:
            return wrong("这个电话已经结束。", "This call has ended.", 404)
        handset.hang_up()
        return web.Response(status=204)

    async def on_press(self, request: web.Request) -> web.Response:
        asked = await _json(request)
        digits = str(asked.get("digits", "")) if isinstance(asked, dict) else ""
        if not digits or len(digits) > 20 or not KEYS.issuperset(digits):
            return wrong("按键只能是 0-9、* 和 #，最多 20 个。", "Keys are 0-9, * and #, at most 20.")
        handset = self.calls.live.get(str(asked.get("call", "")))
        if handset is None:
            return wrong("这个电话已经结束。", "This call has ended.", 404)
        for digit in digits:
            handset.press(digit)
        return web.Response(status=204)

    async def on_click(self, request: web.Request) -> web.Response:
        """{message, answer: read | confirm | leave}: opens the link as the person would."""
        asked = await _json(request)
        sid = str(asked.get("message", "")) if isinstance(asked, dict) else ""
        store = self.world.store
        item = store.messages.get(sid) or store.notices.get(sid)
        if item is None:
            return wrong("没有这条消息。", "There is no such message.", 404)
        habit = str(asked.get("answer", "read"))
        if habit not in {"read", "confirm", "leave"}:
            return wrong("答复只能是 read、confirm 或 leave。", "The answer is read, confirm or leave.")
        await self.reader.open(item, habit)
        return answer(told(item))

    async def on_follow(self, request: web.Request) -> web.Response:
        """{openid, follows}: pushes the event, as when a person follows or leaves the account."""
        asked = await _json(request)
        openid = str(asked.get("openid", ""))[:64] if isinstance(asked, dict) else ""
        if not openid:
            return wrong("缺少 openid。", "The openid is missing.")
        event = "subscribe" if asked.get("follows") else "unsubscribe"
        self.pusher.push(openid, event, "<EventKey></EventKey>", openid)
        return web.Response(status=204)

    async def on_expire(self, _request: web.Request) -> web.Response:
        """Every WeChat token stops being good, as after somebody else's refresh."""
        self.wechat.expire_tokens()
        return web.Response(status=204)


async def _json(request: web.Request) -> Any:
    try:
        return msgspec.json.decode(await request.read())
    except msgspec.DecodeError:
        return None


async def _named(request: web.Request, name: str) -> str:
    asked = await _json(request)
    return str(asked.get(name, "")) if isinstance(asked, dict) else ""


def _limit(request: web.Request) -> int:
    asked = request.query.get("limit", "")
    return min(int(asked), MOST_ROWS) if asked.isdecimal() and len(asked) < 7 else 100


