"""What the vendor pushes to us: proof of origin, decryption, and the event inside."""

from __future__ import annotations

import hmac
import struct
from datetime import UTC, datetime, timedelta
from xml.parsers.expat import ExpatError

import msgspec
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.events import (
    SubscribeEvent,
    SubscribeScanEvent,
    TemplateSendJobFinishEvent,
    UnsubscribeEvent,
)
from wechatpy.exceptions import WeChatException
from wechatpy.utils import WeChatSigner

from adapters.http import MAX_HOOK_BYTES
from adapters.wechat.settings import WechatSettings
from adapters.wechat.tables import finish_of
from dispatch.ports import HookRequest, Sighting
from dispatch.words import Channel

FRESH = timedelta(minutes=10)
"""In plain mode the signature covers no content, so an old one must not be worth stealing."""

UNREADABLE = (
    ValueError, TypeError, LookupError, AttributeError, OverflowError, OSError,
    ExpatError, struct.error, WeChatException,
)  # fmt: skip


class Following(msgspec.Struct, frozen=True):
    """Somebody began or ceased to follow the account."""

    openid: str
    follows: bool
    at: datetime


def signature_of(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


class PushReader:
    def __init__(self, settings: WechatSettings) -> None:
        self._token = settings.token
        self._crypto = (
            WeChatCrypto(settings.token, settings.aes_key, settings.app_id)
            if settings.aes_key
            else None
        )

    def is_vendors(self, request: HookRequest, now: datetime) -> bool:
        """Whether the address is signed; `open` judges the content."""
        query = request.query
        stamp = query.get("timestamp", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
            return False
        if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > FRESH:
            return False
        ours = signature_of(self._token, stamp, query.get("nonce", ""))
        return hmac.compare_digest(ours.encode(), query.get("signature", "").encode())

    def open(self, request: HookRequest) -> str | None:
        """The event's XML; None when the content is not proved to be the vendor's or not readable."""
        if len(request.body) > MAX_HOOK_BYTES:
            return None
        try:
            if self._crypto is None:
                return request.body.decode("utf-8")
            return str(self._decrypted(self._crypto, request))
        except UNREADABLE:
            return None

    @staticmethod
    def _decrypted(crypto: WeChatCrypto, request: HookRequest) -> object:
        query = request.query
        return crypto.decrypt_message(
            request.body,
            query.get("msg_signature", ""),
            query.get("timestamp", ""),
            query.get("nonce", ""),
        )


def event_of(xml: str) -> Sighting | Following | None:
    """None for what does not concern us. Raises ValueError for what is not an event at all."""
    try:
        event = parse_message(xml)
        return _finished(event) or _following(event)
    except UNREADABLE as error:
        raise ValueError("not a pushed event") from error


def _finished(event: object) -> Sighting | None:
    if not isinstance(event, TemplateSendJobFinishEvent):
        return None
    state, meaning = finish_of(event.status)
    return Sighting(
        key=f"wechat:{event.source}:{event.time}:finish:{event.id}",
        channel=Channel.WECHAT,
        state=state,
        provider_id=str(event.id),
        why=meaning.why,
        detail=event.status[:100],
        spoil=meaning.spoil,
        retry=meaning.retry is not None,
        at=datetime.fromtimestamp(event.time, UTC),
    )


def _following(event: object) -> Following | None:
    if isinstance(event, SubscribeEvent | SubscribeScanEvent):
        return Following(event.source, True, datetime.fromtimestamp(event.time, UTC))
    if isinstance(event, UnsubscribeEvent):
        return Following(event.source, False, datetime.fromtimestamp(event.time, UTC))
    return None
