"""People who open the link in their message and answer on the page, through the hub's own HTTP."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgspec
import structlog

from hub.kernel.ids import uuid7
from scripts.carriers_sim.people import TextHabit, WechatHabit
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.replies import reply_of
from scripts.carriers_sim.store import Notice, Sms
from scripts.carriers_sim.world import World

log = structlog.get_logger(__name__)

LINK = re.compile(r"https?://[^\s，。、；【】]+")
SECONDS = aiohttp.ClientTimeout(total=15)
LARGEST = 4 * 1024 * 1024
OPENS = frozenset({"read", "confirm", "leave"})


class Astray(Exception):
    """The hub did not answer as its page would need it."""


class Reader:
    def __init__(self, world: World, postman: Postman) -> None:
        self._world = world
        self._web = postman.web

    def receive_sms(self, item: Sms) -> None:
        self._receive(item, self._world.text_habit(item.to))

    def receive_notice(self, notice: Notice) -> None:
        self._receive(notice, self._world.wechat_habit(notice.to))

    def _receive(self, item: Sms | Notice, habit: TextHabit | WechatHabit) -> None:
        if habit in OPENS and link_of(item):
            wait = self._world.think(item.sid, "open")
            self._world.agenda.after(wait, partial(self.open, item, str(habit)))

    async def open(self, item: Sms | Notice, habit: str) -> None:
        """Reads; then, by habit, answers (`replies.py`)."""
        counts = self._world.store.counts
        counts["clicks"] += 1
        try:
            item.opened = await self._visit(item, habit)
            counts["clicks_done"] += 1
        except (TimeoutError, aiohttp.ClientError) as error:
            item.opened = f"失败：连不上中枢（{type(error).__name__}）"
            counts["clicks_failed"] += 1
        except (Astray, msgspec.MsgspecError, KeyError, ValueError) as error:
            item.opened = f"失败：{error}"[:200]
            counts["clicks_failed"] += 1
        self._world.store.touch(item.to)

    async def _visit(self, item: Sms | Notice, habit: str) -> str:
        link = link_of(item)
        parts = urlsplit(link)
        await self._call("GET", parts.path, {}, None)
        token = parts.path.rstrip("/").rpartition("/")[2]
        cookie, delivery = await self._sign_in(token)
        via = {name: roads[0] for name, roads in parse_qs(parts.query).items() if name == "via"}
        me = await self._call("GET", "/api/me", cookie, None)
        headers = {**cookie, "X-Hub-CSRF": str(me.get("csrf", ""))}
        rows = (await self._call("GET", "/api/views/inbox", headers, None)).get("rows", [])
        row = row_of(rows, item, delivery)
        await self._report(headers, row, "read", via)
        answer = reply_of(row.get("options", []), habit)
        if answer is None:
            return "已读"
        await self._report(headers, row, "confirmed", answer | via)
        return f"已答复 {answer.get('reply') or '确认'}"

    async def _sign_in(self, token: str) -> tuple[dict[str, str], str]:
        """The session's header, and the delivery that the link is about ("" when it does not say)."""
        address = f"{self._world.options.hub.rstrip('/')}/api/sign-in/link"
        async with self._web.post(address, json={"token": token}, timeout=SECONDS) as answer:
            if answer.status != 200:
                raise Astray(f"sign-in HTTP {answer.status}")
            pairs = [f"{name}={morsel.value}" for name, morsel in answer.cookies.items()]
            told = msgspec.json.decode(await answer.content.read(LARGEST))
        delivery = told.get("delivery") if isinstance(told, dict) else None
        return {"Cookie": "; ".join(pairs)}, str(delivery or "")

    async def _report(
        self, headers: dict[str, str], row: dict[str, Any], state: str, more: dict[str, str]
    ) -> None:
        now = self._world.now()
        item = {"delivery": row["id"], "state": state, "at": now, **more}
        body = {"id": uuid7(now), "items": [item]}
        await self._call("POST", "/api/commands/ReportReceipts", headers, body)

    async def _call(
        self, method: str, path: str, headers: dict[str, str], body: object
    ) -> dict[str, Any]:
        address = self._world.options.hub.rstrip("/") + path
        sent = None if body is None else msgspec.json.encode(body)
        own = {"Content-Type": "application/json", "Accept-Language": "zh-CN", **headers}
        async with self._web.request(
            method, address, data=sent, headers=own, timeout=SECONDS
        ) as answer:
            text = await answer.content.read(LARGEST)
            if answer.status >= 400:
                raise Astray(f"{path} HTTP {answer.status}")
        is_json = answer.content_type == "application/json"
        told = msgspec.json.decode(text) if is_json else {}
        return told if isinstance(told, dict) else {}


def link_of(item: Sms | Notice) -> str:
    if isinstance(item, Notice):
        return item.link if LINK.match(item.link) else ""
    found = LINK.search(item.body)
    return found.group() if found else ""


def row_of(rows: list[dict[str, Any]], item: Sms | Notice, delivery: str) -> dict[str, Any]:
    """The notice that the link or the message speaks of, else the newest."""
    told = item.body if isinstance(item, Sms) else " ".join(item.fields.values())
    if not rows:
        raise Astray("the inbox is empty")
    named = [row for row in rows if row.get("id") == delivery]
    return named[0] if named else next((row for row in rows if str(row.get("title", ""))[:18] in told), rows[0])
