"""ICE-lite: checks are answered, never made (RFC 8445, section 2.5)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from aioice import stun

SMALLEST, LARGEST = 20, 548
COOKIE = stun.COOKIE.to_bytes(4, "big")
BROKEN = (ValueError, KeyError, IndexError, struct.error)
"""What aioice's parser raises for what is not STUN."""


class Check(NamedTuple):
    """A binding request to somebody of ours; nothing in it is proved yet."""

    to: str
    nominated: bool
    message: stun.Message

    def proved(self, password: str) -> bool:
        return self.message.check_message_integrity(password.encode())


def read_check(datagram: bytes) -> Check | None:
    if not SMALLEST <= len(datagram) <= LARGEST or datagram[4:8] != COOKIE:
        return None
    try:
        message = stun.parse_message(datagram)
    except BROKEN:
        return None
    if message.message_method != stun.Method.BINDING or message.message_class != stun.Class.REQUEST:
        return None
    name = message.attributes.get("USERNAME", "")
    return Check(name.partition(":")[0], "USE-CANDIDATE" in message.attributes, message)


def answer(check: Check, address: tuple[str, int], password: str) -> bytes:
    reply = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, check.message.transaction_id)
    reply.attributes["XOR-MAPPED-ADDRESS"] = address
    reply.add_message_integrity(password.encode())
    return bytes(reply)
