"""Writes the rows of meetings in the transaction that records their events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hub.access.invitation import Invitation, invite, page_of
from hub.kernel.ids import derived
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs
from hub.spoke import Touched
from media.meetings.messages.events import MeetingEnded, MeetingOpened
from media.meetings.state import Meeting, evolve, opened
from media.meetings.store import load, save
from media.meetings.words import MemberState

LIST, MEMBERS, ROOMS, MINE, GONE = "meetings", "meeting_members", "meeting_rooms", "my_meetings", "meeting_departures"
LOOK = "meeting.look"
"""The job that looks whether anybody is in a round."""
FIRST_LOOK = timedelta(minutes=1)
LINKS_FOR = timedelta(hours=12)


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
    await _plan(conn, old, new, fact)
    everybody = isinstance(event, MeetingEnded) or old is None or old.locked != new.locked
    return _touched(old, new, changed, list(new.members) if everybody else changed)


async def _plan(conn: Connection, old: Meeting | None, new: Meeting, fact: Recorded) -> None:
    """What is to be done because of it: somebody looks whether anybody is in, and people are sent their link."""
    if old is None:
        await Jobs.put(conn, LOOK, str(new.id), fact.at + FIRST_LOOK, {"meeting": str(new.id), "empty": None})
    elif new.ended_at and not old.ended_at:
        await Jobs.drop(conn, LOOK, str(new.id))
    for ref, one in new.members.items() if new.options.links and not new.ended_at else ():
        called = one.state is MemberState.INVITED and one.called_at == fact.at
        if called and ref.startswith("person:") and (old is None or old.members.get(ref) != one):
            await invite(conn, Invitation(
                id=derived("invitation", fact.pos, ref), ref=ref, page=page_of("meetings", new.id), asked=fact.at,
                until=fact.at + LINKS_FOR, title=f"视频互动：{new.title}",
                text=f"{{name}}：{new.by_name}邀请您参加视频互动“{new.title}”，点开链接即可加入，请允许使用麦克风和摄像头。"))


def _touched(old: Meeting | None, new: Meeting, changed: Sequence[str], mine: Sequence[str]) -> list[Touched]:
    which = str(new.id)
    rooms = {room.number for meeting in (old, new) if meeting for room in meeting.rooms}
    return [
        (LIST, which), *((MINE, f"{which}/{ref}") for ref in mine),
        *((view, f"{which}/{ref}") for view in (MEMBERS, GONE) for ref in changed),
        *((ROOMS, f"{which}/{number}") for number in sorted(rooms)),
    ]
