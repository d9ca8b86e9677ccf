"""Which vendors there are, from the settings; the simulator's own for a demonstration."""

from __future__ import annotations

from uuid import UUID

import msgspec

from adapters.province.client import ProvinceClient
from adapters.province.settings import ProvinceSettings
from adapters.twilio.legs import TwilioLegs
from adapters.twilio.settings import TwilioSettings
from adapters.twilio.sms import TwilioSms
from adapters.twilio.voice import TwilioVoice
from adapters.wechat.carrier import WechatTemplate
from adapters.wechat.oauth import WechatSignIn
from adapters.wechat.push import Following
from adapters.wechat.settings import WechatSettings
from dispatch.outgoing import Writer
from dispatch.ports import Carrier
from dispatch.words import Channel
from hub.desk import Desk
from hub.directory.messages.commands import BindOpenId
from hub.gateway.session import WechatDoor
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.ids import uuid7
from hub.record import Database, Jobs
from hub.settings import Settings
from hub.streams.exchange.ports import Hear, Province, Take
from media.ports import LegEnded, PhoneLegs


def build_carriers(settings: Settings, clock: Clock, writer: Writer, db: Database) -> dict[Channel, Carrier]:
    """The roads for which there are credentials; the simulator's own for a demonstration."""

    async def following(told: Following) -> None:
        async with db.transaction() as conn:
            await Jobs.put(conn, "wechat.following", told.openid, clock.now(), [told.openid, told.follows])

    carriers: dict[Channel, Carrier] = {}
    twilio = twilio_settings(settings)
    if twilio is not None:
        carriers[Channel.SMS] = TwilioSms(twilio)
        carriers[Channel.VOICE] = TwilioVoice(twilio, writer.script)
    wechat = wechat_settings(settings)
    if wechat is not None:
        carriers[Channel.WECHAT] = WechatTemplate(wechat, clock, following)
    return carriers


def build_phones(settings: Settings, ended: LegEnded) -> PhoneLegs | None:
    """Who rings telephones into calls, where there is one."""
    twilio = twilio_settings(settings)
    return TwilioLegs(twilio, ended) if twilio is not None and settings.media else None


def twilio_settings(settings: Settings) -> TwilioSettings | None:
    given = dict(settings.twilio)
    if settings.carriers:
        given = {"account_sid": "AC" + "5" * 32, "auth_token": "demo-auth-token-of-the-simulator",
                 "from_number": "+15005550006", "base_url": settings.carriers} | given
    return msgspec.convert(given | {"public_url": settings.url}, TwilioSettings, strict=False) if "account_sid" in given else None


def wechat_settings(settings: Settings) -> WechatSettings | None:
    given = dict(settings.wechat)
    if settings.carriers:
        given = {"app_id": "wxdemo000000000001", "app_secret": "demo-app-secret-of-the-simulator",
                 "token": "demopushtoken", "template_id": "demo-notice-template",
                 "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "base_url": settings.carriers,
                 "open_url": settings.carriers} | given
    return msgspec.convert(given | {"public_url": settings.url}, WechatSettings, strict=False) if "app_id" in given else None


def build_province(settings: Settings, public_key: str, take: Take, hear: Hear) -> Province | None:
    """With whom packages are exchanged, where there is somebody."""
    if "url" not in settings.province:
        return None
    return ProvinceClient(msgspec.convert(settings.province, ProvinceSettings, strict=False), public_key, take, hear)


def wechat_door(settings: Settings, clock: Clock, desk: Desk) -> WechatDoor | None:
    wechat = wechat_settings(settings)
    if wechat is None:
        return None
    entry = WechatSignIn(wechat, clock)

    async def bind(person: UUID, openid: str, actor: Actor) -> None:
        await desk.ask(BindOpenId(id=uuid7(clock.now()), person=person, openid=openid), actor)

    return WechatDoor(
        authorize_url=lambda state: entry.authorise_url(f"{settings.url}/api/wechat/back", state),
        openid_of=entry.openid, bind=bind,
    )
