"""Rows of the database as calls, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from hub.record import Connection, load_sql
from media.calls.state import Call, Member

Q = load_sql("media.calls")

CALL = tuple(name for name in Call.__struct_fields__ if name != "members")


async def load(conn: Connection, which: UUID) -> Call | None:
    return (await several(conn, [which])).get(which)


async def several(conn: Connection, which: Iterable[UUID]) -> dict[UUID, Call]:
    wanted = list(which)
    if not wanted:
        return {}
    members: dict[UUID, dict[str, Member]] = {}
    rows = await conn.fetch(Q["call"], wanted)
    for row in await conn.fetch(Q["members"], wanted):
        members.setdefault(row["call"], {})[row["ref"]] = msgspec.convert(dict(row), Member)
    return {row["id"]: msgspec.convert(dict(row) | {"members": members.get(row["id"], {})}, Call) for row in rows}


async def save(conn: Connection, old: Call | None, new: Call) -> list[str]:
    """Who has changed, by ref."""
    await conn.execute(Q["save_call"], *(_plain(getattr(new, name)) for name in CALL))
    before = old.members if old else {}
    changed = [one for ref, one in new.members.items() if before.get(ref) != one]
    if changed:
        columns = [[getattr(one, name) for one in changed] for name in Member.__struct_fields__]
        await conn.execute(Q["save_members"], new.id, *columns)
    return [one.ref for one in changed]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
