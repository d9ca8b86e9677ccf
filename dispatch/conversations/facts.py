"""What the rules of conversations are decided on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from dispatch.conversations.messages.commands import (
    AddMembers,
    CreateGroup,
    ExpireMessages,
    FollowDirectory,
    GiveStanding,
    OpenDirect,
    RecallMessage,
    SendMessage,
)
from dispatch.conversations.model import Change, Founding, Pair, Scene
from dispatch.conversations.seats import (
    conversation_between,
    is_administrator,
    seats_meant,
    seats_of,
)
from dispatch.conversations.speaking import (
    EXPIRED_AT_ONCE,
    Enclosed,
    Old,
    Said,
    Speech,
    Spoken,
)
from dispatch.conversations.words import GROUPS_PER_DAY, PER_WINDOW, WINDOW, MemberStanding
from hub.access.allowance import Allowance
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.clock import Clock
from hub.record import Connection, load_sql

Q = load_sql("dispatch.conversations")

SPEAKERS = 100_000


async def scene_of(conn: Connection, conversation: UUID, seats: Sequence[str]) -> Scene | None:
    row = await conn.fetchrow(Q["scene"], conversation, list(seats))
    return msgspec.convert(dict(row), Scene) if row else None


async def reach(conn: Connection, actor: Actor) -> tuple[list[str], bool]:
    """How far somebody's contacts go, and whether to every station: stations talk with stations of the whole city."""
    found: list[str] = await conn.fetchval(Q["reach"], list(actor.scopes))
    return found, actor.id.startswith("station:")


async def known(conn: Connection, refs: Iterable[str], actor: Actor) -> set[str]:
    """Those of the refs that this actor can write to."""
    wanted = list(refs)
    rows = await conn.fetch(Q["known"], wanted, _ids(wanted, "person:"), _ids(wanted, "account:"), *await reach(conn, actor))
    return {row["ref"] for row in rows}


def _ids(refs: Iterable[str], kind: str) -> list[UUID]:
    found: list[UUID] = []
    for ref in refs:
        if ref.startswith(kind):
            try:
                found.append(UUID(ref.removeprefix(kind)))
            except ValueError:
                continue
    return found


async def pair(conn: Connection, command: OpenDirect, actor: Actor) -> Pair:
    seat = seats_meant(actor, command.seat)[0]
    which = UUID(conversation_between(seat, command.other))
    return Pair(seat=seat, held=seats_of(actor) if not command.seat else (seat,),
                known=command.other in await known(conn, [command.other], actor),
                stands=bool(await conn.fetchval(Q["exists"], which)))


async def change(conn: Connection, command: Any, actor: Actor) -> Change:
    """For whatever changes a group; what it names is looked up."""
    scene = await scene_of(conn, command.conversation, seats_meant(actor, getattr(command, "seat", "")))
    if isinstance(command, FollowDirectory):
        return await _following(conn, scene)
    named = list(getattr(command, "members", ())) or ([command.member] if isinstance(command, GiveStanding) else [])
    rows = await conn.fetch(Q["members_among"], command.conversation, named) if named else []
    strangers = set(named) - await known(conn, named, actor) if isinstance(command, AddMembers) else set()
    return Change(scene=scene, among=_standings(rows), strangers=tuple(sorted(strangers)))


async def _following(conn: Connection, scene: Scene | None) -> Change:
    if scene is None or not scene.org:
        return Change(scene=scene)
    present = [row["ref"] for row in await conn.fetch(Q["member_refs"], scene.id)]
    standings = await conn.fetch(Q["members_among"], scene.id, present)
    wanted = await conn.fetch(Q["enlisted"], scene.org, scene.stations, scene.people)
    return Change(scene=scene, among=_standings(standings), present=tuple(present),
                  wanted=tuple(row["ref"] for row in wanted))


def _standings(rows: Iterable[Any]) -> dict[str, MemberStanding]:
    return {row["ref"]: MemberStanding(row["standing"]) for row in rows}


async def retention(_conn: Connection, _command: Any, _actor: Actor) -> None:
    """The last word counts."""


async def recalled(conn: Connection, command: RecallMessage, actor: Actor) -> Spoken:
    """Who is neither a member nor an administrator is told of no message."""
    facts = await spoken(conn, command, actor)
    member = facts.scene is not None and facts.scene.seat is not None
    return facts if member or is_administrator(actor) else Spoken(message=None, scene=None)


async def spoken(conn: Connection, command: Any, actor: Actor) -> Spoken:
    row = await conn.fetchrow(Q["message_scene"], command.message)
    if row is None:
        return Spoken(message=None, scene=None)
    message = msgspec.convert(dict(row), Said)
    return Spoken(message=message, scene=await scene_of(conn, message.conversation, seats_of(actor)),
                  pinned=await conn.fetchval(Q["pinned_count"], message.conversation))


class Limits:
    """How much one person says, counted in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._messages = Allowance(PER_WINDOW, WINDOW, SPEAKERS)
        self._groups = Allowance(GROUPS_PER_DAY, timedelta(days=1), SPEAKERS)

    async def speech(self, conn: Connection, command: SendMessage, actor: Actor) -> Speech:
        seats = seats_meant(actor, command.seat)
        scene = await scene_of(conn, command.conversation, seats)
        if scene is None or scene.seat is None:
            return Speech(scene=scene)
        allowed = self._messages.take(actor.id, self._clock.now())
        return Speech(scene=scene, allowed=allowed, files=await _files(conn, command, actor),
                      mentioned=await _mentioned(conn, command), reply_stands=await _reply_stands(conn, command))

    async def founding(self, conn: Connection, command: CreateGroup, actor: Actor) -> Founding:
        seat = seats_meant(actor, command.seat)[0]
        path = await conn.fetchval(Q["org_path"], command.org) if command.org else None
        enlisted = await conn.fetch(Q["enlisted"], command.org, command.stations, command.people) if path else []
        strangers = set(command.members) - await known(conn, command.members, actor) if command.members else set()
        allowed = actor.id == SYSTEM.id or self._groups.take(actor.id, self._clock.now())
        return Founding(seat=seat, path=tuple(path) if path else None, enlisted=tuple(row["ref"] for row in enlisted),
                        strangers=tuple(sorted(strangers)), allowed=allowed)

    async def old(self, conn: Connection, _command: ExpireMessages, _actor: Actor) -> tuple[Old, ...]:
        rows = await conn.fetch(Q["expirable"], self._clock.now(), EXPIRED_AT_ONCE)
        return tuple(Old(row["id"], row["upto"], row["version"]) for row in rows)


async def _files(conn: Connection, command: SendMessage, actor: Actor) -> tuple[Enclosed, ...]:
    """In the order in which they are sent."""
    if not command.files:
        return ()
    rows = await conn.fetch(Q["files_of_message"], list(command.files), actor.id, list(seats_of(actor)))
    found = {row["id"]: Enclosed(row["id"], row["mime"], row["purpose"]) for row in rows}
    return tuple(found[one] for one in command.files if one in found)


async def _mentioned(conn: Connection, command: SendMessage) -> frozenset[str]:
    if not command.mentions:
        return frozenset()
    rows = await conn.fetch(Q["members_among"], command.conversation, list(command.mentions))
    return frozenset(row["ref"] for row in rows)


async def _reply_stands(conn: Connection, command: SendMessage) -> bool:
    if command.reply_to is None:
        return True
    return bool(await conn.fetchval(Q["reply_stands"], command.reply_to, command.conversation))


