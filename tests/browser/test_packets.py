"""Chromium publishes through the packet switch and watches: first picture, loss without a freeze, sound alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page

from media.plane.switch import Switch
from media.plane.words import Outlet, Source
from tests.browser.bad_line import PAGE, PUBLISH, SEEN, WATCH, BadLine
from tests.browser.desks import PATIENCE as MILLISECONDS
from tests.flows.plane.conftest import Ear
from tests.patience import PATIENCE


class Stage:
    """A page in Chromium beside a switch, over a line that may lose packets."""

    def __init__(self, switch: Switch, line: BadLine, ear: Ear, page: Page) -> None:
        self.switch, self.line, self.ear, self.page = switch, line, ear, page

    def rooms(self) -> list[tuple]:
        return [told for told in self.ear.told if told[:2] == ("room", "viewer")]

    async def seen(self, **least: int) -> dict[str, int]:
        """Waits until the viewer has at least so much."""
        async with asyncio.timeout(PATIENCE):
            while True:
                seen = await self.page.evaluate(SEEN)
                if all(seen[name] >= count for name, count in least.items()):
                    return seen
                await asyncio.sleep(0.1)


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, tmp_path: Path) -> AsyncIterator[Stage]:
    ear = Ear()
    switch = Switch(ear, cache=tmp_path)
    line = BadLine(("127.0.0.1", await switch.open("0.0.0.0", 0, tcp=False)))

    async def join(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        joined = await switch.join(name, await request.text())
        if name == "viewer":
            switch.link(Source("camera/0"), Outlet("viewer/0"))
            switch.link(Source("camera/1"), Outlet("viewer/1"))
        return web.Response(text=joined.answer.replace(f" {line.target[1]} typ", f" {line.port} typ"))

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_post("/join/{name}", join)
    app.router.add_get("/", show)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    page = await browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    await page.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield Stage(switch, line, ear, page)
    await page.close()
    await runner.cleanup()
    await switch.close()
    line.close()


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_the_first_picture_comes_and_what_is_lost_is_asked_for_again(stage: Stage, codec: str):
    await stage.page.evaluate(PUBLISH, [codec, "camera"])
    await stage.ear.until("source", "camera/1", "video", codec)
    await stage.page.evaluate(WATCH)
    await stage.seen(frames=20, heard=30)

    stage.line.loss = 0.05
    await stage.seen(frames=90, nacks=3, soundNacks=3)
    stage.line.loss = 0.0

    async with asyncio.timeout(PATIENCE):
        while not (stage.switch.stats().resent and [told for told in stage.ear.told if told[:2] == ("level", "camera/0")]):
            await asyncio.sleep(0.1)


async def test_a_viewer_whose_line_is_too_narrow_says_that_it_can_take_less_than_it_is_sent(stage: Stage):
    await stage.page.evaluate(PUBLISH, ["h264", "camera"])
    await stage.ear.until("source", "camera/1", "video", "h264")
    await stage.page.evaluate(WATCH)
    await stage.seen(frames=20)

    stage.line.narrow.bps = 250_000
    async with asyncio.timeout(PATIENCE):
        while not any(room < sends for _, _, room, sends in stage.rooms()):
            await asyncio.sleep(0.1)

    await stage.seen(heard=51)
