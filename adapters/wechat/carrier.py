from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from adapters.http import FORBIDDEN, Unreached, not_reached, refused
from adapters.wechat.client import NoToken, Reply, WechatClient
from adapters.wechat.push import Following, PushReader, event_of
from adapters.wechat.settings import WechatSettings
from adapters.wechat.tables import ALREADY_SENT, OK, meaning_of
from adapters.wechat.wording import message_of
from dispatch.ports import Hook, HookAnswer, HookRequest, Outgoing, Sighting, Submitted, Unsure
from dispatch.words import Channel, State
from hub.kernel.clock import Clock

log = structlog.get_logger(__name__)

REPEAT_IS_SAFE = timedelta(minutes=9)
"""The vendor promises ten for a client_msg_id; ours must have ended before."""

OnFollowing = Callable[[Following], Awaitable[None]]


async def _nobody(_told: Following) -> None:
    return None


class WechatTemplate:
    channel = Channel.WECHAT

    def __init__(
        self, settings: WechatSettings, clock: Clock, on_following: OnFollowing = _nobody
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._on_following = on_following
        self._client = WechatClient(settings, clock)
        self._push = PushReader(settings)

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {"wechat": self.on_push}

    async def submit(self, out: Outgoing) -> Submitted:
        try:
            reply = await self._send(out)
        except Unreached as error:
            return not_reached(error)
        except NoToken as error:
            reply = error.reply
        if _taken(reply):
            return Submitted(state=State.ACCEPTED, provider_id=_id(reply), detail=reply.errmsg)
        return refused(meaning_of(reply.errcode), f"{reply.errcode}: {reply.errmsg}")

    async def _send(self, out: Outgoing) -> Reply:
        message = message_of(out, self._settings.template_id, self._settings.fields)
        return await self._client.send_template(message)

    async def cancel(self, provider_id: str) -> bool:
        """The vendor takes no template message back."""
        return False

    async def look_up(self, out: Outgoing, provider_id: str, since: datetime) -> Sighting | None:
        """The vendor has no question for this. An unsure message is handed over again under the
        same client_msg_id, which sends nothing twice within ten minutes; after that it stands as
        unconfirmed. Of a message it once took, it has nothing more to say."""
        if provider_id:
            return None
        if self._clock.now() - since > REPEAT_IS_SAFE:
            return _told(out, Submitted(state=State.UNCONFIRMED, detail="too late to ask again"))
        again = await self.submit(out)
        if again.retry_after is not None:
            raise Unsure(f"asked again, without an answer: {again.detail}")
        return _told(out, again)

    async def on_push(self, request: HookRequest) -> HookAnswer:
        if not self._push.is_vendors(request, self._clock.now()):
            return FORBIDDEN
        if request.method == "GET":
            return HookAnswer(body=request.query.get("echostr", "")[:200])
        xml = self._push.open(request)
        if xml is None:
            return FORBIDDEN
        try:
            event = event_of(xml)
        except ValueError:
            return HookAnswer(status=400, body="The content is not an event.")
        return await self._answer(event)

    async def _answer(self, event: Sighting | Following | None) -> HookAnswer:
        if isinstance(event, Following):
            log.info("wechat_following", follows=event.follows)
            await self._on_following(event)
        seen = (event,) if isinstance(event, Sighting) else ()
        return HookAnswer(body="success", sightings=seen)

    async def close(self) -> None:
        await self._client.close()


def _told(out: Outgoing, found: Submitted) -> Sighting:
    return Sighting(
        key=f"poll:{out.attempt}:{found.state}:{found.provider_id}",
        channel=Channel.WECHAT,
        state=found.state,
        attempt=out.attempt,
        provider_id=found.provider_id,
        why=found.why,
        detail=found.detail,
        spoil=found.spoil,
    )


def _taken(reply: Reply) -> bool:
    return reply.errcode in {OK, ALREADY_SENT}


def _id(reply: Reply) -> str:
    return str(reply.msgid) if reply.msgid else ""
