"""Engine.IO v4 and Socket.IO v5 packets on a websocket: the few that this hub speaks. Pure.

Text only: a binary packet is refused. Every Engine.IO packet is one frame.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from hub.gateway.live.frames import text


class Engine(StrEnum):
    OPEN = "0"
    CLOSE = "1"
    PING = "2"
    PONG = "3"
    MESSAGE = "4"
    UPGRADE = "5"
    NOOP = "6"


class Kind(StrEnum):
    CONNECT = "0"
    DISCONNECT = "1"
    EVENT = "2"
    ACK = "3"
    CONNECT_ERROR = "4"
    BINARY_EVENT = "5"
    BINARY_ACK = "6"


PING_FRAME = text(Engine.PING)
DISCONNECT_FRAME = text(f"{Engine.MESSAGE}{Kind.DISCONNECT}")

DIGITS = 15
"""A longer ack id is nonsense."""


class BadPacket(Exception):
    """The guest does not speak the protocol: the connection is closed."""


class Packet(msgspec.Struct, frozen=True):
    kind: Kind
    namespace: str
    ack: int | None
    body: Any


def json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def opened(sid: str, *, interval_ms: int, timeout_ms: int, most: int) -> bytes:
    return text(Engine.OPEN + json({"sid": sid, "upgrades": [], "pingInterval": interval_ms,
                                    "pingTimeout": timeout_ms, "maxPayload": most}))


def connected(sid: str, pid: str) -> bytes:
    return text(f"40{json({'sid': sid, 'pid': pid})}")


def refused(problem: Any, namespace: str = "/") -> bytes:
    place = "" if namespace == "/" else f"{namespace},"
    return text(f"44{place}{json(problem)}")


def acknowledged(ack: int, answer: Any) -> bytes:
    return text(f"43{ack}{json([answer])}")


def event(name: str, *arguments: Any) -> bytes:
    return text(f"42{json([name, *arguments])}")


def read(raw: str) -> Packet:
    """A Socket.IO packet, without the Engine.IO type. Raises BadPacket."""
    try:
        kind = Kind(raw[:1])
    except ValueError:
        raise BadPacket("unknown packet") from None
    if kind in (Kind.BINARY_EVENT, Kind.BINARY_ACK):
        raise BadPacket("binary packets are not spoken here")
    place, namespace = 1, "/"
    if raw[1:2] == "/":
        namespace, comma, _ = raw[1:].partition(",")
        place += len(namespace) + len(comma)
    end = place
    while end < len(raw) and raw[end].isdecimal() and end - place <= DIGITS:
        end += 1
    return Packet(kind, namespace, int(raw[place:end]) if end > place else None, _body(kind, raw[end:]))


def _body(kind: Kind, raw: str) -> Any:
    if not raw:
        body: Any = None
    else:
        try:
            body = msgspec.json.decode(raw)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadPacket("not JSON") from error
    if kind is Kind.EVENT and not (isinstance(body, list) and body and isinstance(body[0], str)):
        raise BadPacket("an event is a list that begins with its name")
    if kind is Kind.CONNECT and not isinstance(body, dict | None):
        raise BadPacket("credentials are an object")
    return body
