"""Counts and pages of a stream's own rows, live for whoever looks on a place that one of the rows lies in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from hub.kernel.actor import Actor
from hub.record import Connection
from hub.spoke import Change
from hub.wire.words import REFETCH

WATCHED_FROM = """
with told as (select distinct unnest(path) as place from {rows} where id = any($1::uuid[])),
  held as (select scopes from access.account where not disabled union select scopes from access.api_key where revoked_at is null)
select array[place] as scopes from told union select scopes from held where cardinality(scopes) > 1 and exists(select from told where place = any(scopes))"""
"""Of which places together somebody may look on: each alone, and those of an account or a key."""


def room_of(view: str) -> Callable[[Any, Actor], str]:
    return lambda _params, actor: f"{view}/{_places(actor.scopes)}"


def _places(scopes: Iterable[str]) -> str:
    return "+".join(sorted(scopes))


def read_again(view: str, rows: str) -> Callable[[Connection, Sequence[str]], Awaitable[Sequence[Change]]]:
    """`rows`: the table, with an `id` and the `path` of places it lies in."""
    asked = WATCHED_FROM.format(rows=rows)

    async def again(conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
        found = await conn.fetch(asked, [UUID(key) for key in keys])
        rooms = tuple(dict.fromkeys(f"{view}/{_places(row['scopes'])}" for row in found))
        return [Change(key=REFETCH, row=None, rooms=rooms)] if rooms else []

    return again
