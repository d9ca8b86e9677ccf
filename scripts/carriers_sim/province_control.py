"""The hands on the simulated province: what it has, what it forgets, what it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from scripts.carriers_sim.province import Platform
from scripts.carriers_sim.twilio_json import answer

MOST_ROWS = 1000


@dataclass
class ProvinceControl:
    platform: Platform

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/province", self.on_packages),
            web.post("/control/province/guide", self.on_guide),
            web.post("/control/province/correct", self.on_correct),
            web.post("/control/province/lose", self.on_lose),
        ]

    async def on_packages(self, _request: web.Request) -> web.Response:
        """In the order of arrival, the newest thousand."""
        rows = [{"number": number, "kind": held.manifest["kind"], "object": held.manifest["object"], "version": held.manifest["version"],
                 "says": held.says, "replaces": held.manifest["replaces"], "body": held.body} for number, held in self.platform.packages.items()]
        return answer({"packages": rows[-MOST_ROWS:], "applied": self.platform.applied[-MOST_ROWS:]})

    async def on_guide(self, request: web.Request) -> web.Response:
        """{object?, title, text}: of an object that was told of, or in general."""
        asked = await _told(request)
        self.platform.guide(str(asked.get("object", "")), str(asked.get("title", "指导意见")), str(asked.get("text", "请按要求办理。")))
        return web.Response(status=204)

    async def on_correct(self, request: web.Request) -> web.Response:
        """{number, errors: [{field, why}], text?}: asks for a correction of what was taken before."""
        asked = await _told(request)
        if asked.get("number") not in self.platform.packages:
            return answer({"title": "没有这个包。", "detail": "There is no such package.", "status": 404}, 404)
        self.platform.ask_correction(str(asked["number"]), list(asked.get("errors", [])), str(asked.get("text", "")))
        return web.Response(status=204)

    async def on_lose(self, request: web.Request) -> web.Response:
        """{number}: forgets it."""
        found = self.platform.lose(str((await _told(request)).get("number", "")))
        return web.Response(status=204 if found else 404)


async def _told(request: web.Request) -> dict[str, Any]:
    try:
        return msgspec.json.decode(await request.read(), type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
