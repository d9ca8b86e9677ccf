"""Who comes to the doors: a browser with its cookie, a machine with its key, a socket that watches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

from hub.access.seed import DEMO_PASSWORD
from hub.wire.words import REFETCH
from tests.patience import PATIENCE

KEYS = {"roads": "id", "curve": "second"}


@dataclass
class Visitor:
    """HTTP with one cookie jar."""

    web: aiohttp.ClientSession
    url: str
    csrf: str = ""
    me: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, login: str = "", **headers: str) -> AsyncIterator[Visitor]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=headers) as web:
            visitor = cls(web, url)
            if login:
                await visitor.sign_in(login)
            yield visitor

    async def sign_in(self, login: str) -> None:
        async with self.web.post(f"{self.url}/api/sign-in", json={"login": login, "password": DEMO_PASSWORD}) as answer:
            assert answer.status == 200, await answer.text()
            self.me = (await answer.json())["me"]
            self.csrf = self.me["csrf"]

    async def ask(self, name: str, /, status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Any:
        sent = {"X-Hub-CSRF": self.csrf, "Content-Type": "application/json"} | (headers or {})
        raw = json.dumps({"id": str(uuid4())} | body)
        async with self.web.post(f"{self.url}/api/commands/{name}", data=raw, headers=sent) as answer:
            return await self._told(answer, status)

    async def see(self, name: str, /, status: int = 200, **params: Any) -> Any:
        async with self.web.get(f"{self.url}/api/views/{name}", params={"p": json.dumps(params)}) as answer:
            return await self._told(answer, status)

    async def get(self, path: str, status: int = 200, **headers: str) -> Any:
        async with self.web.get(f"{self.url}{path}", headers=headers) as answer:
            return await self._told(answer, status)

    async def upload(self, path: str, form: Any, status: int = 200, **headers: str) -> Any:
        async with self.web.post(f"{self.url}{path}", data=form, headers={"X-Hub-CSRF": self.csrf} | headers) as answer:
            return await self._told(answer, status)

    async def _told(self, answer: aiohttp.ClientResponse, status: int) -> Any:
        body = await answer.read()
        assert answer.status == status, (answer.status, body[:400])
        if status >= 400:
            assert answer.content_type == "application/problem+json", answer.headers
            problem = json.loads(body)
            assert {"type", "title", "status", "detail", "code"} <= problem.keys()
            assert problem["status"] == status
            return problem
        return json.loads(body) if answer.content_type == "application/json" else body

    @property
    def cookie(self) -> str:
        return "; ".join(f"{one.key}={one.value}" for one in self.web.cookie_jar)


class Watcher:
    """A socket; `rows` holds each watched view as snapshot plus changes."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.rows: dict[str, dict[str, Any]] = {}
        self.refetch: set[str] = set()
        self.heard: list[dict[str, Any]] = []
        self.bye: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.socket.on("tell", self._tell)
        self.socket.on("bye", self.bye.append)
        self.socket.on("disconnect", lambda *_: self.gone.set())

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str, auth: dict[str, Any] | None = None, **headers: str) -> AsyncIterator[Watcher]:
        watcher = cls()
        await watcher.socket.connect(url, transports=["websocket"], auth=auth or {}, headers=headers, wait_timeout=PATIENCE)
        try:
            yield watcher
        finally:
            await watcher.socket.disconnect()
            await watcher.socket.eio.disconnect()

    def _tell(self, told: dict[str, Any], _offset: str) -> None:
        self.heard.append(told)
        self._apply(told)

    def _apply(self, told: dict[str, Any]) -> None:
        rows = self.rows.get(told["room"])
        if rows is None:
            return
        for key, row in told["changes"]:
            if key == REFETCH:
                self.refetch.add(told["room"])
            elif row is None:
                rows.pop(key, None)
            else:
                rows[key] = row

    async def call(self, event: str, given: Any) -> Any:
        return await self.socket.call(event, given, timeout=PATIENCE)

    async def watch(self, view: str, key: str = "id", **params: Any) -> str:
        answer = await self.call("watch", {"view": view, "params": params})
        assert answer["ok"], answer
        room = str(answer["room"])
        self.rows[room] = {str(row[key]): row for row in answer["rows"]}
        self.refetch.discard(room)
        for told in self.heard:
            if told["room"] == room and told["position"] >= answer["position"]:
                self._apply(told)
        return room

    async def until(self, is_so: Callable[[], Awaitable[Any]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await is_so():
                await asyncio.sleep(0.05)
