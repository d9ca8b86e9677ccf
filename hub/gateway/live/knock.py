"""The request that asks for a live connection: read by hand, because there will be 50,000 of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from math import ceil
from urllib.parse import parse_qsl

import msgspec

from hub.gateway.live.frames import accept_key

PATH = b"/socket.io/"
START = b"GET " + PATH
HEAD_BYTES = 8_192
HEADERS = 64


class BadKnock(Exception):
    def __init__(self, status: int, why: str, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.status = status
        self.retry_after = retry_after


class Knock(msgspec.Struct, frozen=True):
    """Header names in lower case."""

    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def cookies(self) -> dict[str, str]:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}


def is_for_us(received: bytes) -> bool | None:
    """None while it cannot be told yet."""
    if received.startswith(START):
        return True
    return None if START.startswith(received) else False


def read_knock(head: bytes) -> tuple[Knock, bytes]:
    """The knock and the answer that opens the door. Raises BadKnock."""
    line, *lines = head.split(b"\r\n")
    parts = line.split(b" ")
    if len(parts) != 3 or parts[2] != b"HTTP/1.1" or len(lines) > HEADERS:
        raise BadKnock(400, "a bad request")
    try:
        headers = {name.strip().lower(): value.strip() for name, value in
                   (header.decode("latin-1").split(":", 1) for header in lines if header)}
        query = dict(parse_qsl(parts[1].decode("ascii").partition("?")[2], max_num_fields=20))
    except (ValueError, UnicodeDecodeError):
        raise BadKnock(400, "a bad request") from None
    _require_websocket(headers, query)
    answer = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              b"Sec-WebSocket-Accept: " + accept_key(headers["sec-websocket-key"].encode()) + b"\r\n\r\n")
    return Knock(query, headers), answer


def _require_websocket(headers: Mapping[str, str], query: Mapping[str, str]) -> None:
    if query.get("EIO") != "4":
        raise BadKnock(400, "Engine.IO 4 is spoken here")
    if query.get("transport") != "websocket" or headers.get("upgrade", "").lower() != "websocket":
        raise BadKnock(400, "only the websocket transport is offered")
    if headers.get("sec-websocket-version") != "13":
        raise BadKnock(426, "WebSocket version 13 is spoken here")
    if not headers.get("sec-websocket-key"):
        raise BadKnock(400, "the key is missing")


def http_refusal(refusal: BadKnock) -> bytes:
    reason = {400: "Bad Request", 426: "Upgrade Required", 429: "Too Many Requests", 503: "Service Unavailable"}
    body = f'{{"code":3,"message":"{refusal}"}}'.encode()
    extra = "Sec-WebSocket-Version: 13\r\n" if refusal.status == 426 else ""
    if refusal.retry_after:
        extra += f"Retry-After: {ceil(refusal.retry_after)}\r\n"
    head = (f"HTTP/1.1 {refusal.status} {reason.get(refusal.status, 'Refused')}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{extra}Connection: close\r\n\r\n")
    return head.encode() + body
