"""The built web apps, the API's own pages, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path

from aiohttp import web

from hub.kernel.errors import NotFound, TryAgain
from hub.wire.codec import encode

APPS = {"console": "/", "station": "/station/", "deputy": "/deputy/", "public": "/live/"}
OPEN = "/public/"
"""Where citizens read and comment: pages of the app whose own files stand under /live/."""
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:;"
    " connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

Check = Callable[[], Awaitable[None]]


def app_routes(built: Mapping[str, Path]) -> list[web.RouteDef]:
    """`built`: app → its dist folder. Every path of an app that is no file is its index page."""
    routes = [web.get("/d/{token}", _index(built["deputy"])), web.get(OPEN.rstrip("/"), _redirect(OPEN)),
              web.get(OPEN + "{path:.*}", _index(built["public"]))]
    for name, base in APPS.items():
        if base != "/":
            routes.append(web.get(base.rstrip("/"), _redirect(base)))
        routes.append(web.get(base + "{path:.*}", _file_or_index(built[name])))
    # The console answers to every other path, so it comes last.
    return sorted(routes, key=lambda route: route.path == "/{path:.*}")


def _redirect(base: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(base)

    return answer


def _index(dist: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        page = dist / "index.html"
        if not page.is_file():
            raise NotFound("网页还没有构建，请先运行 scripts/run。", "The web apps are not built; run scripts/run.",
                           code="not-built")
        return web.FileResponse(page, headers=HEADERS)

    return answer


def _file_or_index(dist: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    index, root = _index(dist), dist.resolve()

    async def answer(request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        if path.startswith(("api/", "hooks/", "socket.io")):
            raise NotFound("没有这个接口。", "There is no such interface.")
        found = (root / path).resolve()
        if path and found.is_relative_to(root) and found.is_file():
            forever = {"Cache-Control": "public, max-age=31536000, immutable"} if "assets" in found.parts else {}
            return web.FileResponse(found, headers=HEADERS | forever)
        if path.startswith("assets/"):
            raise NotFound("页面已更新，请刷新。", "The page was updated; reload it.")
        return await index(request)

    return answer


def health_routes(ready: Check, metrics: Callable[[], Awaitable[bytes]]) -> list[web.RouteDef]:
    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_request: web.Request) -> web.Response:
        try:
            await ready()
        except TryAgain as away:
            return web.json_response({"ok": False, "why": away.zh, "why_en": away.en}, status=503)
        return web.json_response({"ok": True})

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", figures)]


def document_routes(document: Callable[[], Mapping[str, object]], viewer: Path) -> list[web.RouteDef]:
    """`document` is made when it is first asked for. `viewer`: the script that draws it (from the web's packages)."""
    body = cache(lambda: encode(document()))

    async def docs(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name("apidocs.html"), headers=HEADERS)

    async def script(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(viewer, headers={"Content-Type": "text/javascript"})

    async def openapi(_request: web.Request) -> web.Response:
        return web.Response(body=await asyncio.to_thread(body), content_type="application/json")

    return [web.get("/api/openapi.json", openapi), web.get("/api/docs", docs), web.get(f"/api/docs/{viewer.name}", script)]

