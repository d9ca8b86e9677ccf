"""What a browser says over its websocket, as bytes. Pure."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from struct import Struct
from typing import Any

TEXT, CLOSE = 0x81, 0x88
COMPRESSED = 0x40

TELL = b'42["tell"'
AT = b'42["at"'
"""Moves the offset of a client that was told without one."""
MARK = b"@at="
"""In the text of an event: `@at=<19 digits of monotonic nanoseconds>.<8 digits of its number>`."""

HEAD = Struct(">HHQ")
WHOLE = 0x817E
"""An unmasked final text frame with two bytes of length."""
TELLS = int.from_bytes(TELL[:8])


def mark(at: int, number: int) -> str:
    return f"@at={at:019d}.{number:08d}"


def text_of(size: int, at: int, number: int) -> dict[str, str]:
    """An event's body of so many bytes as JSON. What fills it looks like words: it does not compress to nothing."""
    filling = base64.b64encode(os.urandom(size)).decode()
    return {"text": (mark(at, number) + filling)[:size - 11]}


def upgrade(host: str, port: int, extra: str = "") -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\n"
        "Pragma: no-cache\r\nCache-Control: no-cache\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
        f"Upgrade: websocket\r\nOrigin: http://{host}:{port}\r\nSec-WebSocket-Version: 13\r\n"
        "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
        f"{extra}Sec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n").encode()


def masked(text: str, opcode: int = TEXT) -> bytes:
    payload, mask = text.encode(), os.urandom(4)
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    body = (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size) if size else b""
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2)
    return bytes((opcode,)) + length + mask + body


PONG = masked("3")


def enter(auth: dict[str, Any]) -> bytes:
    return masked("40" + (json.dumps(auth) if auth else ""))


def ask(number: int, event: str, *arguments: Any) -> bytes:
    return masked(f"42{number}{json.dumps([event, *arguments])}")


def frames(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(first byte, payload, where the next frame begins) of a server's whole frames."""
    place, size = 0, len(data)
    while size - place >= 2:
        length, start = data[place + 1], place + 2
        if length >= 126:
            start += 2 if length == 126 else 8
            length = int.from_bytes(data[place + 2:start])
        end = start + length
        if end > size:
            return
        yield data[place], data[start:end], end
        place = end


def offset_in(tail: bytes) -> str:
    """The last argument of an event: what the stock client says back when it returns."""
    _, quote, rest = tail.rpartition(b',"')
    return rest.partition(b'"')[0].decode() if quote else ""
