"""Meetings as the rows people see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.record import Connection
from media.meetings.messages.rows import (
    MeetingMemberRow,
    MeetingRoomRow,
    MeetingRow,
    MeetingSpeechRow,
    MyMeetingRow,
)
from media.meetings.state import Meeting, Member
from media.meetings.store import Q
from media.meetings.words import MeetingState


async def meetings(conn: Connection, wanted: Sequence[UUID]) -> list[MeetingRow]:
    """In the order in which they are wanted."""
    found = {row["id"]: _meeting(row) for row in await conn.fetch(Q["rows"], wanted)} if wanted else {}
    return [found[one] for one in wanted if one in found]


def _meeting(row: Any) -> MeetingRow:
    speech = row["speech"]
    return msgspec.convert(dict(row) | {
        "state": MeetingState.ENDED if row["ended_at"] else MeetingState.OPEN, "word": speech["ref"] if speech else "",
        "side_rooms": len(row["rooms"]),
    }, MeetingRow)


def member(word: str, one: Member) -> MeetingMemberRow:
    return member_row(word, msgspec.structs.asdict(one))


def member_row(word: str, row: Any) -> MeetingMemberRow:
    return msgspec.convert(dict(row) | {"id": row["ref"], "word": row["ref"] == word}, MeetingMemberRow)


async def side_rooms(conn: Connection, meeting: Meeting) -> list[MeetingRoomRow]:
    counts = {row["place"]: row for row in await conn.fetch(Q["room_counts"], meeting.id)}
    return [MeetingRoomRow(id=one.number, name=one.name, present=counts[one.number]["present"] if one.number in counts else 0,
                           invited=counts[one.number]["invited"] if one.number in counts else 0) for one in meeting.rooms]


def mine(row: Any) -> MyMeetingRow:
    return msgspec.convert(dict(row), MyMeetingRow)


def speeches(meeting: Meeting, filed: Iterable[Any]) -> list[MeetingSpeechRow]:
    """The one that goes on comes last."""
    found = [msgspec.convert(dict(row) | {"id": f"{row['ref']}@{row['since'].isoformat()}"}, MeetingSpeechRow) for row in filed]
    if meeting.speech:
        now = meeting.speech
        item = next((one.name for one in meeting.agenda if one.number == now.item), "")
        found.append(MeetingSpeechRow(id=f"{now.ref}@{now.since.isoformat()}", ref=now.ref, name=meeting.members[now.ref].name,
                               item=now.item, item_name=item, since=now.since, until=None))
    return found
