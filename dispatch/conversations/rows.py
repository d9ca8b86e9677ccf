"""Rows of the database as the rows people see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dispatch.conversations.messages.rows import (
    ConversationRow,
    LastMessage,
    MessageRow,
    Quote,
)
from dispatch.conversations.words import MemberStanding
from dispatch.messages.rows import FileRow
from dispatch.rows import convert
from hub.record import Connection, load_sql

Q = load_sql("dispatch.conversations")

Files = Mapping[UUID, Sequence[FileRow]]


async def conversations_for(conn: Connection, pairs: Sequence[tuple[UUID, str]]) -> list[ConversationRow]:
    """Of each (conversation, seat) that is a member."""
    found = await conn.fetch(Q["rows"], [one for one, _ in pairs], [ref for _, ref in pairs])
    return [conversation(row) for row in found]


def conversation(row: Any) -> ConversationRow:
    closed = row["closed_at"] is not None
    owner = row["standing"] == MemberStanding.OWNER
    return ConversationRow(
        id=row["id"], seat=row["seat"], kind=row["kind"], name=row["shown"] or "", org=row["org"], other=row["other"] or "",
        size=row["size"], standing=row["standing"], owners_only=row["owners_only"], closed=closed, muted=row["muted"],
        may_send=not closed and (owner or not row["owners_only"]), first_number=row["first_number"],
        last_number=row["last_number"], read=row["read"], unread=row["unread"], mentions=row["mentioned"],
        other_read=row["other_read"] or 0, other_delivered=row["other_delivered"] or 0, pinned=row["pinned"],
        last=_last(row), changed_at=row["changed_at"])


def _last(row: Any) -> LastMessage | None:
    if row["l_id"] is None:
        return None
    return LastMessage(id=row["l_id"], number=row["l_number"], at=row["l_at"], author=row["l_author"],
                       author_name=row["l_author_name"], shape=row["l_shape"], text=row["l_text"] or row["l_file"] or "")


async def with_files(conn: Connection, found: Sequence[Any]) -> list[MessageRow]:
    files = await _files_of(conn, [row["id"] for row in found])
    return [message(row, files) for row in found]


async def _files_of(conn: Connection, messages: Sequence[UUID]) -> Files:
    files: dict[UUID, list[FileRow]] = {}
    for row in await conn.fetch(Q["files_of"], messages):
        files.setdefault(row["message"], []).append(FileRow(
            id=row["id"], name=row["name"], mime=row["mime"], size=row["size"], seconds=row["seconds"],
            url=f"/api/files/{row['id']}"))
    return files


def message(row: Any, files: Files) -> MessageRow:
    return convert(dict(row) | {"files": files.get(row["id"], ()), "reply_to": _quote(row)}, MessageRow)


def _quote(row: Any) -> Quote | None:
    if row["q_number"] is None:
        return None
    return Quote(id=row["reply_to"], number=row["q_number"], author_name=row["q_author_name"], shape=row["q_shape"],
                 text=row["q_text"])
