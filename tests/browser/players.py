"""A WHEP player as it comes from npm, on a page of another site; tests/browser/package-lock.json names it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from playwright.async_api import Page

from tests.ports import free_port

HOME, HERE = Path("var/players"), Path(__file__).parent
NEEDED = ("package.json", "package-lock.json", ".npmrc")
LIMIT = 300
PLAYER = HOME / "node_modules" / "whip-whep" / "whep.js"
PAGE = """<!doctype html><meta charset="utf-8"><video autoplay muted playsinline></video>
<script type="module">
import { WHEPClient } from './whep.js'
window.watch = async (url, token) => {
  const pc = new RTCPeerConnection()
  pc.addTransceiver('audio')
  pc.addTransceiver('video')
  pc.ontrack = (event) => {
    if (event.track.kind === 'video') document.querySelector('video').srcObject = event.streams[0]
  }
  window.whep = new WHEPClient()
  await whep.view(pc, url, token)
}
window.ready = true
</script>"""
"""As its README shows it."""
MOVES = "() => { const video = document.querySelector('video'); return video.videoWidth && video.currentTime > 0.5 }"


def fetched() -> None:
    """Blocks. Nothing is fetched where the same versions stand already."""
    if PLAYER.exists() and all((HOME / name).read_bytes() == (HERE / name).read_bytes() for name in NEEDED):
        return
    HOME.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        shutil.copy(HERE / name, HOME / name)
    subprocess.run(("npm", "ci", "--omit=optional", "--loglevel=error"), cwd=HOME, check=True, timeout=LIMIT, stdout=sys.stderr)


@asynccontextmanager
async def stock_player(page: Page) -> AsyncIterator[Page]:
    """Its page is open, and of another origin than the hub's."""
    await asyncio.to_thread(fetched)
    site = web.Application()
    site.add_routes([web.get("/", _page), web.get("/whep.js", _player)])
    runner = web.AppRunner(site)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.wait_for_function("window.ready")
        yield page
    finally:
        await runner.cleanup()


async def _page(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def _player(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PLAYER, headers={"Content-Type": "text/javascript"})
