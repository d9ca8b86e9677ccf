from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from adapters.http import Meaning, attempt_of
from adapters.twilio.line import DELIVERY_WISHES, Line
from adapters.twilio.settings import TwilioSettings
from adapters.twilio.tables import FAILED_STATES, MESSAGE, meaning_of
from adapters.twilio.wording import body_of
from dispatch.ports import Hook, HookAnswer, HookRequest, Outgoing, Sighting, Submitted
from dispatch.words import Channel, State, Why

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

log = structlog.get_logger(__name__)

WINDOW = timedelta(seconds=5)
"""The vendor's clock may differ from ours, and tells whole seconds."""
NEWEST = 50


class TwilioSms:
    channel = Channel.SMS

    def __init__(self, settings: TwilioSettings) -> None:
        self._line = Line(settings)
        self._settings = settings
        service = settings.messaging_service_sid
        self._sender: dict[str, Any] = (
            {"messaging_service_sid": service} if service else {"from_": settings.from_number}
        )

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {"twilio/message": self.on_message}

    async def submit(self, out: Outgoing) -> Submitted:
        async def create(client: Client) -> tuple[str, str]:
            message = await client.messages.create_async(
                to=out.address,
                body=body_of(out),
                status_callback=self._settings.hook(f"message/{out.attempt}{DELIVERY_WISHES}"),
                validity_period=self._settings.validity_seconds,
                **self._sender,
            )
            return str(message.sid), str(message.status)

        return await self._line.hand_over(create)

    async def cancel(self, provider_id: str) -> bool:
        """Only a message that waits for its hour can be taken back."""

        async def change(client: Client) -> str:
            message = await client.messages(provider_id).update_async(status="canceled")
            return str(message.status)

        return await self._line.take_back(change)

    async def look_up(self, out: Outgoing, provider_id: str, since: datetime) -> Sighting | None:
        if provider_id:
            found = await self._line.ask(lambda client: client.messages(provider_id).fetch_async())
        else:
            found = await self._line.ask(lambda client: self._find(client, out, since))
        return None if found is None else self._seen(out, found)

    async def _find(self, client: Client, out: Outgoing, since: datetime) -> MessageInstance | None:
        # Not filtered by DateSent: a message that is still queued has none.
        newest = await client.messages.list_async(to=out.address, limit=NEWEST)
        body = body_of(out)
        ours = [m for m in newest if m.body == body and _made(m.date_created, since)]
        return ours[-1] if ours else None

    def _seen(self, out: Outgoing, message: MessageInstance) -> Sighting | None:
        return sighting_of_message(
            sid=str(message.sid),
            status=str(message.status),
            code=message.error_code or 0,
            attempt=out.attempt,
            key=f"poll:{message.sid}:{message.status}:{message.error_code or ''}",
        )

    async def on_message(self, request: HookRequest) -> HookAnswer:
        fields = self._line.read(request)
        if isinstance(fields, HookAnswer):
            return fields
        sid, status = fields.get("MessageSid", ""), fields.get("MessageStatus", "")
        code, dlr = fields.get("ErrorCode", ""), fields.get("RawDlrDoneDate", "")
        seen = sighting_of_message(
            sid=sid,
            status=status,
            code=int(code) if code.isdecimal() else 0,
            attempt=attempt_of(request.tail),
            key=f"twilio:{sid}:{status}:{code}:{dlr}",
        )
        if seen is None:
            log.warning("twilio_status_unknown", status=status[:40], sid=sid[:40])
        return HookAnswer(sightings=(seen,) if seen else ())

    async def close(self) -> None:
        await self._line.close()


def _made(created: datetime | None, since: datetime) -> bool:
    return created is not None and created >= since - WINDOW


def sighting_of_message(
    *, sid: str, status: str, code: int, attempt: UUID | None, key: str
) -> Sighting | None:
    state = MESSAGE.get(status)
    if state is None or not sid:
        return None
    failed = state in FAILED_STATES
    meaning = meaning_of(code, 0) if failed else Meaning(Why.NONE)
    return Sighting(
        key=key,
        channel=Channel.SMS,
        state=State.EXPIRED if meaning.why is Why.EXPIRED else state,
        attempt=attempt,
        provider_id=sid,
        why=Why.CANCELLED if state is State.SUPPRESSED else meaning.why,
        detail=f"{status} {code}" if code else status,
        spoil=meaning.spoil,
        retry=meaning.retry is not None,
    )
