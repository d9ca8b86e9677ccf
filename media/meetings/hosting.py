"""The rooms of meetings on the media plane: who may enter, and how a room should be."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hub.kernel.actor import Actor
from hub.record import Connection
from media.meetings.projection import LIST
from media.meetings.seats import own_ref
from media.meetings.state import Meeting, Member
from media.meetings.store import Q, load, versioned
from media.meetings.words import MAIN_ROOM, MemberState, room_of
from media.names import main_room
from media.ports import Admission, RoomHost
from media.shapes import Allowed, RoomWish

KIND = "meeting"


def allowed(meeting: Meeting, member: Member) -> Allowed:
    """While the main room speaks to all, everybody is in it, and only who runs it or has the word is heard. Who
    has stepped aside neither hears nor is heard nor seen; his connection stays."""
    place = MAIN_ROOM if meeting.addressed else member.place
    silent = member.muted or (meeting.addressed and not member.runs and member.ref != meeting.word)
    here = not member.aside
    return Allowed(hear=here, talk=here and not silent, show=here and not member.dark, at_room=room_of(meeting.id, place) if place else "")


def wish_of(meeting: Meeting, version: int) -> RoomWish:
    return RoomWish(room=room_of(meeting.id), version=version,
                    members={one.ref: allowed(meeting, one) for one in meeting.present()})


def _meeting_of(room: str) -> UUID | None:
    """Of `meeting:<id>`, `meeting:<id>/<n>`, or the id itself."""
    try:
        return UUID(main_room(room).rpartition(":")[2])
    except ValueError:
        return None


async def admits(conn: Connection, room: str, actor: Actor) -> Admission | None:
    """Who has entered; into the main room, from where he is taken to his side room, or into that one."""
    which = _meeting_of(room)
    meeting = await load(conn, which) if which else None
    member = meeting.members.get(own_ref(actor)) if meeting and not meeting.ended_at else None
    if meeting is None or member is None or member.state is not MemberState.IN:
        return None
    if room not in (room_of(meeting.id), room_of(meeting.id, member.place)):
        return None
    return Admission(ref=member.ref, name=member.name, allowed=allowed(meeting, member))


async def wish(conn: Connection, room: str) -> RoomWish | None:
    which = _meeting_of(room)
    found = await versioned(conn, which) if which else None
    return None if found is None or found[0].ended_at else wish_of(*found)


async def rooms(conn: Connection) -> Sequence[str]:
    return [room_of(row["id"]) for row in await conn.fetch(Q["open_meetings"])]


MEETING_ROOMS = RoomHost(kind=KIND, view=LIST, admits=admits, wish=wish, rooms=rooms)
