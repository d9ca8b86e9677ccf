"""What dispatch shows. Every query is limited to the actor's scopes; rooms follow the same rule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import accumulate
from typing import Any
from uuid import UUID

import msgspec

from dispatch import audience, rows
from dispatch.counting import WHOLE
from dispatch.messages.params import (
    AudienceParams,
    BroadcastsParams,
    DeadParams,
    OfBroadcast,
    OfDelivery,
    RecipientsParams,
)
from dispatch.messages.rows import (
    AudienceCount,
    BroadcastRow,
    CountRow,
    CurvePoint,
    DeadRow,
    EvidenceRow,
    LadderRow,
    NoticeRow,
    QuietRow,
    RecipientRow,
    RoadRow,
    StationRow,
    TemplateRow,
)
from dispatch.messages.shapes import Audience
from dispatch.trail import trail
from dispatch.words import BroadcastState, Channel
from hub.directory.messages.params import NoParams
from hub.kernel.actor import CITY, SYSTEM, Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound
from hub.record import Connection, load_sql
from hub.spoke import Change, Page, View
from hub.wire.words import REFETCH

Q = load_sql("dispatch")

INBOX_PACE = 0.02
"""What an operator says must be on the screens before the counters move."""
SEE = Permission.BROADCAST_VIEW
CHANGES_TOLD = 200
NOT_YET = {BroadcastState.AWAITING_APPROVAL, BroadcastState.SCHEDULED}


def room(view: str, scopes: Sequence[str]) -> str:
    return f"{view}/{'+'.join(sorted(scopes))}"


async def _several(conn: Connection) -> list[Sequence[str]]:
    """The sets of several scopes that somebody holds."""
    return [row["scopes"] for row in await conn.fetch(Q["scope_sets"])]


def _watchers(view: str, path: Sequence[str], several: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One room per scope that covers the path; who holds several scopes watches a room of their own."""
    sets = [[scope] for scope in {CITY, *path}] + [scopes for scopes in several if {CITY, *path} & set(scopes)]
    return tuple(room(view, scopes) for scopes in sets)


def page(found: Sequence[Any], one: Callable[[Any], Any]) -> Page:
    return Page([one(row) for row in found], found[0]["matching"] if found else 0)


# --- broadcasts ---------------------------------------------------------------------------------


async def _cards(conn: Connection, scopes: Sequence[str], ids: Sequence[UUID] | None, params: BroadcastsParams) -> Page:
    found = await conn.fetch(Q["cards"], list(scopes), ids, params.open_only, params.drill, params.text, params.limit,
                             params.offset, list(params.state), list(params.priority))
    files = await rows.files_of(conn, found)
    expected = {row["id"]: await _expected(conn, row) for row in found}
    return page(found, lambda row: rows.card(row, files, expected[row["id"]]))


async def _expected(conn: Connection, row: Any) -> int:
    """Who has to approve or cancel is told how many it concerns, though nobody is enlisted yet."""
    if row["state"] not in NOT_YET:
        return int(row["total"])
    return await audience.count(conn, msgspec.convert(row["audience"], Audience), row["scopes"])


async def broadcasts(conn: Connection, params: BroadcastsParams, actor: Actor) -> Page:
    return await _cards(conn, actor.scopes, None, params)


async def broadcast(conn: Connection, params: OfBroadcast, actor: Actor) -> Page:
    found = await _cards(conn, actor.scopes, [params.broadcast], BroadcastsParams())
    if not found.rows:
        raise _no_broadcast()
    return found


async def broadcasts_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    found = await _cards(conn, SYSTEM.scopes, [UUID(key) for key in keys], BroadcastsParams(limit=200))
    scopes = {row["id"]: row["scopes"] for row in await conn.fetch(
        Q["scopes_of_broadcasts"], [UUID(key) for key in keys], list(SYSTEM.scopes))}
    several = await _several(conn)
    return [Change(key=str(row.id), row=row, rooms=_watchers("broadcasts", scopes[row.id], several)) for row in found.rows]


def _no_broadcast() -> NotFound:
    return NotFound("没有这条广播，或它不归您管理。", "There is no such broadcast, or it is not yours to see.")


async def _must_see(conn: Connection, which: UUID, actor: Actor) -> None:
    if not await conn.fetch(Q["scopes_of_broadcasts"], [which], list(actor.scopes)):
        raise _no_broadcast()


async def board(conn: Connection, params: OfBroadcast, actor: Actor) -> Page:
    await _must_see(conn, params.broadcast, actor)
    found = await conn.fetch(Q["cells"], params.broadcast, None)
    return Page([rows.cell(str(params.broadcast), row) for row in found], len(found))


async def board_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    changes: list[Change] = []
    for which in dict.fromkeys(key.partition("/")[0] for key in keys):
        own = [key.partition("/")[2] for key in keys if key.startswith(which)]
        for row in await conn.fetch(Q["cells"], UUID(which), own):
            cell = rows.cell(which, row)
            changes.append(Change(key=cell.id, row=cell, rooms=(f"board/{which}",)))
    return changes


async def curve(conn: Connection, params: OfBroadcast, actor: Actor, clock: Clock) -> Page:
    await _must_see(conn, params.broadcast, actor)
    found = await conn.fetch(Q["curve"], params.broadcast, clock.now())
    delivered, read, confirmed = (
        list(accumulate([row[name] for row in found])) for name in ("delivered", "read", "confirmed"))
    return Page([CurvePoint(second=row["second"], delivered=d, read=r, confirmed=c)
                 for row, d, r, c in zip(found, delivered, read, confirmed, strict=True)])


# --- people -------------------------------------------------------------------------------------


async def recipients(conn: Connection, params: RecipientsParams, actor: Actor) -> Page:
    await _must_see(conn, params.broadcast, actor)
    return page(await conn.fetch(
        Q["recipients"], params.broadcast, list(params.outcome), list(params.kind), list(params.road), params.district,
        params.station, params.reply, params.text, params.limit, params.offset, None), rows.recipient)


async def recipients_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    wholes = {key.removeprefix(WHOLE) for key in keys if key.startswith(WHOLE)}
    ids = [UUID(key) for key in keys if not key.startswith(WHOLE)]
    found = await conn.fetch(Q["recipients"], None, [], [], [], "", "", "", "", len(ids), 0, ids)
    told = [rows.recipient(row) for row in found]
    if len(told) > CHANGES_TOLD:
        wholes |= {str(row.broadcast) for row in told}
    changes = [Change(key=REFETCH, row=None, rooms=(f"recipients/{which}",)) for which in sorted(wholes)]
    return changes + [Change(key=str(row.id), row=row, rooms=(f"recipients/{row.broadcast}",))
                      for row in told if str(row.broadcast) not in wholes]


async def evidence(conn: Connection, params: OfDelivery, actor: Actor, clock: Clock) -> Page:
    delivery = await conn.fetchrow(Q["delivery_scope"], params.delivery)
    if delivery is None or not actor.covers((CITY, *delivery["scopes"])):
        raise _no_broadcast()
    attempts = await conn.fetch(Q["attempts_of"], params.delivery)
    seen = await conn.fetch(Q["evidence_of"], params.delivery)
    lines = trail(delivery, attempts, seen, clock.now())
    return Page(lines, len(lines))


async def dead(conn: Connection, params: DeadParams, actor: Actor) -> Page:
    def one(row: Any) -> DeadRow:
        return DeadRow(id=row["id"], broadcast=row["broadcast"], title=row["title"], name=row["name"],
                       channel=row["channel"], why=row["why"], detail=row["detail"], tries=row["try"], at=row["at"])

    return page(await conn.fetch(Q["dead"], list(actor.scopes), params.broadcast), one)


# --- stations and inboxes -----------------------------------------------------------------------


async def stations(conn: Connection, params: NoParams, actor: Actor) -> Page:
    found = await conn.fetch(Q["stations"], list(actor.scopes), None)
    return Page([rows.station(row) for row in found], len(found))


async def stations_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
    """`keys` may name a district: its stations show its name. A station that was closed is gone."""
    paths = {row["id"]: row["path"] for row in await conn.fetch(Q["stations_below"], list(keys))}
    found = {row["id"]: rows.station(row) for row in await conn.fetch(Q["stations"], list(SYSTEM.scopes), list(paths))}
    several = await _several(conn)
    return [Change(key=station, row=found.get(station), rooms=_watchers("stations", path, several))
            for station, path in paths.items()]


async def inbox(conn: Connection, params: NoParams, actor: Actor, clock: Clock) -> Page:
    found = await conn.fetch(Q["inbox"], actor.id, None, clock.now())
    files = await rows.files_of(conn, found)
    return Page([rows.notice(row, files) for row in found], len(found))


async def inbox_again(conn: Connection, keys: Sequence[str], clock: Clock) -> list[Change]:
    found = await conn.fetch(Q["inbox"], None, [UUID(key) for key in keys], clock.now())
    files = await rows.files_of(conn, found)
    return [Change(key=str(row["id"]), row=rows.notice(row, files), rooms=(f"inbox/{row['ref']}",)) for row in found]


# --- settings -----------------------------------------------------------------------------------


def _table(sql: str, shape: type[Any]) -> Callable[[Connection, Any, Actor], Awaitable[Page]]:
    async def fetch(conn: Connection, _params: NoParams, _actor: Actor) -> Page:
        return Page([rows.convert(row, shape) for row in await conn.fetch(sql)])

    return fetch


templates = _table("select code as id, name, title, text, priority, options from dispatch.template order by name", TemplateRow)
ladders = _table("select code as id, name, rungs, bypass_quiet from dispatch.ladder order by code", LadderRow)
quiet = _table("select 'quiet' as id, starts as start, ends as \"end\", channels from dispatch.quiet", QuietRow)


async def roads(conn: Connection, _params: NoParams, _actor: Actor, channels: Sequence[Channel]) -> Page:
    return Page([rows.convert(row, RoadRow) for row in await conn.fetch(Q["roads"], list(channels))])


def build_views(clock: Clock, carriers: frozenset[Channel]) -> tuple[View, ...]:
    async def audience_now(conn: Connection, params: AudienceParams, actor: Actor) -> Page:
        return Page([await audience.preview(conn, params, actor, clock, carriers)], 1)

    async def roads_again(conn: Connection, keys: Sequence[str]) -> list[Change]:
        found = await roads(conn, NoParams(), SYSTEM, sorted(carriers))
        return [Change(key=row.id, row=row, rooms=("roads",)) for row in found.rows]

    return (
        View(name="broadcasts", params=BroadcastsParams, row=BroadcastRow, permission=SEE, fetch=broadcasts,
             room=lambda _params, actor: room("broadcasts", actor.scopes), reread=broadcasts_again),
        View(name="broadcast", params=OfBroadcast, row=BroadcastRow, permission=SEE, fetch=broadcast,
             room=lambda _params, actor: room("broadcasts", actor.scopes)),
        View(name="board", params=OfBroadcast, row=CountRow, permission=SEE, fetch=board,
             room=lambda params, _actor: f"board/{params.broadcast}", reread=board_again),
        View(name="curve", params=OfBroadcast, row=CurvePoint, permission=SEE, key="second",
             fetch=lambda conn, params, actor: curve(conn, params, actor, clock)),
        View(name="recipients", params=RecipientsParams, row=RecipientRow, permission=SEE, fetch=recipients,
             room=lambda params, _actor: f"recipients/{params.broadcast}", reread=recipients_again),
        View(name="evidence", params=OfDelivery, row=EvidenceRow, permission=SEE,
             fetch=lambda conn, params, actor: evidence(conn, params, actor, clock)),
        View(name="dead", params=DeadParams, row=DeadRow, permission=SEE, fetch=dead),
        View(name="audience", params=AudienceParams, row=AudienceCount, permission=Permission.BROADCAST, key="total",
             fetch=audience_now),
        View(name="stations", params=NoParams, row=StationRow, permission=Permission.DIRECTORY_VIEW, fetch=stations,
             room=lambda _params, actor: room("stations", actor.scopes), reread=stations_again, follows=("organisations",)),
        View(name="inbox", params=NoParams, row=NoticeRow, permission=Permission.SELF,
             fetch=lambda conn, params, actor: inbox(conn, params, actor, clock),
             room=lambda _params, actor: f"inbox/{actor.id}",
             reread=lambda conn, keys: inbox_again(conn, keys, clock), pace=INBOX_PACE),
        View(name="templates", params=NoParams, row=TemplateRow, permission=Permission.BROADCAST, fetch=templates),
        View(name="ladders", params=NoParams, row=LadderRow, permission=SEE, fetch=ladders),
        View(name="quiet_hours", params=NoParams, row=QuietRow, permission=SEE, fetch=quiet),
        View(name="roads", params=NoParams, row=RoadRow, permission=SEE,
             fetch=lambda conn, params, actor: roads(conn, params, actor, sorted(carriers)),
             room=lambda _params, _actor: "roads", reread=roads_again),
    )
