"""The province's HTTP interface: JSON envelopes of what was signed, as it was signed."""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from typing import Annotated

import aiohttp
import msgspec
from msgspec import Meta

from adapters.province.settings import ProvinceSettings
from dispatch.ports import Hook, HookAnswer, HookRequest
from hub.kernel.errors import Malformed
from hub.streams.exchange.ports import LARGEST, Away, Garbled, Hear, Parcel, Signed, Take

LARGEST_ANSWER = 32_000_000
"""A day's list of some hundred thousand packages."""
SERVER_FAULT = 500
JSON = "application/json; charset=utf-8"
TOLD = 300
"""Letters of a refusal that are kept."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`signed`: a manifest, a receipt, a list, a question; its bytes are UTF-8. `signature` in base64. `body`: of a package."""

    signed: Annotated[str, Meta(min_length=2)]
    signature: Annotated[str, Meta(min_length=86, max_length=88)]
    body: Annotated[str, Meta(max_length=LARGEST)] = ""


def sealed(signed: Signed, body: bytes = b"") -> Envelope:
    return Envelope(signed=signed.text.decode(), signature=b64encode(signed.signature).decode(), body=body.decode())


def opened(raw: bytes) -> tuple[Signed, bytes]:
    """Raises ValueError."""
    found = msgspec.json.decode(raw, type=Envelope)
    return Signed(text=found.signed.encode(), signature=b64decode(found.signature, validate=True)), found.body.encode()


class ProvinceClient:
    """`take`, `hear`: the exchange's, for what the province brings by itself."""

    def __init__(self, settings: ProvinceSettings, public_key: str, take: Take, hear: Hear) -> None:
        self._settings, self._take, self._hear = settings, take, hear
        self._headers = {"Content-Type": JSON, "Exchange-City": settings.code, "Exchange-Key": public_key}
        self._session: aiohttp.ClientSession | None = None

    async def hand_over(self, parcel: Parcel) -> Signed:
        return await self._asked("packages", sealed(parcel.signed, parcel.body))

    async def day(self, day: date, asked: Signed) -> Signed:
        return await self._asked(f"days/{day.isoformat()}", sealed(asked))

    async def _asked(self, path: str, envelope: Envelope) -> Signed:
        url = f"{self._settings.url.rstrip('/')}/exchange/v1/{path}"
        try:
            async with asyncio.timeout(self._settings.seconds), self._web().post(url, data=msgspec.json.encode(envelope)) as answer:
                raw = await _whole(answer)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Away(f"{type(error).__name__}: {error}"[:TOLD]) from error
        if answer.status >= SERVER_FAULT:
            raise Away(f"HTTP {answer.status}")
        if answer.status >= 400:
            raise Garbled(f"HTTP {answer.status}: {raw[:TOLD].decode('utf-8', 'replace')}")
        try:
            return opened(raw)[0]
        except (ValueError, msgspec.DecodeError) as error:
            raise Garbled(f"not an envelope: {error}"[:TOLD]) from error

    # --- what the province brings ---

    @property
    def hooks(self) -> Mapping[str, Hook]:
        return {"province/packages": self.on_package, "province/receipts": self.on_receipt}

    async def on_package(self, request: HookRequest) -> HookAnswer:
        signed, body = _of(request)
        receipt = await self._take(Parcel(signed=signed, body=body))
        return HookAnswer(content_type=JSON, body=msgspec.json.encode(sealed(receipt)).decode())

    async def on_receipt(self, request: HookRequest) -> HookAnswer:
        signed, _ = _of(request)
        await self._hear(signed)
        return HookAnswer(status=204)

    # --- by what means ---

    def _web(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers=self._headers, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """As much of it as is looked at."""
    raw = bytearray()
    async for chunk in answer.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST_ANSWER:
            break
    return bytes(raw)


def _of(request: HookRequest) -> tuple[Signed, bytes]:
    try:
        return opened(request.body)
    except (ValueError, msgspec.DecodeError) as error:
        raise Malformed("信封的格式不对，请按约定的 JSON 格式发送。", f"The envelope cannot be read: {error}.", code="bad-envelope") from error
