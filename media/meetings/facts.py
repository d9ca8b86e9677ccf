"""Reads what a decision needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from hub.kernel.actor import Actor
from hub.record import Connection
from media.meetings.messages.commands import InviteToMeeting, OpenMeeting
from media.meetings.messages.events import MeetingMember
from media.meetings.model import Guests
from media.meetings.state import Meeting
from media.meetings.store import Q, load


async def meeting(conn: Connection, command: Any, _actor: Actor) -> Meeting | None:
    return await load(conn, command.meeting)


async def opening(conn: Connection, command: OpenMeeting, actor: Actor) -> Guests:
    return await _guests(conn, command.targets, actor, None)


async def inviting(conn: Connection, command: InviteToMeeting, actor: Actor) -> Guests:
    return await _guests(conn, command.targets, actor, await load(conn, command.meeting))


async def _guests(conn: Connection, targets: Iterable[str], actor: Actor, stands: Meeting | None) -> Guests:
    named, reach = list(dict.fromkeys(targets)), list(actor.scopes)
    rows = await conn.fetch(Q["targets"], named, _ids(named, "person:"), _ids(named, "account:"), reach)
    places = {row["id"] for row in await conn.fetch(Q["places"], named, reach)}
    known = places | {row["ref"] for row in rows if row["named"]}
    found = {row["ref"]: MeetingMember(ref=row["ref"], name=row["name"], kind=row["kind"], unit=row["unit"]) for row in rows}
    return Guests(meeting=stands, found=tuple(found.values()), strangers=tuple(ref for ref in named if ref not in known))


def _ids(refs: Iterable[str], kind: str) -> list[UUID]:
    found: list[UUID] = []
    for ref in refs:
        if ref.startswith(kind):
            try:
                found.append(UUID(ref.removeprefix(kind)))
            except ValueError:
                continue
    return found
