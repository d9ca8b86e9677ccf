"""Writes the rows of meetings in the transaction that records their events."""

from __future__ import annotations

from collections.abc import Sequence

from hub.kernel.messages import Recorded
from hub.record import Connection
from hub.spoke import Touched
from media.meetings.messages.events import MeetingEnded, MeetingOpened
from media.meetings.state import Meeting, evolve, opened
from media.meetings.store import load, save

LIST, MEMBERS, ROOMS, MINE, GONE = "meetings", "meeting_members", "meeting_rooms", "my_meetings", "meeting_departures"


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for one in recorded:
        touched += await _one(conn, one)
    return touched


async def _one(conn: Connection, fact: Recorded) -> list[Touched]:
    event = fact.event
    if isinstance(event, MeetingOpened):
        old, new = None, opened(event, fact.at)
    else:
        old = await load(conn, event.meeting)
        if old is None:
            return []
        new = evolve(old, event, fact.at)
    changed = await save(conn, old, new, fact.version, fact.at)
    everybody = isinstance(event, MeetingEnded) or old is None or old.locked != new.locked
    return _touched(old, new, changed, list(new.members) if everybody else changed)


def _touched(old: Meeting | None, new: Meeting, changed: Sequence[str], mine: Sequence[str]) -> list[Touched]:
    which = str(new.id)
    rooms = {room.number for meeting in (old, new) if meeting for room in meeting.rooms}
    return [
        (LIST, which), *((MINE, f"{which}/{ref}") for ref in mine),
        *((view, f"{which}/{ref}") for view in (MEMBERS, GONE) for ref in changed),
        *((ROOMS, f"{which}/{number}") for number in sorted(rooms)),
    ]
