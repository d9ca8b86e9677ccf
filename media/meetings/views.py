"""What meetings show. Who belongs to one sees it, and who runs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from hub.directory.messages.params import NoParams
from hub.kernel.actor import CITY, Actor, Permission
from hub.record import Connection
from hub.record.audit import containing
from hub.spoke import Change, Page, View
from media.meetings import rows
from media.meetings.messages.params import MeetingsParams, OfMeeting
from media.meetings.messages.rows import (
    MeetingMemberRow,
    MeetingRoomRow,
    MeetingRow,
    MeetingSpeechRow,
    MyMeetingRow,
)
from media.meetings.model import seen_by
from media.meetings.projection import GONE, LIST, MEMBERS, MINE, ROOMS
from media.meetings.seats import own_ref
from media.meetings.state import Meeting
from media.meetings.store import Q, load
from media.meetings.words import room_of
from media.room_views import live_room

ONE = "meeting"
AT_ONCE = 0.0
MEMBERS_PACE = 0.1

Evict = Callable[[str, Sequence[str]], Awaitable[None]]
"""(room, refs): who comes for these must watch the room no longer."""


async def meetings(conn: Connection, params: MeetingsParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["listed"], params.state or "", containing(params.text), CITY in actor.scopes, actor.id,
                             params.limit, params.offset)
    listed = await rows.meetings(conn, [row["id"] for row in found])
    return Page(listed, found[0]["matching"] if found else 0)


def list_room(_params: Any, actor: Actor) -> str:
    return f"{LIST}/{CITY if CITY in actor.scopes else actor.id}"


async def meetings_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    wanted = [UUID(key) for key in keys]
    owners = {row["id"]: row["by"] for row in await conn.fetch(Q["rows"], wanted)}
    return [Change(key=str(row.id), row=row, rooms=(f"{LIST}/{CITY}", f"{LIST}/{owners[row.id]}"))
            for row in await rows.meetings(conn, wanted)]


async def seen(conn: Connection, params: OfMeeting, actor: Actor) -> Meeting:
    """Raises NotFound, also where he has nothing to do with it."""
    return seen_by(await load(conn, params.meeting), actor)


async def meeting(conn: Connection, params: OfMeeting, actor: Actor) -> Page:
    await seen(conn, params, actor)
    return Page(await rows.meetings(conn, [params.meeting]), 1)


async def meeting_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    return [Change(key=str(row.id), row=row, rooms=(f"{ONE}/{row.id}",))
            for row in await rows.meetings(conn, [UUID(key) for key in keys])]


async def members(conn: Connection, params: OfMeeting, actor: Actor) -> Page:
    there = await seen(conn, params, actor)
    return Page([rows.member(there.word, one) for one in there.members.values()], len(there.members))


async def members_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    pairs = [(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys)]
    found = await conn.fetch(Q["members_among"], [which for which, _ in pairs], [ref for _, ref in pairs])
    words = {row.id: row.word for row in await rows.meetings(conn, list({which for which, _ in pairs}))}
    return [Change(key=row["ref"], row=rows.member_row(words[row["meeting"]], row), rooms=(f"{MEMBERS}/{row['meeting']}",))
            for row in found]


async def side_rooms(conn: Connection, params: OfMeeting, actor: Actor) -> Page:
    return Page(await rows.side_rooms(conn, await seen(conn, params, actor)))


async def side_rooms_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    wanted: dict[str, list[str]] = {}
    for key in keys:
        which, _, number = key.partition("/")
        wanted.setdefault(which, []).append(number)
    changes: list[Change] = []
    for which, numbers in wanted.items():
        there = await load(conn, UUID(which))
        stands = {str(row.id): row for row in await rows.side_rooms(conn, there)} if there else {}
        changes += [Change(key=one, row=stands.get(one), rooms=(f"{ROOMS}/{which}",)) for one in numbers]
    return changes


async def mine(conn: Connection, _params: NoParams, actor: Actor) -> Page:
    found = [rows.mine(row) for row in await conn.fetch(Q["mine"], own_ref(actor))]
    return Page(found, len(found))


async def mine_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    pairs = [(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys)]
    found = await conn.fetch(Q["mine_again"], [which for which, _ in pairs], [ref for _, ref in pairs])
    stands = {(row["id"], row["ref"]): rows.mine(row) for row in found}
    return [Change(key=str(which), row=stands.get((which, ref)), rooms=(f"{MINE}/{ref}",)) for which, ref in pairs]


async def speeches(conn: Connection, params: OfMeeting, actor: Actor) -> Page:
    found = rows.speeches(await seen(conn, params, actor), await conn.fetch(Q["speeches"], params.meeting))
    return Page(found, len(found))


async def departed(conn: Connection, keys: Sequence[str], evict: Evict) -> list[Change]:
    """Nothing is told: who was removed stops hearing."""
    pairs = [(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys)]
    for row in await conn.fetch(Q["removed_among"], [which for which, _ in pairs], [ref for _, ref in pairs]):
        for room in (*(f"{view}/{row['meeting']}" for view in (ONE, MEMBERS, ROOMS)), live_room(room_of(row["meeting"]))):
            await evict(room, [row["ref"]])
    return []


def build_views() -> tuple[View, ...]:
    own, run = Permission.SELF, Permission.MEET

    def of(view: str) -> Callable[[Any, Actor], str]:
        return lambda params, _actor: f"{view}/{params.meeting}"

    return (
        View(name=LIST, params=MeetingsParams, row=MeetingRow, permission=run, fetch=meetings, room=list_room,
             reread=meetings_again),
        View(name=ONE, params=OfMeeting, row=MeetingRow, permission=own, fetch=meeting, room=of(ONE), reread=meeting_again,
             follows=(LIST,), pace=AT_ONCE),
        View(name=MEMBERS, params=OfMeeting, row=MeetingMemberRow, permission=own, fetch=members, room=of(MEMBERS),
             reread=members_again, pace=MEMBERS_PACE),
        View(name=ROOMS, params=OfMeeting, row=MeetingRoomRow, permission=own, fetch=side_rooms, room=of(ROOMS),
             reread=side_rooms_again),
        View(name=MINE, params=NoParams, row=MyMeetingRow, permission=own, fetch=mine,
             room=lambda _params, actor: f"{MINE}/{own_ref(actor)}", reread=mine_again, pace=AT_ONCE),
        View(name="meeting_speeches", params=OfMeeting, row=MeetingSpeechRow, permission=own, fetch=speeches),
    )


def departures(evict: Evict) -> View:
    """A view that nobody sees: it takes who was removed out of the rooms, after the commit."""
    return View(name=GONE, params=NoParams, row=msgspec.Struct, permission=Permission.ACCOUNTS, fetch=mine,
                reread=partial(departed, evict=evict), pace=AT_ONCE)
