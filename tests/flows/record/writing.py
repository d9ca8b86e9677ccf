"""What the journal's tests write."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from hub.record import Append, Connection, Entry, NewEvent, Row

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def events(count: int = 1, data: bytes = b"fact") -> tuple[NewEvent, ...]:
    return tuple(NewEvent("ThingHappened", 1, uuid4(), data) for _ in range(count))


def wish(
    *entries: tuple[str, int, int], cmd: UUID | None = None, content: bytes = b"content", result: bytes = b"answer",
    claims: tuple[str, ...] = (), project: Callable[[Connection, Sequence[Row]], Awaitable[Any]] | None = None,
) -> Append[Any]:
    """`entries` are (stream, expected version, number of events)."""
    return Append(
        cmd=cmd or uuid4(), body=hashlib.sha256(content).digest(), actor="account:test", at=AT, meta=b"meta",
        entries=tuple(Entry(stream, expected, events(count)) for stream, expected, count in entries),
        claims=claims, result=result, project=project,
    )
