"""The hub's doors of voice: which ICE servers, into a room, out of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
import msgspec

from edge.link import refusal
from hub.kernel.errors import TryAgain

TIMEOUT = aiohttp.ClientTimeout(total=10)
FAREWELL = aiohttp.ClientTimeout(total=0.5)
BIGGEST = 1 << 20
Shape = TypeVar("Shape")
NONCE = "edge"
"""The same on every join, so that the seat is kept when the connection is a new one."""


class IceServer(msgspec.Struct, frozen=True, kw_only=True):
    urls: tuple[str, ...]
    username: str = ""
    credential: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    ice_servers: tuple[IceServer, ...] = ()


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    answer: str
    peer: str


class Door:
    def __init__(self, hub: str, key: str, session: aiohttp.ClientSession) -> None:
        self._hub = hub.rstrip("/")
        self._headers = {"Authorization": f"Device {key}"}
        self._session = session

    async def config(self) -> Config:
        return await self._said("GET", "/api/media/config", Config)

    async def join(self, room: str, offer: str, roles: Mapping[str, str]) -> Joined:
        """Raises Refused (not a member, or no more) and TryAgain."""
        wish = {"offer": offer, "nonce": NONCE, "roles": roles}
        return await self._said("POST", f"/api/media/rooms/{quote(room, safe=':')}/join", Joined, wish)

    async def leave(self, peer: str) -> None:
        with suppress(aiohttp.ClientError, TimeoutError):
            path = f"{self._hub}/api/media/peers/{quote(peer, safe='')}"
            async with self._session.delete(path, headers=self._headers, timeout=FAREWELL, allow_redirects=False):
                pass

    async def _said(self, method: str, path: str, shape: type[Shape], wish: Any = None) -> Shape:
        try:
            async with self._session.request(
                method, self._hub + path, json=wish, headers=self._headers, timeout=TIMEOUT, allow_redirects=False,
            ) as answer:
                body = await answer.content.read(BIGGEST)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryAgain("中枢没有答复。", f"The hub did not answer: {error}.") from error
        return _read(answer.status, body, shape)


def _read(status: int, body: bytes, shape: type[Shape]) -> Shape:
    try:
        if status >= 300:
            raise refusal({"problem": msgspec.json.decode(body) | {"status": status}})
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, TypeError) as error:
        raise TryAgain("中枢的答复看不懂。", f"The hub's answer is malformed: {error}.") from error
