"""What happened before the hub stood here, told afterwards: each event with its own hour and author, a whole stream at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from hub.record.database import Connection
from hub.record.entries import Row
from hub.record.journal import Journal
from hub.record.sql import load_sql

T = TypeVar("T")
queries = load_sql(__package__, "queries.sql")


class PastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """`schema` and `data` as in NewEvent."""

    stream: str
    at: datetime
    actor: str
    type: str
    schema: int
    id: UUID
    data: bytes


async def tell_past(
    journal: Journal, cmd: UUID, told: Sequence[PastEvent], project: Callable[[Connection, Sequence[Row]], Awaitable[T]],
) -> T | None:
    """Whole streams, one after the other, with their rows in one transaction; those that stand already are left as they are,
    so that telling twice is telling once. None where nothing was left to tell. Everybody else's appends wait meanwhile: tell
    little at a time."""
    async with journal.database.transaction() as conn:
        await journal.hold(conn)
        known = {row["stream"] for row in await conn.fetch(queries["known_streams"], list({one.stream for one in told}))}
        fresh = [one for one in told if one.stream not in known]
        if not fresh:
            return None
        rows = await _written(conn, cmd, fresh)
        projected = await project(conn, rows)
    journal.announce(rows[-1].pos)
    return projected


async def _written(conn: Connection, cmd: UUID, told: Sequence[PastEvent]) -> list[Row]:
    head = int(await conn.fetchval(queries["head"]))
    versions: dict[str, int] = {}
    rows: list[Row] = []
    for pos, one in enumerate(told, head + 1):
        versions[one.stream] = versions.get(one.stream, 0) + 1
        rows.append(Row(pos, one.stream, versions[one.stream], one.type, one.schema, one.at, one.id, cmd, one.actor, b"", one.data))
    await conn.execute(queries["tell_past"], *_columns(rows), cmd)
    return rows


def _columns(rows: Iterable[Row]) -> tuple[list[object], ...]:
    told = [(row.pos, row.stream, row.version, row.type, row.schema, row.at, row.id, row.actor, row.data) for row in rows]
    return tuple(map(list, zip(*told, strict=True)))
