from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from multidict import MultiDict

from adapters.http import attempt_of
from adapters.twilio import speech
from adapters.twilio.line import DELIVERY_WISHES, Line
from adapters.twilio.settings import TwilioSettings
from adapters.twilio.sightings import amd_seen, call_seen, key_seen
from dispatch.ports import (
    Hook,
    HookAnswer,
    HookRequest,
    Outgoing,
    Script,
    ScriptOf,
    Sighting,
    Submitted,
)
from dispatch.words import Channel

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.call import CallInstance

log = structlog.get_logger(__name__)

WINDOW_BEFORE = timedelta(seconds=5)
WINDOW_AFTER = timedelta(seconds=60)
NEWEST = 50
EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioVoice:
    channel = Channel.VOICE

    def __init__(self, settings: TwilioSettings, script_of: ScriptOf) -> None:
        self._line = Line(settings)
        self._settings = settings
        self._script_of = script_of

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {
            "twilio/call": self.on_call,
            "twilio/answer": self.on_answer,
            "twilio/keys": self.on_keys,
        }

    async def submit(self, out: Outgoing) -> Submitted:
        async def create(client: Client) -> tuple[str, str]:
            call = await client.calls.create_async(
                to=out.address,
                from_=self._settings.from_number,
                url=self._settings.hook(f"answer/{out.attempt}{DELIVERY_WISHES}"),
                status_callback=self._settings.hook(f"call/{out.attempt}{DELIVERY_WISHES}"),
                status_callback_event=EVENTS,
                timeout=self._settings.ring_seconds,
                **self._detection(out),
            )
            return str(call.sid), str(call.status)

        return await self._line.hand_over(create)

    def _detection(self, out: Outgoing) -> dict[str, Any]:
        """Beside the call, not before it: a person must not wait in silence for the verdict."""
        if not self._settings.detect_machine:
            return {}
        return {
            "machine_detection": "Enable",
            "async_amd": "true",
            "async_amd_status_callback": self._settings.hook(f"call/{out.attempt}"),
        }

    async def cancel(self, provider_id: str) -> bool:
        """Takes back a call that nobody has answered yet; a conversation is left alone."""

        async def change(client: Client) -> str:
            call = await client.calls(provider_id).update_async(status="canceled")
            return str(call.status)

        return await self._line.take_back(change)

    async def look_up(self, out: Outgoing, provider_id: str, since: datetime) -> Sighting | None:
        if provider_id:
            found = await self._line.ask(lambda client: client.calls(provider_id).fetch_async())
        else:
            found = await self._line.ask(lambda client: self._find(client, out, since))
        if found is None:
            return None
        return call_seen(
            sid=str(found.sid),
            status=str(found.status),
            answered_by=found.answered_by or "",
            sip=None,
            attempt=out.attempt,
            key=f"poll:{found.sid}:{found.status}:{found.answered_by or ''}",
        )

    async def _find(self, client: Client, out: Outgoing, since: datetime) -> CallInstance | None:
        """The first call to this number made in the minute after `since`: a call has no text to be
        known by, and no other call to one person starts while this one is unsure."""
        newest = await client.calls.list_async(to=out.address, limit=NEWEST)
        first, last = since - WINDOW_BEFORE, since + WINDOW_AFTER
        ours = [call for call in newest if call.date_created and first <= call.date_created <= last]
        return ours[-1] if ours else None

    async def on_call(self, request: HookRequest) -> HookAnswer:
        fields = self._line.read(request)
        if isinstance(fields, HookAnswer):
            return fields
        attempt = attempt_of(request.tail)
        seen = _status(fields, attempt) or amd_seen(fields, attempt)
        if seen is None:
            log.warning("twilio_call_unknown", status=fields.get("CallStatus", "")[:40])
        return HookAnswer(sightings=(seen,) if seen else ())

    async def on_answer(self, request: HookRequest) -> HookAnswer:
        fields = self._line.read(request)
        if isinstance(fields, HookAnswer):
            return fields
        attempt = attempt_of(request.tail)
        script = await self._script_of(attempt) if attempt else None
        if attempt is None or script is None:
            return self._twiml(speech.part("这条通知已经结束，谢谢。", self._settings.speaker))
        return self._twiml(self._round(script, attempt, 1))

    async def on_keys(self, request: HookRequest) -> HookAnswer:
        """A known key is thanked for, the repeat key repeats, anything else is asked again."""
        fields = self._line.read(request)
        if isinstance(fields, HookAnswer):
            return fields
        attempt = attempt_of(request.tail)
        script = await self._script_of(attempt) if attempt else None
        if attempt is None or script is None:
            return self._twiml(speech.part("这条通知已经结束，谢谢。", self._settings.speaker))
        turn = _turn(request.query.get("round", ""))
        pressed = fields.get("Digits", "")[:1]
        keys = speech.keys_of(script.options)
        seen = key_seen(fields.get("CallSid", ""), attempt, pressed, keys, turn)
        if not pressed and fields.get("AnsweredBy", "").startswith(("machine", "fax")):
            return self._twiml(speech.part("再见。", self._settings.speaker))
        return self._twiml(self._reply(script, attempt, pressed, turn), seen)

    def _reply(self, script: Script, attempt: UUID, pressed: str, turn: int) -> str:
        speaker = self._settings.speaker
        keys = speech.keys_of(script.options)
        if pressed in keys:
            return speech.part(f"已登记：{keys[pressed].label}。谢谢，再见。", speaker)
        if turn >= speech.ROUNDS:
            return speech.part("没有收到有效的按键，稍后将再与您联系。再见。", speaker)
        again = pressed == speech.repeat_key(keys)
        opening = "" if again else "没有听清您的按键，请再听一遍。"
        return self._round(script, attempt, turn + 1, opening)

    def _round(self, script: Script, attempt: UUID, turn: int, opening: str = "") -> str:
        action = self._settings.hook(f"keys/{attempt}?round={turn}")
        return speech.ask(script, action, self._settings.speaker, opening)

    @staticmethod
    def _twiml(text: str, seen: Sighting | None = None) -> HookAnswer:
        return HookAnswer(
            content_type="text/xml; charset=utf-8", body=text, sightings=(seen,) if seen else ()
        )

    async def close(self) -> None:
        await self._line.close()


def _turn(told: str) -> int:
    return min(int(told), speech.ROUNDS) if told.isdecimal() and len(told) < 3 else 1


def _status(fields: MultiDict[str], attempt: UUID | None) -> Sighting | None:
    sid, status = fields.get("CallSid", ""), fields.get("CallStatus", "")
    sip = fields.get("SipResponseCode", "")
    return call_seen(
        sid=sid,
        status=status,
        answered_by=fields.get("AnsweredBy", ""),
        sip=int(sip) if sip.isdecimal() else None,
        attempt=attempt,
        key=f"twilio:{sid}:{fields.get('SequenceNumber') or status}",
    )
