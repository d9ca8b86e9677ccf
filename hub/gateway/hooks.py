"""Inbound calls of vendors: what they tell is durable before they get their answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from dispatch.ports import Hook, HookRequest, Sighting
from hub.gateway.http import body_of
from hub.kernel.errors import NotFound

HOOK_BYTES = 64_000


def hook_routes(
    hooks: Mapping[str, Hook], store: Callable[[Sequence[Sighting]], Awaitable[None]], public_url: str,
) -> list[web.RouteDef]:
    """`public_url` is what vendors call and sign: scheme and host as they see them."""

    async def called(request: web.Request) -> web.Response:
        path, tail = _found(hooks, request.match_info["path"])
        answer = await hooks[path](HookRequest(
            method=request.method, url=f"{public_url}{request.raw_path}", tail=tail, query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()}, body=await body_of(request, HOOK_BYTES),
        ))
        await store(answer.sightings)
        return web.Response(body=answer.body.encode(), status=answer.status,
                            headers={"Content-Type": answer.content_type})

    return [web.route(method, "/hooks/{path:.+}", called) for method in ("GET", "POST")]


def _found(hooks: Mapping[str, Hook], path: str) -> tuple[str, str]:
    for known in hooks:
        if path == known or path.startswith(f"{known}/"):
            return known, path[len(known) + 1:]
    raise NotFound("没有这个回调地址。", "There is no such hook.")
