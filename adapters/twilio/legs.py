"""Telephones that join rooms: a call whose sound comes and goes over a Media Streams WebSocket."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated
from uuid import UUID
from xml.sax.saxutils import quoteattr

import msgspec
from msgspec import Meta

from adapters.http import attempt_of
from adapters.twilio.line import DELIVERY_WISHES, Line
from adapters.twilio.settings import TwilioSettings
from dispatch.ports import Hook, HookAnswer, HookRequest, Unsure
from hub.kernel.errors import Malformed, Refused, TryAgain
from media.ports import LegEnded

if TYPE_CHECKING:
    from twilio.rest import Client

EVENTS = ["answered", "completed"]
ENDED = frozenset({"busy", "no-answer", "failed", "canceled", "completed"})


class TwilioLegs:
    vendor = "twilio"

    def __init__(self, settings: TwilioSettings, ended: LegEnded) -> None:
        self._line, self._settings, self._ended = Line(settings), settings, ended

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {"twilio/leg": self.on_leg}

    async def dial(self, leg: UUID, number: str, *, stream: str, seconds: int) -> str:
        async def create(client: Client) -> tuple[str, str]:
            call = await client.calls.create_async(
                to=number, from_=self._settings.from_number, timeout=seconds,
                twiml=f"<Response><Connect><Stream url={quoteattr(stream)}/></Connect></Response>",
                status_callback=self._settings.hook(f"leg/{leg}{DELIVERY_WISHES}"), status_callback_event=EVENTS)
            return str(call.sid), str(call.status)

        try:
            submitted = await self._line.hand_over(create)
        except Unsure as unsure:
            raise TryAgain("不知道电话是否已拨出。", f"It is not known whether the telephone rings: {unsure}", code="dial-unsure") from unsure
        if not submitted.provider_id:
            raise Refused("运营商没有接受这次拨号。", f"The carrier did not take the call ({submitted.state}).", code="not-dialed")
        return submitted.provider_id

    async def hang_up(self, provider: str) -> None:
        async def change(client: Client) -> str:
            call = await client.calls(provider).update_async(status="completed")
            return str(call.status)

        await self._line.take_back(change)

    async def on_leg(self, request: HookRequest) -> HookAnswer:
        fields = self._line.read(request)
        if isinstance(fields, HookAnswer):
            return fields
        leg, status = attempt_of(request.tail), fields.get("CallStatus", "")
        if leg is not None and status in ENDED:
            await self._ended(leg, status)
        return HookAnswer()

    def wire(self) -> StreamWire:
        return StreamWire()

    async def close(self) -> None:
        await self._line.close()


class Media(msgspec.Struct, frozen=True):
    payload: Annotated[str, Meta(max_length=20_000)] = ""


class Frame(msgspec.Struct, frozen=True, rename="camel"):
    """Of what the vendor sends, what is needed; `event`: connected, start, media, dtmf, mark, stop."""

    event: Annotated[str, Meta(max_length=40)]
    stream_sid: Annotated[str, Meta(max_length=80)] = ""
    media: Media | None = None


class StreamWire:
    """Media Streams: JSON with µ-law of 20 ms in base64."""

    def __init__(self) -> None:
        self._stream = ""
        self._decoder = msgspec.json.Decoder(Frame)

    def take(self, text: str) -> bytes | None:
        try:
            frame = self._decoder.decode(text)
            self._stream = self._stream or frame.stream_sid
            if frame.event == "stop":
                return None
            return b64decode(frame.media.payload, validate=True) if frame.event == "media" and frame.media else b""
        except (msgspec.DecodeError, ValueError) as error:
            raise Malformed("电话的音频数据格式不对。", f"The telephone's frame cannot be read: {error}", code="bad-frame") from error

    def give(self, ulaw: bytes) -> str:
        if not self._stream:
            return ""
        return msgspec.json.encode({"event": "media", "streamSid": self._stream, "media": {"payload": b64encode(ulaw).decode()}}).decode()
