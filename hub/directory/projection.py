"""Events become rows. Runs of the same event go to the database in one statement, however long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from hub.directory.facts import SQL
from hub.directory.messages.events import (
    AddressCleared,
    AddressSpoiled,
    GroupRemoved,
    GroupSaved,
    OpenIdBound,
    OrganisationSaved,
    PersonRemoved,
    PersonSaved,
    RosterRemoved,
    RosterSaved,
)
from hub.directory.messages.shapes import OrgKind
from hub.directory.people_pinyin import search_key
from hub.kernel.errors import Conflict
from hub.kernel.messages import Event, Recorded
from hub.record import Connection
from hub.spoke import Touched
from hub.wire.codec import to_plain

Run = Sequence[Recorded]

OFF_THE_LOOP = 200
"""A run this long is prepared in a thread, so that sockets do not wait for an import."""

LEVELS: tuple[tuple[OrgKind, ...], ...] = (
    (OrgKind.CITY,), (OrgKind.DISTRICT,), (OrgKind.STATION, OrgKind.DEPARTMENT),
)
"""Parents first: a path is built on the parent's."""


GONE = "gone"
"""No view: named with who is here no longer, for those who would let him in."""


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: dict[Touched, None] = {}
    for shape, run in groupby(recorded, key=lambda each: type(each.event)):
        for id in await WRITERS[shape](conn, list(run)):
            touched["organisations", id] = None
    return [*touched, *((GONE, ref) for each in recorded if (ref := _gone(each.event)))]


def _gone(event: Event) -> str:
    if isinstance(event, PersonRemoved):
        return f"person:{event.id}"
    return event.id if isinstance(event, OrganisationSaved) and not event.active else ""


def _latest(run: Run) -> list[dict[str, Any]]:
    """Every field, defaults too, of the last event for each id, with the version of its row."""
    last = {each.event.id: each for each in run}
    return [_row(each.event) | {"version": each.version} for each in last.values()]


def _row(event: Event) -> dict[str, Any]:
    return {field: to_plain(getattr(event, field)) for field in event.__struct_fields__}


async def _column(conn: Connection, query: str, ids: Iterable[Any]) -> set[str]:
    return {row["id"] for row in await conn.fetch(SQL[query], list(ids))}


async def _organisations(conn: Connection, run: Run) -> set[str]:
    rows = _latest(run)
    saved = {row["id"] for row in rows}
    touched = saved | await _column(conn, "ancestors", saved)
    for level in LEVELS:
        if some := [row for row in rows if row["kind"] in level]:
            await conn.execute(SQL["save_organisations"], some)
    changed = moved = saved
    while moved := await _column(conn, "move_organisations", moved):
        changed = changed | moved
    await conn.execute(SQL["move_people"], list(changed))
    return touched | changed | await _column(conn, "ancestors", saved)


def _people_rows(run: Run) -> list[dict[str, Any]]:
    return [row | {"pinyin": search_key(row["name"])} for row in _latest(run)]


async def _people(conn: Connection, run: Run) -> set[str]:
    ids = {each.event.id for each in run}
    before = await _column(conn, "person_paths", ids)
    rows = _people_rows(run) if len(run) < OFF_THE_LOOP else await asyncio.to_thread(_people_rows, run)
    await _free(conn, rows)
    await conn.execute(SQL["save_people"], rows)
    return before | await _column(conn, "person_paths", ids)


async def _free(conn: Connection, rows: list[dict[str, Any]]) -> None:
    """The rules have looked before; this look is the last, for nothing else is recorded meanwhile."""
    holder = await conn.fetchval(SQL["clash"], [{key: row[key] for key in ("id", "code", "openid")} for row in rows])
    if holder is not None:
        raise Conflict(
            f"编号或微信刚刚被“{holder}”占用，请核对后再提交。",
            f"The code or WeChat account was taken by {holder!r} a moment ago; check it and submit again.",
            code="address-taken",
        )


async def _removed(conn: Connection, run: Run) -> set[str]:
    await conn.executemany(SQL["remove_person"], [(each.event.id, each.version) for each in run])
    return await _column(conn, "person_paths", [each.event.id for each in run])


async def _bound(conn: Connection, run: Run) -> set[str]:
    for each in run:
        event: OpenIdBound = each.event
        await _free(conn, [{"id": str(event.id), "code": "", "openid": event.openid}])
    await conn.executemany(SQL["bind_openid"], [(each.event.id, each.version, each.event.openid) for each in run])
    return set()


async def _spoiled(conn: Connection, run: Run) -> set[str]:
    await conn.executemany(SQL["spoil_address"], [
        (each.event.id, each.version, each.event.channel, each.event.address, each.event.why) for each in run
    ])
    return set()


async def _cleared(conn: Connection, run: Run) -> set[str]:
    await conn.executemany(SQL["clear_address"], [(each.event.id, each.version, each.event.channel) for each in run])
    return set()


async def _groups(conn: Connection, run: Run) -> set[str]:
    for each in run:
        event: GroupSaved = each.event
        await conn.execute(
            SQL["save_group"], event.id, event.name, event.kind, event.scope, event.note, each.version,
        )
        await conn.execute(SQL["drop_members"], event.id, list(event.members))
        await conn.execute(SQL["add_members"], event.id, list(event.members))
    return set()


async def _group_removed(conn: Connection, run: Run) -> set[str]:
    await conn.executemany(SQL["remove_group"], [(each.event.id,) for each in run])
    return set()


async def _rosters(conn: Connection, run: Run) -> set[str]:
    await conn.execute(SQL["save_rosters"], _latest(run))
    return set()


async def _roster_removed(conn: Connection, run: Run) -> set[str]:
    await conn.executemany(SQL["remove_roster"], [(each.event.id,) for each in run])
    return set()


WRITERS: dict[type, Callable[[Connection, Run], Awaitable[set[str]]]] = {
    OrganisationSaved: _organisations,
    PersonSaved: _people,
    PersonRemoved: _removed,
    OpenIdBound: _bound,
    AddressSpoiled: _spoiled,
    AddressCleared: _cleared,
    GroupSaved: _groups,
    GroupRemoved: _group_removed,
    RosterSaved: _rosters,
    RosterRemoved: _roster_removed,
}
"""Each returns the organisations whose row may look different now (its counts, too)."""
