"""Writes the rows of conversations in the transaction that records their events. A message gets its
number here: the journal's order is the order of a conversation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.conversations.messages.events import (
    ConversationOpened,
    GroupClosed,
    GroupMuted,
    GroupRenamed,
    GroupReopened,
    Joined,
    MemberLeft,
    MembersAdded,
    MembersRemoved,
    MessagePinned,
    MessageRecalled,
    MessageSent,
    MessagesExpired,
    MessageUnpinned,
    RetentionSaved,
    StandingGiven,
)
from dispatch.conversations.words import GROUPS
from hub.files import sweep_later
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.search.text import fold
from hub.spoke import Touched

Q = load_sql("dispatch.conversations")

EXPIRE = "conversations.expire"
LIST, MESSAGES, MEMBERS, GONE = "conversations", "messages", "participants", "departures"


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for one in recorded:
        touched += await WRITES[type(one.event)](conn, one.event, one)
    return touched


async def _opened(conn: Connection, event: ConversationOpened, fact: Recorded) -> list[Touched]:
    await conn.execute(
        Q["insert_conversation"], event.conversation, event.kind, event.name, event.org, event.stations, event.people,
        event.kind not in GROUPS, event.by, fact.at, fact.version)
    return await _came(conn, event.conversation, event.members, fact)


async def _added(conn: Connection, event: MembersAdded, fact: Recorded) -> list[Touched]:
    return await _came(conn, event.conversation, event.members, fact)


async def _came(conn: Connection, conversation: UUID, members: Sequence[Joined], fact: Recorded) -> list[Touched]:
    await conn.execute(Q["insert_members"], conversation, [one.ref for one in members], [one.standing for one in members],
                       fact.at, fact.version)
    return [_whole(conversation), *_each(MEMBERS, conversation, (one.ref for one in members))]


async def _removed(conn: Connection, event: MembersRemoved, fact: Recorded) -> list[Touched]:
    return await _went(conn, event.conversation, event.members, fact)


async def _left(conn: Connection, event: MemberLeft, fact: Recorded) -> list[Touched]:
    return await _went(conn, event.conversation, (event.member,), fact)


async def _went(conn: Connection, conversation: UUID, refs: Sequence[str], fact: Recorded) -> list[Touched]:
    await conn.execute(Q["delete_members"], conversation, list(refs), fact.at, fact.version)
    return [_whole(conversation), *(one for view in (LIST, MEMBERS, GONE) for one in _each(view, conversation, refs))]


async def _standing(conn: Connection, event: StandingGiven, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_standing"], event.conversation, event.member, event.standing)
    await conn.execute(Q["touch"], event.conversation, fact.at, fact.version)
    return [touched for view in (LIST, MEMBERS) for touched in _each(view, event.conversation, [event.member])]


async def _renamed(conn: Connection, event: GroupRenamed, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["rename"], event.conversation, event.name, fact.at, fact.version)
    return [_whole(event.conversation)]


async def _muted(conn: Connection, event: GroupMuted, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["mute"], event.conversation, event.on, fact.at, fact.version)
    return [_whole(event.conversation)]


async def _closed(conn: Connection, event: GroupClosed, fact: Recorded) -> list[Touched]:
    return await _close(conn, event.conversation, fact.at, fact)


async def _reopened(conn: Connection, event: GroupReopened, fact: Recorded) -> list[Touched]:
    return await _close(conn, event.conversation, None, fact)


async def _close(conn: Connection, conversation: UUID, at: datetime | None, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["close"], conversation, at, fact.version)
    return [_whole(conversation)]


async def _sent(conn: Connection, event: MessageSent, fact: Recorded) -> list[Touched]:
    folded = fold(event.text)
    await conn.execute(
        Q["insert_message"], event.message, event.conversation, fact.pos, fact.at, event.author, event.author_name,
        event.seat, event.shape, event.text, event.reply_to, list(event.mentions), event.everyone, event.notice,
        list(event.files), folded if folded != event.text else None)
    return [(MESSAGES, str(event.message)), _whole(event.conversation)]


async def _recalled(conn: Connection, event: MessageRecalled, fact: Recorded) -> list[Touched]:
    conversation = await conn.fetchval(Q["recall_message"], event.message, fact.at, event.by, event.reason)
    if conversation is None:  # cleared away meanwhile
        return []
    await sweep_later(conn, fact.at)
    quotes = await conn.fetch(Q["answers_to"], event.message, conversation)
    return [(MESSAGES, str(one)) for one in (event.message, *(row["id"] for row in quotes))] + [_whole(conversation)]


async def _pinned(conn: Connection, event: MessagePinned, fact: Recorded) -> list[Touched]:
    return await _pin(conn, event.message, fact.at, event.by)


async def _unpinned(conn: Connection, event: MessageUnpinned, fact: Recorded) -> list[Touched]:
    return await _pin(conn, event.message, None, "")


async def _pin(conn: Connection, message: UUID, at: datetime | None, by: str) -> list[Touched]:
    conversation = await conn.fetchval(Q["pin_message"], message, at, by)
    return [(MESSAGES, str(message)), _whole(conversation)] if conversation else []


async def _retention(conn: Connection, event: RetentionSaved, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["save_retention"], event.kind, event.days)
    await Jobs.put(conn, EXPIRE, "", fact.at)
    return []


async def _expired(conn: Connection, event: MessagesExpired, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["expire_messages"], event.conversation, event.upto)
    await conn.execute(Q["set_version"], event.conversation, fact.version)
    await sweep_later(conn, fact.at)
    return [_whole(event.conversation)]


def _whole(conversation: UUID) -> Touched:
    return (LIST, str(conversation))


def _each(view: str, conversation: UUID, refs: Iterable[str]) -> list[Touched]:
    return [(view, f"{conversation}/{ref}") for ref in refs]


WRITES: dict[type[Any], Callable[[Connection, Any, Recorded], Awaitable[list[Touched]]]] = {
    ConversationOpened: _opened, MembersAdded: _added, MembersRemoved: _removed, MemberLeft: _left,
    StandingGiven: _standing, GroupRenamed: _renamed, GroupMuted: _muted, GroupClosed: _closed,
    GroupReopened: _reopened, MessageSent: _sent, MessageRecalled: _recalled, MessagePinned: _pinned,
    MessageUnpinned: _unpinned, RetentionSaved: _retention, MessagesExpired: _expired,
}
