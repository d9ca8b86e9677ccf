"""WebSocket frames (RFC 6455), as far as a server without extensions needs them. Pure.

A frame for everybody is made once: a server's frames are not masked, so the same bytes fit every
connection. permessage-deflate is never agreed to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

TEXT, BINARY, CLOSE, PING, PONG, MORE = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

NORMAL, GOING_AWAY, PROTOCOL, UNSUPPORTED, BAD_TEXT, POLICY, TOO_BIG = 1000, 1001, 1002, 1003, 1007, 1008, 1009

CONTROL_BYTES = 125


class BadFrame(Exception):
    """The guest breaks the protocol; `code` is the close code it gets."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def accept_key(key: bytes) -> bytes:
    return base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest())


def frame(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65_536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2) + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8) + payload


def text(payload: str) -> bytes:
    return frame(TEXT, payload.encode())


def close(code: int, why: str = "") -> bytes:
    return frame(CLOSE, code.to_bytes(2) + why.encode()[:CONTROL_BYTES - 2])


def unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)


class Reader:
    """Feed bytes, get whole messages: (TEXT | BINARY | CLOSE | PING | PONG, payload).

    Raises BadFrame. `limit` bounds a message, its fragments together; it may be changed between two messages.
    """

    __slots__ = ("_buffer", "_fragments", "_kind", "limit")

    def __init__(self, limit: int) -> None:
        self._buffer = b""
        self._fragments: list[bytes] | None = None
        self._kind = 0
        self.limit = limit

    def feed(self, received: bytes) -> Iterator[tuple[int, bytes]]:
        buffer = self._buffer + received if self._buffer else received
        while True:
            taken = self._one(buffer)
            if taken is None:
                break
            buffer, opcode, final, payload = taken
            whole = self._whole(opcode, final, payload)
            if whole is not None:
                self._buffer = buffer
                yield whole
        self._buffer = buffer

    def _one(self, buffer: bytes) -> tuple[bytes, int, bool, bytes] | None:
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        if first & 0x70:
            raise BadFrame(PROTOCOL, "reserved bits are set")
        if not second & 0x80:
            raise BadFrame(PROTOCOL, "a client's frame must be masked")
        size, start = second & 0x7F, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(buffer) < 2 + width:
                return None
            size, start = int.from_bytes(buffer[2:2 + width]), 2 + width
        opcode, final = first & 0x0F, bool(first & 0x80)
        self._check(opcode, final, size)
        end = start + 4 + size
        if len(buffer) < end:
            return None
        payload = unmasked(buffer[start + 4:end], buffer[start:start + 4]) if size else b""
        return buffer[end:], opcode, final, payload

    def _check(self, opcode: int, final: bool, size: int) -> None:
        if opcode >= CLOSE:
            if opcode > PONG or not final or size > CONTROL_BYTES:
                raise BadFrame(PROTOCOL, "a bad control frame")
            return
        if opcode > BINARY:
            raise BadFrame(PROTOCOL, "an unknown opcode")
        if (opcode == MORE) != (self._fragments is not None):
            raise BadFrame(PROTOCOL, "fragments out of order")
        held = sum(map(len, self._fragments)) if self._fragments else 0
        if held + size > self.limit:
            raise BadFrame(TOO_BIG, "the message is too large")

    def _whole(self, opcode: int, final: bool, payload: bytes) -> tuple[int, bytes] | None:
        if opcode >= CLOSE:
            return opcode, payload
        if self._fragments is None:
            if final:
                return opcode, payload
            self._kind, self._fragments = opcode, [payload]
            return None
        self._fragments.append(payload)
        if not final:
            return None
        whole, self._fragments = b"".join(self._fragments), None
        return self._kind, whole
