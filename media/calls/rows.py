"""Rows of the database as the rows people see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.record import Connection
from media.calls.messages.rows import CallDetailRow, CallMemberRow, CallRow, LineRow, MyCallRow
from media.calls.store import Q
from media.calls.words import LIVE, MISSED_FOR, CallMemberState, LineState


def call(row: Any) -> CallRow:
    return msgspec.convert(dict(row), CallRow)


def member(row: Any) -> CallMemberRow:
    why = "：".join(filter(None, (row["reason"], row["note"])))
    return msgspec.convert(dict(row) | {"why": why}, CallMemberRow)


async def calls(conn: Connection, ids: Sequence[UUID]) -> list[Any]:
    """Rows of the database: their `path` says who may see them."""
    return list(await conn.fetch(Q["rows"], ids)) if ids else []


async def members(conn: Connection, ids: Sequence[UUID], refs: Sequence[str] | None, at: datetime) -> dict[UUID, list[CallMemberRow]]:
    found: dict[UUID, list[CallMemberRow]] = {}
    for row in await conn.fetch(Q["member_rows"], ids, refs, at):
        found.setdefault(row["call"], []).append(member(row))
    return found


async def details(conn: Connection, ids: Sequence[UUID], at: datetime) -> list[CallDetailRow]:
    everybody = await members(conn, ids, None, at)
    return [CallDetailRow(id=row["id"], call=call(row), members=tuple(everybody.get(row["id"], ()))) for row in await calls(conn, ids)]


Mine = Mapping[tuple[UUID, str], MyCallRow]


async def mine(conn: Connection, refs: Iterable[str], ids: Sequence[UUID] | None, at: datetime) -> Mine:
    rows = await conn.fetch(Q["mine"], list(refs), ids, at - MISSED_FOR)
    return {(row["id"], row["ref"]): _mine(row) for row in rows}


def _mine(row: Any) -> MyCallRow:
    quiet = row["listen_only"] or row["muted"] or row["held"] or row["role"] == "listener"
    return msgspec.convert(dict(row) | {
        "mine": row["owner"] == row["ref"], "may_talk": row["state"] == CallMemberState.JOINED and not quiet,
        "auto_answer": row["auto_answer"] and row["state"] == CallMemberState.RINGING,
    }, MyCallRow)


def best(found: Mine, which: UUID, seats: Sequence[str]) -> MyCallRow | None:
    """What one who holds these seats is shown of a call: what he is in before what he has missed."""
    rows = [found[which, seat] for seat in seats if (which, seat) in found]
    return next((row for row in rows if row.state in LIVE), rows[0] if rows else None)


def line(row: Any, online: bool) -> LineRow:
    """Who is on the line is there, whatever his screen says; a fault ends when the line goes and comes."""
    state = LineState(row["state"])
    if not online and state in (LineState.IDLE, LineState.FAULT):
        state = LineState.OFFLINE
    return msgspec.convert(dict(row) | {"state": state, "online": online}, LineRow)
