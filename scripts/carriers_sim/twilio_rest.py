"""The doors of the simulated Twilio: Basic auth, outages, rate limits, then the resource."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from dataclasses import dataclass
from hmac import compare_digest

from aiohttp import web

from scripts.carriers_sim import gate, twilio_calls, twilio_json, twilio_messages
from scripts.carriers_sim.gate import Gate
from scripts.carriers_sim.knobs import Road
from scripts.carriers_sim.twilio_calls import Calls
from scripts.carriers_sim.twilio_messages import Messages, form
from scripts.carriers_sim.world import World

ROOT = "/2010-04-01/Accounts/{account}"


@dataclass
class TwilioDoors:
    world: World
    gate: Gate
    messages: Messages
    calls: Calls

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"{ROOT}/Messages.json", self.on_messages),
            web.get(f"{ROOT}/Messages.json", self.on_messages),
            web.route("*", f"{ROOT}/Messages/{{sid}}.json", self.on_message),
            web.post(f"{ROOT}/Calls.json", self.on_calls),
            web.get(f"{ROOT}/Calls.json", self.on_calls),
            web.route("*", f"{ROOT}/Calls/{{sid}}.json", self.on_call),
        ]

    async def on_messages(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        road = self.world.knobs.sms
        struck = self.gate.outage(road)
        early = await self._early(request, struck, "sms", road)
        if early is not None:
            return early
        answer = await twilio_messages.respond(self.messages, request, account)
        return await gate.hang(request) if struck == "swallow" else answer

    async def on_calls(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        road = self.world.knobs.voice
        struck = self.gate.outage(road)
        early = await self._early(request, struck, "voice", road)
        if early is not None:
            return early
        now = asyncio.get_running_loop().time()
        answer = await twilio_calls.respond(self.calls, request, account, now)
        return await gate.hang(request) if struck == "swallow" else answer

    async def on_message(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        road = self.world.knobs.sms
        early = await self._early(request, self.gate.outage(road), "sms", road)
        if early is not None:
            return early
        item = self.world.store.messages.get(request.match_info["sid"])
        if item is None:
            return twilio_json.error(20404)
        if request.method == "DELETE":
            self.world.store.messages.drop(item.sid)
            return web.Response(status=204)
        if request.method == "POST":
            wrong = await self.messages.update(item, await form(request))
            if wrong:
                return twilio_json.error(wrong)
        return twilio_json.answer(twilio_json.message(account, item))

    async def on_call(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        road = self.world.knobs.voice
        early = await self._early(request, self.gate.outage(road), "voice", road)
        if early is not None:
            return early
        item = self.world.store.calls.get(request.match_info["sid"])
        if item is None:
            return twilio_json.error(20404)
        if request.method == "POST":
            wrong = self.calls.update(item, await form(request))
            if wrong:
                return twilio_json.error(wrong)
        return twilio_json.answer(twilio_json.call(account, item))

    async def _early(
        self, request: web.Request, struck: str, name: str, road: Road
    ) -> web.Response | None:
        """The answer that comes before the request is looked at, if there is one."""
        match struck:
            case "cut" | "refuse":
                return await gate.cut(request)
            case "hang":
                return await gate.hang(request)
            case "error":
                return twilio_json.error(20500)
            case "unavailable":
                return twilio_json.error(20503)
        if not self._is_ours(request):
            return twilio_json.error(20003)
        if request.method == "POST" and self.gate.too_many(name, road):
            return twilio_json.error(20429)
        return None

    def _is_ours(self, request: web.Request) -> bool:
        account = self.world.options.account
        wanted = b64encode(f"{account.account_sid}:{account.auth_token}".encode())
        shown = request.headers.get("Authorization", "").partition(" ")[2].encode()
        return request.match_info["account"] == account.account_sid and compare_digest(
            shown, wanted
        )
