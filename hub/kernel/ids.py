"""Identifiers: time-ordered where a row is born, derived where the same thing must get the same id twice."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID, uuid5

HUB = UUID("6d0f6a0e-9c39-5f0c-8d0f-0c5a5a1f7c11")


def uuid7(at: datetime) -> UUID:
    """RFC 9562 version 7: 48 bits of milliseconds, 74 random bits."""
    millis = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    tail = secrets.randbits(74)
    value = millis << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    return UUID(int=value)


def derived(*parts: object) -> UUID:
    """The same parts give the same id, on any machine, for ever (UUIDv5)."""
    return uuid5(HUB, "/".join(str(part) for part in parts))
