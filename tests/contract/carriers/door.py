"""A stand-in for the hub's hook door: it hands calls to the carriers' hooks and keeps what they saw."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from aiohttp import web

from dispatch.ports import Hook, HookRequest, Sighting
from dispatch.words import RANK, State
from tests.patience import PATIENCE


@dataclass
class Door:
    url: str = ""
    hooks: dict[str, Hook] = field(default_factory=dict)
    seen: dict[str, Sighting] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def open(self, hooks: Mapping[str, Hook]) -> None:
        self.hooks.update(hooks)

    async def take(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        name = next(known for known in self.hooks if path == known or path.startswith(known + "/"))
        told = HookRequest(
            method=request.method,
            url=f"{self.url}{request.rel_url}",
            tail=path.removeprefix(name).strip("/"),
            query=dict(request.query),
            headers={key.lower(): value for key, value in request.headers.items()},
            body=await request.read(),
        )
        answer = await self.hooks[name](told)
        await self._keep(answer.sightings, answer.status)
        headers = {"Content-Type": answer.content_type}
        return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)

    async def _keep(self, sightings: tuple[Sighting, ...], status: int) -> None:
        async with self._news:
            self.answers.append(status)
            for sighting in sightings:
                self.seen.setdefault(sighting.key, sighting)
            self._news.notify_all()

    def of(self, attempt: UUID, provider_id: str = "") -> list[Sighting]:
        return [
            seen
            for seen in self.seen.values()
            if seen.attempt == attempt or (provider_id and seen.provider_id == provider_id)
        ]

    def best(self, attempt: UUID, provider_id: str = "") -> State:
        states = [seen.state for seen in self.of(attempt, provider_id)]
        return max(states, key=RANK.__getitem__, default=State.PLANNED)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(is_so)


@asynccontextmanager
async def open_door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_route("*", "/hooks/{path:.+}", door.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        door.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield door
    finally:
        await runner.cleanup()
