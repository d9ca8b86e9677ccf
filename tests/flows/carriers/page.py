"""The part of the hub's page API that a person who opens a link uses, with one notice in the inbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web

from dispatch.messages.commands import Receipt, ReportReceipts
from tests.patience import PATIENCE

DELIVERY = "00000000-0000-7000-8000-0000000000aa"
ROW = {
    "id": DELIVERY,
    "title": "防汛通知",
    "options": [
        {"code": "received", "label": "收到", "needs_reason": False},
        {"code": "leave", "label": "请假", "needs_reason": True},
    ],
}


@dataclass
class Page:
    url: str = ""
    asked: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(is_so)

    async def sign_in(self, request: web.Request) -> web.Response:
        token = (await request.json())["token"]
        async with self._news:
            self.asked.append(token)
            self._news.notify_all()
        if token == "expired":
            return web.Response(status=401)
        answer = web.json_response({"me": {"id": "person:1"}})
        answer.set_cookie("hub_session", f"of-{token}", httponly=True)
        return answer

    async def me(self, request: web.Request) -> web.Response:
        assert request.cookies["hub_session"] == f"of-{self.asked[-1]}"
        return web.json_response({"id": "person:1", "csrf": "token-against-forgery"})

    async def inbox(self, request: web.Request) -> web.Response:
        assert "hub_session" in request.cookies
        return web.json_response({"rows": [ROW], "total": 1, "position": 1})

    async def report(self, request: web.Request) -> web.Response:
        assert request.headers["X-Hub-CSRF"] == "token-against-forgery"
        told: dict[str, Any] = msgspec.json.decode(await request.read())
        told.pop("id")
        async with self._news:
            self.receipts += msgspec.convert(told["items"], list[Receipt], strict=False)
            self._news.notify_all()
        return web.json_response({"result": {"taken": len(told["items"]), "unknown": []}})

    async def open(self, _request: web.Request) -> web.Response:
        return web.Response(text="<html></html>", content_type="text/html")


@asynccontextmanager
async def open_page() -> AsyncIterator[Page]:
    page = Page()
    app = web.Application()
    app.add_routes(
        [
            web.get("/d/{token}", page.open),
            web.post("/api/sign-in/link", page.sign_in),
            web.get("/api/me", page.me),
            web.get("/api/views/inbox", page.inbox),
            web.post(f"/api/commands/{ReportReceipts.__name__}", page.report),
            web.post("/hooks/{path:.+}", page.open),
        ]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        page.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield page
    finally:
        await runner.cleanup()
