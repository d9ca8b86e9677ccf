"""A hub whose plane and studio run, an encoder that publishes, and people who watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec

from hub.access.messages import CreateApiKey
from hub.access.tokens import make_link
from hub.app import Hub
from hub.kernel.actor import SYSTEM, Actor, Role
from hub.kernel.clock import SystemClock
from hub.kernel.messages import Command
from media.live.messages import commands as c
from media.plane.main import plane
from tests.flows.broadcast.stage import DISTRICT_3, OPERATOR, person, self_of
from tests.flows.live_meetings.encoder import publishing
from tests.flows.media.stage import media_settings, studio_on, until
from tests.flows.studio.stage import Studio, studio
from tests.patience import PATIENCE

__all__ = ["DISTRICT_3", "OPERATOR", "LiveStage", "on_stage", "self_of"]


@dataclass(kw_only=True)
class LiveStage:
    hub: Hub
    web: aiohttp.ClientSession
    key: str
    folder: Path
    studio: Studio
    devices: dict[str, str]
    """Keys of stations."""

    async def ask(self, command: Command, actor: Actor = OPERATOR) -> Any:
        return await self.hub.desk.ask(command, actor)

    async def see(self, view: str, actor: Actor = OPERATOR, **params: Any) -> list[dict[str, Any]]:
        found = self.hub.views.find(view, actor)
        shown = await self.hub.views.fetch(found, self.hub.views.params(found, params), actor)
        rows: list[dict[str, Any]] = msgspec.to_builtins(shown.rows)
        return rows

    async def until(self, is_so: Callable[[], Awaitable[Any]], seconds: float = PATIENCE) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := await is_so()):
                await asyncio.sleep(0.05)
        return found

    async def live(self, **terms: Any) -> UUID:
        """Goes live at once, from an encoder."""
        command = c.PlanLive(id=uuid4(), terms=c.Terms(**{"title": "常委会会议", **terms}), now=True)
        await self.ask(command)
        return command.id

    def link_of(self, name: str) -> dict[str, str]:
        """As the deputy of this name."""
        at = SystemClock().now()
        return {"Authorization": f"Link {make_link(self.hub.access.key, person(name), None, at, timedelta(hours=1))}"}

    @property
    def as_operator(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    async def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, Any]:
        """(status, body, headers of the answer)."""
        async with self.web.get(self.hub.url + path, headers=headers or {}) as answer:
            return answer.status, await answer.read(), answer.headers

    async def told(self, path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        status, body, _ = await self.get(path, headers)
        return {"status": status} | msgspec.json.decode(body)

    async def speech(self, which: UUID) -> dict[str, Any]:
        return next(row for row in await self.see("speeches", state=["waiting", "cutting", "filed", "failed", "dropped"])
                    if row["id"] == str(which))

    async def stream_key(self, live: UUID, name: str = "主席台编码器") -> dict[str, str]:
        made: dict[str, str] = await self.ask(c.MakeStreamKey(id=uuid4(), live=live, name=name))
        return made

    @asynccontextmanager
    async def encoder(self, live: UUID) -> AsyncIterator[None]:
        """FFmpeg's WHIP muxer publishes into the live meeting's own room by a key for that alone, until the block ends."""
        made = await self.stream_key(live)
        async with publishing(f"{self.hub.url}/whip/{made['room']}", made["key"], self.folder):
            yield


@asynccontextmanager
async def on_stage(dsn: str, data: Path, *prefix: str) -> AsyncIterator[LiveStage]:
    """`prefix`: the command that starts the studio."""
    settings = media_settings(data)
    settings.media_folder.mkdir(parents=True, exist_ok=True)
    async with (studio(settings.media_folder, *prefix) as run, plane(settings.media_folder / "plane.sock", "127.0.0.1", settings.media_port),
                studio_on(dsn, settings) as on_air):
        await until(lambda: not (on_air.hub.media.engine.away or on_air.hub.media.studio.away))
        made = await on_air.hub.desk.ask(CreateApiKey(id=uuid4(), name="编码器", roles=(Role.OPERATOR,), scopes=("city",)), SYSTEM)
        yield LiveStage(hub=on_air.hub, web=on_air.web, key=made["key"], folder=data, studio=run, devices=on_air.keys)
