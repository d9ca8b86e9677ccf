"""The audit log: who did what to which object, from where, and how it ended. Lines are only added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from hub.record.database import Connection, Database
from hub.record.sql import load_sql

queries = load_sql(__package__, "audit.sql")

PAGE_LIMIT = 1000
LONGEST_TEXT = 500


class AuditLine(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    actor: str
    act: str
    object: str
    outcome: str
    address: str
    detail: Any


def containing(text: str) -> str | None:
    """A pattern for ILIKE that finds the text as it is written."""
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return f"%{text}%" if text else None


class Audit:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, connection: Connection | None, *, at: datetime, actor: str, act: str, object: str = "",
        outcome: str = "ok", address: str = "", detail: Any = None,
    ) -> None:
        """With a connection the line stands or falls with its transaction; with None it stands by
        itself when this returns (refusals, sign-ins)."""
        line = (at, *(text[:LONGEST_TEXT] for text in (actor, act, object, outcome, address)), detail)
        if connection is not None:
            await connection.execute(queries["note"], *line)
            return
        async with self._database.read() as own:
            await own.execute(queries["note"], *line)

    @staticmethod
    async def page(
        connection: Connection, *, actor: str = "", act: str = "", outcome: str = "", text: str = "",
        since: datetime | None = None, until: datetime | None = None, before: int | None = None,
        limit: int = 100,
    ) -> Sequence[AuditLine]:
        """Newest first; `before` is the id of the last line of the page before; `until` excluded."""
        rows = await connection.fetch(
            queries["page"], actor or None, act or None, outcome or None, containing(text),
            since, until, before, max(1, min(limit, PAGE_LIMIT)),
        )
        return [AuditLine(*row) for row in rows]
