"""Writes the rows of broadcasts in the transaction that records their events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dispatch import audience
from dispatch.counting import whole
from dispatch.ladders import LANE
from dispatch.messages.events import (
    BroadcastApproved,
    BroadcastCancelled,
    BroadcastClosed,
    BroadcastExtended,
    BroadcastIssued,
    BroadcastRejected,
    BroadcastStarted,
    LadderSaved,
    QuietHoursSaved,
    RoadResent,
    TemplateRemoved,
    TemplateSaved,
    UnansweredReminded,
)
from dispatch.messages.shapes import Audience
from dispatch.plan import Hour, road
from dispatch.receipts import columns
from dispatch.words import RANK, BroadcastState, Channel, Priority, State, Why
from hub.kernel.ids import derived
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched

Q = load_sql("dispatch")

START, EXPIRE, RECALL = "broadcast.start", "broadcast.expire", "attempt.recall"


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for one in recorded:
        touched += await WRITES[type(one.event)](conn, one.event, one)
    return touched


async def _issued(conn: Connection, event: BroadcastIssued, fact: Recorded) -> list[Touched]:
    await conn.execute(
        Q["insert_broadcast"], event.broadcast, event.title, event.text, event.priority, event.state, event.drill,
        event.by, event.by_name, list(event.scopes), msgspec.to_builtins(event.audience), event.variables,
        msgspec.to_builtins(event.options), msgspec.to_builtins(event.ladder), list(event.attachments), event.audio,
        fact.at, event.send_at, event.expires_at, fact.version,
    )
    await Jobs.put(conn, EXPIRE, str(event.broadcast), event.expires_at, str(event.broadcast))
    return await _go(conn, event.broadcast, event.state, event.send_at, fact)


async def _approved(conn: Connection, event: BroadcastApproved, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_state"], event.broadcast, event.state, fact.version, None, None)
    send_at = await conn.fetchval("select send_at from dispatch.broadcast where id = $1", event.broadcast)
    return await _go(conn, event.broadcast, event.state, send_at, fact)


async def _go(
    conn: Connection, broadcast: UUID, state: BroadcastState, send_at: datetime, fact: Recorded,
) -> list[Touched]:
    if state is BroadcastState.SENDING:
        return await _begin(conn, broadcast, fact)
    if state is BroadcastState.SCHEDULED:
        await Jobs.put(conn, START, str(broadcast), send_at, str(broadcast))
    return _card(broadcast)


async def _started(conn: Connection, event: BroadcastStarted, fact: Recorded) -> list[Touched]:
    await Jobs.drop(conn, START, str(event.broadcast))
    # After a long night both timers may be due at once, and the end have come first.
    expires_at = await conn.fetchval("select expires_at from dispatch.broadcast where id = $1", event.broadcast)
    await Jobs.put(conn, EXPIRE, str(event.broadcast), expires_at, str(event.broadcast))
    return await _begin(conn, event.broadcast, fact)


async def _begin(conn: Connection, broadcast: UUID, fact: Recorded) -> list[Touched]:
    """The audience is resolved now, when the broadcast goes out, not when it was written."""
    row = await audience.one_row(conn, "select audience, scopes from dispatch.broadcast where id = $1", broadcast)
    who = msgspec.convert(row["audience"], Audience)
    total = await audience.enlist(conn, who, row["scopes"], broadcast, fact.at)
    await conn.execute(Q["begin_sending"], broadcast, fact.version, total, fact.at)
    return await _recounted(conn, broadcast)


async def _rejected(conn: Connection, event: BroadcastRejected, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_state"], event.broadcast, BroadcastState.REJECTED, fact.version, event.reason, fact.at)
    await Jobs.drop(conn, EXPIRE, str(event.broadcast))
    return _card(event.broadcast)


async def _cancelled(conn: Connection, event: BroadcastCancelled, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_state"], event.broadcast, BroadcastState.CANCELLED, fact.version, event.reason, fact.at)
    for kind in (START, EXPIRE):
        await Jobs.drop(conn, kind, str(event.broadcast))
    await conn.fetch(Q["lock_deliveries"], event.broadcast)
    for row in await conn.fetch(Q["recallable"], event.broadcast):
        await Jobs.put(conn, RECALL, str(row["id"]), fact.at, str(row["id"]))
    return await _end(conn, event.broadcast, Why.CANCELLED, Q["cancel_deliveries"])


async def _closed(conn: Connection, event: BroadcastClosed, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_state"], event.broadcast, BroadcastState.CLOSED, fact.version, None, fact.at)
    await Jobs.drop(conn, EXPIRE, str(event.broadcast))
    await conn.fetch(Q["lock_deliveries"], event.broadcast)
    return await _end(conn, event.broadcast, Why.EXPIRED, Q["end_deliveries"])


async def _end(conn: Connection, broadcast: UUID, why: Why, sql: str) -> list[Touched]:
    await conn.execute(Q["stop_attempts"], broadcast, why)
    await conn.execute(sql, broadcast)
    return await _recounted(conn, broadcast) + await _inboxes(conn, broadcast)


async def _inboxes(conn: Connection, broadcast: UUID) -> list[Touched]:
    rows = await conn.fetch(Q["inboxes_here"], broadcast)
    return [("inbox", str(row["id"])) for row in rows]


async def _reminded(conn: Connection, event: UnansweredReminded, fact: Recorded) -> list[Touched]:
    await conn.fetch(Q["lock_deliveries"], event.broadcast)
    await conn.execute(Q["restart_deliveries"], event.broadcast, fact.at)
    await conn.execute("update dispatch.broadcast set version = $2 where id = $1", event.broadcast, fact.version)
    return await _recounted(conn, event.broadcast)


async def _resent(conn: Connection, event: RoadResent, fact: Recorded) -> list[Touched]:
    await conn.fetch(Q["lock_deliveries"], event.broadcast)
    people = await conn.fetch(Q["people_of"], event.broadcast, list(event.deliveries))
    broadcast = await audience.one_row(conn, "select priority, expires_at from dispatch.broadcast where id = $1", event.broadcast)
    priority = Priority(broadcast["priority"])
    hour = Hour(at=fact.at, expires_at=broadcast["expires_at"], priority=priority)
    await _insert(conn, event.broadcast, event.channel, people, hour)
    await conn.execute(Q["raise_round"], [row["id"] for row in people])
    await conn.execute("update dispatch.broadcast set version = $2 where id = $1", event.broadcast, fact.version)
    return await _recounted(conn, event.broadcast)


async def _insert(conn: Connection, broadcast: UUID, channel: Channel, people: Sequence[Any], hour: Hour) -> None:
    rows = []
    for row in people:
        person = audience.person_of(row, row["online"])
        planned = road(channel, -1, person, hour, None)
        if planned is not None:
            rows.append((derived(broadcast, row["ref"], channel, row["round"] + 1, -1, 1), row["id"], broadcast, channel,
                         LANE[hour.priority], row["round"] + 1, -1, 1, planned.state, RANK[planned.state], planned.why,
                         person.address(channel), planned.due if planned.state is not State.ACCEPTED else None, hour.at))
    if rows:
        await conn.execute(Q["insert_attempts"], *columns(rows))


async def _extended(conn: Connection, event: BroadcastExtended, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["extend"], event.broadcast, event.expires_at, fact.version)
    await Jobs.put(conn, EXPIRE, str(event.broadcast), event.expires_at, str(event.broadcast))
    return _card(event.broadcast) + await _inboxes(conn, event.broadcast)


async def _recounted(conn: Connection, broadcast: UUID) -> list[Touched]:
    # In the order in which deltas take them, so that the two do not wait for each other.
    await conn.fetch("select 1 from dispatch.count where broadcast = $1 order by kind, key, state for update", broadcast)
    await conn.execute("select dispatch.recount($1)", broadcast)
    cells = await conn.fetch("select distinct kind, key from dispatch.count where broadcast = $1", broadcast)
    board = [("board", f"{broadcast}/{cell['kind']}/{cell['key']}") for cell in cells]
    stations = [("stations", cell["key"]) for cell in cells if cell["kind"] == "station"]
    roads = [("roads", cell["key"]) for cell in cells if cell["kind"] == "road"]
    return [*_card(broadcast), *board, *stations, *roads, ("recipients", whole(broadcast))]


def _card(broadcast: UUID) -> list[Touched]:
    return [("broadcasts", str(broadcast))]


async def _template(conn: Connection, event: TemplateSaved, fact: Recorded) -> list[Touched]:
    await conn.execute(
        "insert into dispatch.template values ($1,$2,$3,$4,$5,$6,$7) on conflict (code) do update set name = $2,"
        " title = $3, text = $4, priority = $5, options = $6, version = $7",
        event.code, event.name, event.title, event.text, event.priority, msgspec.to_builtins(event.options), fact.version)
    return []


async def _no_template(conn: Connection, event: TemplateRemoved, fact: Recorded) -> list[Touched]:
    await conn.execute("delete from dispatch.template where code = $1", event.code)
    return []


async def _ladder(conn: Connection, event: LadderSaved, fact: Recorded) -> list[Touched]:
    ladder = event.ladder
    await conn.execute(
        "insert into dispatch.ladder values ($1,$2,$3,$4,$5) on conflict (code) do update set name = $2, rungs = $3,"
        " bypass_quiet = $4, version = $5",
        ladder.code, ladder.name, msgspec.to_builtins(ladder.rungs), ladder.bypass_quiet, fact.version)
    return []


async def _quiet(conn: Connection, event: QuietHoursSaved, fact: Recorded) -> list[Touched]:
    await conn.execute("update dispatch.quiet set starts = $1, ends = $2, channels = $3, version = $4",
                       event.start, event.end, list(event.channels), fact.version)
    return []


WRITES: dict[type, Callable[[Connection, Any, Recorded], Awaitable[list[Touched]]]] = {
    BroadcastIssued: _issued,
    BroadcastApproved: _approved,
    BroadcastRejected: _rejected,
    BroadcastStarted: _started,
    BroadcastCancelled: _cancelled,
    UnansweredReminded: _reminded,
    RoadResent: _resent,
    BroadcastExtended: _extended,
    BroadcastClosed: _closed,
    TemplateSaved: _template,
    TemplateRemoved: _no_template,
    LadderSaved: _ladder,
    QuietHoursSaved: _quiet,
}
