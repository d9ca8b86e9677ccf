"""The vendors' own ports: what refuses connections must not listen."""

from __future__ import annotations

from aiohttp import web

from scripts.carriers_sim.knobs import Knobs
from scripts.carriers_sim.settings import Options

ROADS = {"twilio": ("sms", "voice"), "wechat": ("wechat",)}


class Ports:
    def __init__(self, options: Options) -> None:
        self._host = options.host
        self._wanted = {"twilio": options.twilio_port, "wechat": options.wechat_port}
        self._open: dict[str, web.TCPSite] = {}
        self._runner: web.AppRunner | None = None

    async def serve(self, runner: web.AppRunner, knobs: Knobs) -> None:
        self._runner = runner
        await self.follow(knobs)

    async def follow(self, knobs: Knobs) -> None:
        for vendor, port in self._wanted.items():
            refuses = any(getattr(knobs, road).outage == "refuse" for road in ROADS[vendor])
            if port and self._runner is not None:
                await self._turn(self._runner, vendor, port, is_open=not refuses)

    async def _turn(self, runner: web.AppRunner, vendor: str, port: int, *, is_open: bool) -> None:
        if is_open and vendor not in self._open:
            site = web.TCPSite(runner, self._host, port, backlog=1024)
            await site.start()
            self._open[vendor] = site
        elif not is_open and vendor in self._open:
            await self._open.pop(vendor).stop()
