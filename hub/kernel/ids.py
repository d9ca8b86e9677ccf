"""Identifiers: time-ordered where a row is born, derived where the same thing must get the same id twice."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> UUID:
    """RFC 9562 version 7: 48 bits of milliseconds, 74 random bits."""
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    tail = secrets.randbits(74)
    value = millis << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    return UUID(int=value)


def derived(*parts: object) -> UUID:
    """The same parts give the same id, on any machine, for ever.

    PostgreSQL makes the same ones (`md5(…)::uuid`); it has no SHA-1 for version 5. Nothing rests on
    MD5 but that different parts, all the hub's own, differ.
    """
    return UUID(hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest())
