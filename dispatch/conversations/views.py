"""What conversations show. A member sees his own; an administrator may look into others, and the
audit log says that he did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from dispatch.conversations import rows
from dispatch.conversations.facts import reach, scene_of
from dispatch.conversations.messages.params import (
    ContactsParams,
    ConversationsParams,
    MessagesParams,
    OfConversation,
    OverviewParams,
    ParticipantsParams,
    SearchParams,
)
from dispatch.conversations.messages.rows import (
    ContactRow,
    ConversationRow,
    FoundRow,
    MessageRow,
    OverviewRow,
    ParticipantRow,
    RetentionRow,
)
from dispatch.conversations.model import no_conversation
from dispatch.conversations.projection import GONE, LIST, MEMBERS, MESSAGES
from dispatch.conversations.seats import is_administrator, own_seat, seats_meant, seats_of
from dispatch.conversations.words import MOST_MEMBERS, ConversationKind
from dispatch.rows import convert
from hub.access.allowance import Allowance
from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.presence.port import Presence
from hub.record import Audit, Connection, load_sql
from hub.record.audit import containing
from hub.search.text import fold, query_of
from hub.spoke import Change, Page, View

Q = load_sql("dispatch.conversations")

LAST = 2**62
LISTS_PACE = 1.0
TOLD_ANYWAY = 50
"""Members of a group so small that nobody asks who is connected."""
AT_ONCE = 0.0
LOOK = timedelta(minutes=10)
"""So long what an administrator asks of one conversation is one look."""

Evict = Callable[[str, Sequence[str]], Awaitable[None]]
"""(room, refs): who speaks for these must watch the room no longer."""


class Eyes:
    """Who may look. Members; and administrators, which is noted."""

    def __init__(self, audit: Audit, clock: Clock) -> None:
        self._audit, self._clock = audit, clock
        self._noted = Allowance(1, LOOK)

    async def require(self, conn: Connection, conversation: UUID, actor: Actor) -> str:
        """The seat that looks; empty for an administrator. Raises NotFound."""
        scene = await scene_of(conn, conversation, seats_of(actor))
        if scene is not None and scene.seat:
            return scene.seat
        if scene is None or not is_administrator(actor):
            raise no_conversation()
        at = self._clock.now()
        if self._noted.take(f"{actor.id} {conversation}", at):
            await self._audit.note(None, at=at, actor=actor.id, act="view conversation", object=f"conversation:{conversation}",
                                   address=actor.address, detail={"name": actor.name})
        return ""


# --- the list -----------------------------------------------------------------------------------


async def conversations(conn: Connection, params: ConversationsParams, actor: Actor) -> Page:
    seats = seats_meant(actor, params.seat)
    found = await conn.fetch(Q["listed"], seats[0], containing(params.text), params.limit, params.offset)
    own = await rows.conversations_for(conn, [(row["conversation"], seats[0]) for row in found])
    return Page(own, found[0]["matching"] if found else 0)


async def conversation(conn: Connection, params: OfConversation, actor: Actor) -> Page:
    scene = await scene_of(conn, params.conversation, seats_of(actor))
    if scene is None or not scene.seat:
        raise no_conversation()
    return Page(await rows.conversations_for(conn, [(params.conversation, scene.seat)]), 1)


def list_room(params: ConversationsParams, actor: Actor) -> str:
    return f"{LIST}/{seats_meant(actor, params.seat)[0]}"


async def conversations_again(conn: Connection, keys: Sequence[str], presence: Presence) -> list[Change]:
    """Only lists that may be open: of a large group, whoever is not connected is passed over."""
    pairs = {(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys) if ref}
    wholes = [UUID(key) for key in keys if "/" not in key]
    everybody = await conn.fetch(Q["watched_members"], wholes, TOLD_ANYWAY) if wholes else []
    pairs |= {(row["conversation"], row["ref"]) for row in everybody if row["here"] or presence.online(row["ref"])}
    found = {(row.id, row.seat): row for row in await rows.conversations_for(conn, list(pairs))}
    return [Change(key=str(which), row=found.get((which, ref)), rooms=(f"{LIST}/{ref}",)) for which, ref in sorted(pairs)]


# --- messages -----------------------------------------------------------------------------------


async def messages(conn: Connection, params: MessagesParams, actor: Actor, eyes: Eyes) -> Page:
    seat = await eyes.require(conn, params.conversation, actor)
    found: list[Any] = []
    for low, high, limit, rising in _spans(params):
        found += await conn.fetch(Q["messages"], params.conversation, low, high, limit, rising)
    return Page(await rows.with_files(conn, found), kept=bool(seat))


def _spans(params: MessagesParams) -> list[tuple[int, int, int, bool]]:
    """(after, before, how many, from the low end)."""
    if params.around is not None:
        half = max(1, params.limit // 2)
        return [(0, params.around, half, False), (params.around - 1, LAST, params.limit - half + 1, True)]
    low, high = params.after or 0, LAST if params.before is None else params.before
    return [(low, high, params.limit, params.after is not None)]


async def messages_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    found = await rows.with_files(conn, await conn.fetch(Q["messages_by_id"], [UUID(key) for key in keys]))
    return [Change(key=str(row.id), row=row, rooms=(f"{MESSAGES}/{row.conversation}",)) for row in found]


async def pinned(conn: Connection, params: OfConversation, actor: Actor, eyes: Eyes) -> Page:
    seat = await eyes.require(conn, params.conversation, actor)
    ids = [row["id"] for row in await conn.fetch(Q["pinned"], params.conversation)]
    found = await rows.with_files(conn, await conn.fetch(Q["messages_by_id"], ids))
    return Page(found, len(found), kept=bool(seat))


async def search(conn: Connection, params: SearchParams, actor: Actor) -> Page:
    seat = seats_meant(actor, params.seat)[0]
    wanted = fold(params.text)
    found = await conn.fetch(Q["search"], seat, query_of(wanted), params.conversation, params.before, params.limit, wanted)
    return Page([convert(row, FoundRow) for row in found])


# --- members ------------------------------------------------------------------------------------


async def participants(conn: Connection, params: ParticipantsParams, actor: Actor, eyes: Eyes) -> Page:
    seat = await eyes.require(conn, params.conversation, actor)
    found = await conn.fetch(Q["participants"], params.conversation, containing(params.text), None, params.limit, params.offset)
    return Page([convert(row, ParticipantRow) for row in found], found[0]["matching"] if found else 0, kept=bool(seat))


async def participants_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    wanted: dict[str, list[str]] = {}
    for key in keys:
        which, _, ref = key.partition("/")
        wanted.setdefault(which, []).append(ref)
    changes: list[Change] = []
    for which, refs in wanted.items():
        rooms = (f"{MEMBERS}/{which}",)
        found = await conn.fetch(Q["participants"], UUID(which), None, refs, MOST_MEMBERS, 0)
        there = {row["id"]: convert(row, ParticipantRow) for row in found}
        changes += [Change(key=ref, row=there.get(ref), rooms=rooms) for ref in refs]
    return changes


async def departed(conn: Connection, keys: Sequence[str], evict: Evict) -> list[Change]:
    """Nothing is told: who is no member any more stops hearing."""
    wanted = {(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys)}
    still = await conn.fetch(Q["seats_in"], [one for one, _ in wanted], [ref for _, ref in wanted])
    gone: dict[UUID, list[str]] = {}
    for which, ref in wanted - {(row["conversation"], row["ref"]) for row in still}:
        gone.setdefault(which, []).append(ref)
    for which, refs in gone.items():
        for view in (MESSAGES, MEMBERS):
            await evict(f"{view}/{which}", refs)
    return []


async def contacts(conn: Connection, params: ContactsParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["contacts"], containing(params.text), [own_seat(actor)], params.limit, params.offset,
                             *await reach(conn, actor))
    return Page([convert(row, ContactRow) for row in found], found[0]["matching"] if found else 0)


# --- for administrators -------------------------------------------------------------------------


async def retention(conn: Connection, _params: NoParams, _actor: Actor) -> Page:
    return Page([convert(row, RetentionRow) for row in await conn.fetch(Q["retention"], list(ConversationKind))])


async def overview(conn: Connection, params: OverviewParams, actor: Actor) -> Page:
    if not is_administrator(actor):
        raise no_conversation()
    found = await conn.fetch(Q["overview"], list(params.kind), containing(params.text), params.limit, params.offset)
    return Page([convert(dict(row) | {"name": row["shown"] or ""}, OverviewRow) for row in found],
                found[0]["matching"] if found else 0)


def build_views(presence: Presence, audit: Audit, clock: Clock) -> tuple[View, ...]:
    own, eyes = Permission.SELF, Eyes(audit, clock)

    def watched(fetch: Callable[..., Awaitable[Page]]) -> Callable[[Connection, Any, Actor], Awaitable[Page]]:
        return partial(fetch, eyes=eyes)

    return (
        View(name=LIST, params=ConversationsParams, row=ConversationRow, permission=own, fetch=conversations,
             room=list_room, reread=partial(conversations_again, presence=presence), pace=LISTS_PACE),
        View(name="conversation", params=OfConversation, row=ConversationRow, permission=own, fetch=conversation),
        View(name=MESSAGES, params=MessagesParams, row=MessageRow, permission=own, fetch=watched(messages),
             room=lambda params, _actor: f"{MESSAGES}/{params.conversation}", reread=messages_again, pace=AT_ONCE),
        View(name=MEMBERS, params=ParticipantsParams, row=ParticipantRow, permission=own, fetch=watched(participants),
             room=lambda params, _actor: f"{MEMBERS}/{params.conversation}", reread=participants_again, pace=LISTS_PACE),
        View(name="pinned", params=OfConversation, row=MessageRow, permission=own, fetch=watched(pinned)),
        View(name="message_search", params=SearchParams, row=FoundRow, permission=own, fetch=search),
        View(name="contacts", params=ContactsParams, row=ContactRow, permission=own, fetch=contacts),
        View(name="retention", params=NoParams, row=RetentionRow, permission=Permission.ACCOUNTS, fetch=retention),
        View(name="conversation_overview", params=OverviewParams, row=OverviewRow, permission=Permission.ACCOUNTS,
             fetch=overview),
    )


def departures(evict: Evict) -> View:
    """A view that nobody sees: it takes who has gone out of the rooms, after the commit."""
    return View(name=GONE, params=NoParams, row=msgspec.Struct, permission=Permission.ACCOUNTS, fetch=retention,
                reread=partial(departed, evict=evict), pace=AT_ONCE)
