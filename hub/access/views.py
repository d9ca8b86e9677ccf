"""The lists of the account screens. Each shows what lies below the asker's scopes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from hub.access import model
from hub.access.messages import (
    AccountParams,
    AccountRow,
    ApiKeyRow,
    AuditParams,
    AuditRow,
    DeviceRow,
    KeyParams,
    OwnParams,
    SessionParams,
    SessionRow,
)
from hub.access.work import queries
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.record import Audit, AuditLine, Connection
from hub.spoke import Page, View

T = TypeVar("T", bound=msgspec.Struct)


async def accounts(conn: Connection, params: AccountParams, actor: Actor) -> Page:
    rows = await conn.fetch(
        queries["account_rows"], list(actor.scopes), params.text, params.role, params.limit, params.offset
    )
    return _page(rows, AccountRow)


async def devices(conn: Connection, params: KeyParams, actor: Actor) -> Page:
    rows = await conn.fetch(
        queries["device_rows"], list(actor.scopes), params.revoked, params.text, params.limit, params.offset
    )
    return _page(rows, DeviceRow)


async def api_keys(conn: Connection, params: KeyParams, actor: Actor) -> Page:
    rows = await conn.fetch(
        queries["api_key_rows"], list(actor.scopes), params.revoked, params.text, params.limit, params.offset
    )
    return _page(rows, ApiKeyRow)


async def sessions_at(conn: Connection, params: SessionParams, actor: Actor, at: datetime) -> Page:
    rows = await conn.fetch(
        queries["session_rows"], at, model.IDLE, list(actor.scopes), params.text, params.limit, params.offset
    )
    return _page(rows, SessionRow)


async def own_sessions_at(conn: Connection, actor: Actor, at: datetime) -> Page:
    kind, _, number = actor.id.partition(":")
    own = {kind: UUID(number)} if kind in {"account", "person"} else {}
    rows = await conn.fetch(queries["own_session_rows"], at, model.IDLE, own.get("account"), own.get("person"))
    return _page(rows, SessionRow)


async def audit(conn: Connection, params: AuditParams, actor: Actor) -> Page:
    model.require_city(actor)
    lines = await Audit.page(conn, **msgspec.structs.asdict(params))
    return Page(rows=await named(conn, lines))


async def named(conn: Connection, lines: Sequence[AuditLine]) -> list[AuditRow]:
    actors = sorted({line.actor for line in lines})
    people = [actor.removeprefix("person:") for actor in actors if actor.startswith("person:")]
    names = {row["id"]: row["name"] for row in await conn.fetch(queries["names_of"], actors, people)}
    return [
        AuditRow(
            id=line.id, at=line.at, actor=line.actor, actor_name=names.get(line.actor, ""), act=line.act,
            about=line.object, outcome=line.outcome, address=line.address, detail=line.detail or {},
        )
        for line in lines
    ]


def access_views(clock: Clock) -> tuple[View, ...]:
    """Sessions end by time alone, so these two views ask the clock."""

    async def sessions(conn: Connection, params: SessionParams, actor: Actor) -> Page:
        return await sessions_at(conn, params, actor, clock.now())

    async def own_sessions(conn: Connection, params: OwnParams, actor: Actor) -> Page:
        return await own_sessions_at(conn, actor, clock.now())

    return (
        View(name="accounts", params=AccountParams, row=AccountRow, permission=Permission.ACCOUNTS, fetch=accounts),
        View(name="sessions", params=SessionParams, row=SessionRow, permission=Permission.ACCOUNTS, fetch=sessions),
        View(name="own_sessions", params=OwnParams, row=SessionRow, permission=Permission.SELF, fetch=own_sessions),
        View(name="devices", params=KeyParams, row=DeviceRow, permission=Permission.ACCOUNTS, fetch=devices),
        View(name="api_keys", params=KeyParams, row=ApiKeyRow, permission=Permission.ACCOUNTS, fetch=api_keys),
        View(name="audit", params=AuditParams, row=AuditRow, permission=Permission.AUDIT_VIEW, fetch=audit),
    )


def _page(rows: Sequence[Any], row: type[T]) -> Page:
    """`total` of a page beyond the end is unknown."""
    total = rows[0]["total"] if rows else None
    return Page(rows=[msgspec.convert(dict(found), row) for found in rows], total=total)
