"""Who is meant: an audience resolved against the directory, within the asker's scopes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

import msgspec

from dispatch.ladders import LADDER_OF, LONGEST_LIFE
from dispatch.messages.commands import SendBroadcast
from dispatch.messages.params import AudienceParams
from dispatch.messages.rows import AudienceCount
from dispatch.messages.shapes import Audience, Ladder
from dispatch.model import SendFacts, default_ladder
from dispatch.plan import NEEDS, SOCKET, Hour, Person, Quiet, first_road
from dispatch.wording import sms_segments
from dispatch.words import Channel
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Broken
from hub.record import Connection, load_sql

Q = load_sql("dispatch")

WITHOUT_SHOWN = 200


def arguments(audience: Audience, scopes: Sequence[str]) -> tuple[Any, ...]:
    return (list(audience.orgs), list(audience.kinds), list(audience.groups), list(audience.tags),
            list(audience.recipients), list(audience.except_orgs), list(audience.except_groups),
            list(audience.except_recipients), list(scopes))


async def count(conn: Connection, audience: Audience, scopes: Sequence[str]) -> int:
    return int(await conn.fetchval(Q["everyone"] + Q["count_everyone"], *arguments(audience, scopes)))


async def enlist(conn: Connection, audience: Audience, scopes: Sequence[str], broadcast: UUID, at: Any) -> int:
    """Writes one delivery for everybody; returns how many."""
    tag = await conn.execute(Q["everyone"] + Q["insert_deliveries"], *arguments(audience, scopes), broadcast, at)
    return int(tag.split()[-1])


async def send_facts(conn: Connection, command: SendBroadcast, actor: Actor) -> SendFacts:
    audience = command.audience
    named = [*audience.orgs, *audience.recipients, *audience.except_orgs, *audience.except_recipients]
    strangers = [row[0] for row in await conn.fetch(Q["strangers"], named, list(actor.scopes))]
    strangers += [row[0] for row in await conn.fetch(Q["strange_groups"], [*audience.groups, *audience.except_groups])]
    wanted = [*command.attachments, *([command.audio] if command.audio else [])]
    files = {row["id"]: row["seconds"] for row in await conn.fetch(
        "select id, seconds from files.file where id = any($1::uuid[])", wanted)}
    return SendFacts(
        recipients=await count(conn, audience, actor.scopes),
        ladder=await ladder_of(conn, default_ladder(command)),
        missing=tuple(one for one in wanted if one not in files),
        silent=command.audio in files and files[command.audio] is None,
        strangers=tuple(strangers),
    )


async def ladder_of(conn: Connection, code: str) -> Ladder | None:
    row = await conn.fetchrow(Q["ladder"], code)
    return msgspec.convert(dict(row), Ladder) if row else None


async def one_row(conn: Connection, sql: str, *arguments: Any) -> Any:
    """A row that is there by the schema. Raises Broken where it is not."""
    row = await conn.fetchrow(sql, *arguments)
    if row is None:
        raise Broken("数据不完整，请检查数据库。", f"A row is missing: {sql[:60]}")
    return row


async def quiet_hours(conn: Connection) -> Quiet:
    row = await one_row(conn, Q["quiet"])
    return Quiet(time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"]),
                 tuple(Channel(one) for one in row["channels"]))


def person_of(row: Mapping[str, Any] | Any, online: bool, rank: int = 0, rung: int = 0) -> Person:
    return Person(ref=row["ref"], phone=row["phone"], openid=row["openid"], opt_out=tuple(row["opt_out"]),
                  bad=tuple(row["bad"]), online=online, rank=rank, rung=rung)


async def preview(
    conn: Connection, params: AudienceParams, actor: Actor, clock: Clock, carriers: frozenset[Channel],
) -> AudienceCount:
    rows = await conn.fetch(Q["everyone"] + Q["list_everyone"], *arguments(params.audience, actor.scopes))
    ladder = await ladder_of(conn, params.ladder or LADDER_OF[params.priority])
    at = clock.now()
    hour = Hour(at=at, expires_at=at + LONGEST_LIFE, priority=params.priority, carriers=carriers,
                quiet=await quiet_hours(conn))
    roads: Counter[Channel] = Counter()
    first: Counter[str] = Counter()
    without: list[tuple[str, str]] = []
    for row in rows:
        person = person_of(row, row["online"])
        has = roads_of(person, carriers)
        roads.update(has)
        if not has or (has <= SOCKET and not person.is_station):
            without.append((person.ref, row["name"]))
        first[(first_road(ladder, person, hour) if ladder else None) or "none"] += 1
    return AudienceCount(
        total=len(rows), kinds=dict(Counter(row["kind"] for row in rows)), roads=dict(roads), first=dict(first),
        without=tuple(without[:WITHOUT_SHOWN]), without_total=len(without), sms_segments=sms_segments(params.text),
    )


def roads_of(person: Person, carriers: frozenset[Channel]) -> set[Channel]:
    socket = Channel.SCREEN if person.is_station else Channel.PAGE
    return {socket} | {channel for channel, needs in NEEDS.items()
                       if channel in carriers and person.address(channel) and needs not in person.bad}
