"""Rows of the database as a meeting, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.record import Connection, load_sql
from media.meetings.state import Meeting, Member, Speech

Q = load_sql("media.meetings")


async def load(conn: Connection, which: UUID) -> Meeting | None:
    found = await versioned(conn, which)
    return found[0] if found else None


async def versioned(conn: Connection, which: UUID) -> tuple[Meeting, int] | None:
    """With the version of its stream."""
    row = await conn.fetchrow(Q["meeting"], which)
    if row is None:
        return None
    members = {one["ref"]: msgspec.convert(dict(one), Member) for one in await conn.fetch(Q["members"], which)}
    return msgspec.convert(dict(row) | {"members": members}, Meeting), row["version"]


async def save(conn: Connection, old: Meeting | None, new: Meeting, version: int, at: datetime) -> list[str]:
    """Who has changed, by ref."""
    await conn.execute(
        Q["save_meeting"], new.id, new.title, new.by, new.by_name, new.options, new.opened_at, new.ended_at, new.locked,
        new.quiet, new.addressed, new.layout, new.agenda, new.item, new.rooms, new.speech, version, new.why)
    before = old.members if old else {}
    changed = [one for ref, one in new.members.items() if before.get(ref) != one]
    if changed:
        await conn.execute(Q["save_members"], new.id, *_columns(changed))
    if old and old.speech and old.speech != new.speech:
        await _file(conn, old, old.speech, at)
    return _said_anew(old, new, [one.ref for one in changed])


def _columns(members: Sequence[Member]) -> list[list[Any]]:
    return [[getattr(one, field) for one in members] for field in Member.__struct_fields__]


def _said_anew(old: Meeting | None, new: Meeting, changed: list[str]) -> list[str]:
    """Having the word stands in the meeting and is shown with the member."""
    words = [old.word if old else "", new.word]
    return list(dict.fromkeys([*changed, *(ref for ref in words if ref and words[0] != words[1])]))


async def _file(conn: Connection, meeting: Meeting, speech: Speech, at: datetime) -> None:
    item = next((one.name for one in meeting.agenda if one.number == speech.item), "")
    await conn.execute(Q["save_speech"], meeting.id, speech.since, speech.ref, meeting.members[speech.ref].name, speech.item,
                       item, at)
