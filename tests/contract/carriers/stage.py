"""The three roads against the simulator over HTTP: what the contract needs to know of each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec

from adapters.twilio.settings import TwilioSettings
from adapters.twilio.sms import TwilioSms
from adapters.twilio.voice import TwilioVoice
from adapters.wechat.carrier import WechatTemplate
from adapters.wechat.settings import WechatSettings
from dispatch.ports import Carrier, Outgoing, ReplyOption, Script
from dispatch.words import Channel, Priority
from hub.kernel.clock import SystemClock
from scripts.carriers_sim.app import running
from scripts.carriers_sim.settings import Options
from tests.contract.carriers.door import Door, open_door
from tests.patience import PATIENCE
from tests.ports import free_port

OPTIONS = (
    ReplyOption(code="received", label="收到", key="1"),
    ReplyOption(code="leave", label="请假", key="2", needs_reason=True),
)
SCRIPT = Script(title="防汛通知", text="请各联络站立即到岗。", audio="", options=OPTIONS)
CALM: dict[str, Any] = {
    "delay": [0.0, 0.05],
    "think": [0.0, 0.05],
    "mix": {"phone": {"listen": 1}, "text": {"ignore": 1}, "wechat": {"ignore": 1}},
}
ADDRESS = {
    Channel.SMS: "+8613800000001",
    Channel.VOICE: "+8613800000002",
    Channel.WECHAT: "oDeputyOpenId000001",
}


@dataclass
class Stage:
    """One road, the door its callbacks come to, its vendor, and the control of the simulator that plays him."""

    carrier: Carrier
    door: Door
    vendor: str
    simulator: str
    web: aiohttp.ClientSession

    @property
    def channel(self) -> Channel:
        return self.carrier.channel

    def notice(self, address: str = "", title: str = "防汛通知") -> Outgoing:
        attempt = uuid4()
        return Outgoing(
            attempt=attempt,
            broadcast=UUID(int=7),
            channel=self.channel,
            address=address or ADDRESS[self.channel],
            name="王代表",
            title=title,
            text="请各联络站立即到岗，检查排涝设备。",
            link=f"{self.door.url}/d/{attempt.hex}",
            audio="",
            options=OPTIONS,
            priority=Priority.EMERGENCY,
            drill=False,
            sent_at=SystemClock().now(),
        )

    async def turn(self, **knobs: Any) -> None:
        async with self.web.put(f"{self.simulator}/control/knobs", json=knobs) as answer:
            assert answer.status == 200, await answer.text()

    async def strike(self, **road: Any) -> None:
        """Turns the knobs of this road."""
        await self.turn(**{self.channel.value: road})

    async def post(self, path: str, told: object) -> int:
        async with self.web.post(f"{self.simulator}/control/{path}", json=told) as answer:
            return answer.status

    async def kept(self, what: str = "") -> list[dict[str, Any]]:
        """What the vendor has: messages or calls, newest first."""
        name = what or ("calls" if self.channel is Channel.VOICE else "messages")
        async with self.web.get(f"{self.simulator}/control/{name}") as answer:
            rows: list[dict[str, Any]] = (await answer.json())[name]
        return rows


async def script_of(_attempt: UUID) -> Script | None:
    return SCRIPT


def carrier_of(channel: Channel, simulator: str, door: str, **own: Any) -> Carrier:
    account = Options().account
    if channel is Channel.WECHAT:
        wechat = WechatSettings(
            app_id=account.app_id,
            app_secret=account.app_secret,
            token=account.push_token,
            aes_key=account.aes_key,
            template_id=account.template_id,
            public_url=door,
            base_url=simulator,
            open_url=simulator,
        )
        return WechatTemplate(msgspec.structs.replace(wechat, **own), SystemClock())
    twilio = TwilioSettings(
        account_sid=account.account_sid,
        auth_token=account.auth_token,
        public_url=door,
        from_number="+867551000000",
        base_url=simulator,
    )
    settings = msgspec.structs.replace(twilio, **own)
    return TwilioSms(settings) if channel is Channel.SMS else TwilioVoice(settings, script_of)


@asynccontextmanager
async def staged(channel: Channel) -> AsyncIterator[Stage]:
    async with open_door() as door, aiohttp.ClientSession() as web:
        own_port = free_port()
        options = Options(
            hub=door.url,
            port=0,
            twilio_port=0 if channel is Channel.WECHAT else own_port,
            wechat_port=own_port if channel is Channel.WECHAT else 0,
            speed=50.0,
        )
        async with running(options) as (_world, port):
            vendor = f"http://127.0.0.1:{own_port}"
            carrier = carrier_of(channel, vendor, door.url, seconds=PATIENCE)
            door.open(carrier.hooks)
            stage = Stage(carrier, door, vendor, f"http://127.0.0.1:{port}", web)
            await stage.turn(**CALM)
            try:
                yield stage
            finally:
                await carrier.close()
                await asyncio.sleep(0)
