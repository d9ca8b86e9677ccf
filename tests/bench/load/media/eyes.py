"""Chromium before the plane and behind it: how soon one that comes shows the other's picture, and what 5 % of loss leaves of
picture and sound."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from media.shapes import Allowed
from scripts import chromium
from tests.bench.figure import Figure, at_most, median
from tests.bench.load.media.scenes import SETTLES
from tests.bench.load.media.servers import ROOM, Plane, peer_of
from tests.browser.bad_line import PAGE, PUBLISH, SEEN, WATCH, BadLine
from tests.browser.desks import SWITCHES

LOSS = 0.05
APART = 0.8
REPAIRS = 1.0
"""Seconds after the loss in which the last repairs arrive."""
ALLOWED = {"viewer": Allowed(talk=False, show=False), "camera": Allowed(hear=False)}
NONE = "Chromium is not here: its first picture and loss are not measured"


@dataclass(frozen=True)
class Window:
    page: Page
    lines: list[BadLine]


async def seen(plane: Plane, turns: int, seconds: float) -> list[Figure]:
    """`turns` first pictures, each of a new connection; then so many seconds of loss."""
    path = chromium.find()
    if path is None:
        return [Figure(name=NONE, value=0, unit="")]
    await plane.clear()
    async with _browser(path) as browser, _window(plane, browser) as window:
        await window.page.evaluate(PUBLISH, ["h264", "camera"])
        await asyncio.sleep(SETTLES)
        await window.page.evaluate(WATCH)
        first = [await _glance(window) for _ in range(turns)]
        left = await _lossy(window, seconds)
    asked = left["nacks"] + left["soundNacks"]
    return [
        at_most(f"Chromium's first picture, from nothing, median of {turns}", median(first), "ms", 200),
        Figure(name="the same, worst", value=round(max(first), 1), unit="ms"),
        at_most(f"freezes in {seconds:g} s of 5 % loss both ways", left["freezes"], "", 0),
        at_most(f"packets of picture and sound missing after repair ({asked} were asked for again)",
                max(0, left["lost"] - left["repaired"]) + max(0, left["soundLost"]), "", 0)]


async def _glance(window: Window) -> float:
    """Milliseconds, of somebody who comes while nobody else watches: a sender is asked for a key frame each half second at most."""
    await window.page.evaluate("window.viewer.close()")
    await asyncio.sleep(APART)
    return float(await window.page.evaluate(WATCH))


async def _lossy(window: Window, seconds: float) -> dict[str, int]:
    await asyncio.sleep(SETTLES)
    before = await window.page.evaluate(SEEN)
    for line in window.lines:
        line.loss = LOSS
    await asyncio.sleep(seconds)
    for line in window.lines:
        line.loss = 0.0
    await asyncio.sleep(REPAIRS)
    after = await window.page.evaluate(SEEN)
    return {name: after[name] - before[name] for name in before}


@asynccontextmanager
async def _browser(path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(
            executable_path=path, args=list(SWITCHES), env=dict(chromium.environment(path)), timeout=30_000)
        yield one
        await one.close()


@asynccontextmanager
async def _window(plane: Plane, browser: Browser) -> AsyncIterator[Window]:
    lines: list[BadLine] = []

    async def join(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        joined = await plane.engine.join(
            peer=peer_of(name), room=ROOM, offer=await request.text(), parts={}, name=name, by=name, allowed=ALLOWED[name])
        return web.Response(text=_over(joined.answer, lines) if name == "viewer" else joined.answer)

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_post("/join/{name}", join)
    app.router.add_get("/", show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await browser.new_page()
    await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    try:
        yield Window(page, lines)
    finally:
        await page.close()
        await runner.cleanup()
        for line in lines:
            line.close()


def _over(answer: str, lines: list[BadLine]) -> str:
    """The same answer, over the line that may lose packets, and no other way."""
    answer = re.sub(r"a=candidate:\S+ 1 tcp [^\r\n]*\r\n", "", answer)
    found = re.search(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ", answer)
    if found is None:
        raise RuntimeError("the answer names no address")
    if not lines:
        lines.append(BadLine((found[1], int(found[2]))))
    return answer.replace(f" {found[2]} typ", f" {lines[0].port} typ")
