"""ICE-lite: checks are answered, never made (RFC 8445, section 2.5; RFC 8489).

Read and written by hand: 73 browsers check every moment, and a library's objects cost more than all voices together.
"""

from __future__ import annotations

import hmac
import socket
from binascii import crc32
from struct import Struct
from typing import NamedTuple

SMALLEST, LARGEST = 20, 548
REQUEST, RESPONSE = 0x0001, 0x0101
"""A binding's."""
MAGIC = 0x2112A442
COOKIE = MAGIC.to_bytes(4, "big")
USERNAME, INTEGRITY, MAPPED, NOMINATED, FINGERPRINT = 0x0006, 0x0008, 0x0020, 0x0025, 0x8028
HEAD = Struct("!HH4s12s")
ITEM = Struct("!HH")
HASH = 20
SEAL = ITEM.size + HASH
SUM = Struct("!HHI")
SUM_MASK = 0x5354554E


class Check(NamedTuple):
    """A binding request to somebody of ours; nothing in it is proved yet."""

    to: str
    nominated: bool
    transaction: bytes
    datagram: bytes
    sealed_at: int
    """Where its message integrity begins; 0: there is none."""

    def proved(self, password: str) -> bool:
        at = self.sealed_at
        return at > 0 and hmac.compare_digest(_seal(self.datagram[:at], password), self.datagram[at + ITEM.size : at + SEAL])


def read_check(datagram: bytes) -> Check | None:
    if not SMALLEST <= len(datagram) <= LARGEST:
        return None
    kind, size, cookie, transaction = HEAD.unpack_from(datagram)
    if kind != REQUEST or cookie != COOKIE or size + HEAD.size != len(datagram):
        return None
    items = _items(datagram)
    if items is None:
        return None
    at, length = items.get(USERNAME, (0, 0))
    to = datagram[at : at + length].partition(b":")[0]
    sealed, length = items.get(INTEGRITY, (0, 0))
    return Check(to.decode("ascii", "replace"), NOMINATED in items, transaction, datagram, sealed - ITEM.size if length == HASH else 0)


def _items(datagram: bytes) -> dict[int, tuple[int, int]] | None:
    """Attribute → where its value stands, and how long it is; what follows the integrity is nobody's word. None: torn."""
    found: dict[int, tuple[int, int]] = {}
    at, end = HEAD.size, len(datagram)
    while at < end and INTEGRITY not in found:
        if at + ITEM.size > end:
            return None
        kind, length = ITEM.unpack_from(datagram, at)
        at += ITEM.size
        if at + length > end:
            return None
        found.setdefault(kind, (at, length))
        at += length + (-length & 3)
    return found


def answer(check: Check, address: tuple[str, int], password: str) -> bytes:
    mapped = _mapped(address, check.transaction)
    body = HEAD.pack(RESPONSE, len(mapped) + SEAL + SUM.size, COOKIE, check.transaction) + mapped
    body += ITEM.pack(INTEGRITY, HASH) + _seal(body, password)
    return body + SUM.pack(FINGERPRINT, 4, crc32(body) ^ SUM_MASK)


def _seal(begin: bytes, password: str) -> bytes:
    """Of a message that ends with its integrity, as far as before it (RFC 8489, 14.5)."""
    length = len(begin) - HEAD.size + SEAL
    return hmac.digest(password.encode(), begin[:2] + length.to_bytes(2, "big") + begin[4:], "sha1")


def _mapped(address: tuple[str, int], transaction: bytes) -> bytes:
    """XOR-MAPPED-ADDRESS: where the check came from."""
    host, port = address[0].partition("%")[0], address[1]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    packed = socket.inet_pton(family, host)
    mask = (COOKIE + transaction)[: len(packed)]
    hidden = (int.from_bytes(packed, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(packed), "big")
    return ITEM.pack(MAPPED, 4 + len(packed)) + ITEM.pack(2 if family == socket.AF_INET6 else 1, port ^ MAGIC >> 16) + hidden
