"""What calls show. Members see their own; operators what lies in their scope; nobody is shown who listens in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from hub.directory.messages.params import NoParams
from hub.kernel.actor import CITY, GRANTS, Actor, Permission
from hub.kernel.clock import Clock
from hub.kernel.errors import NotFound
from hub.presence.port import Presence
from hub.record import Connection
from hub.record.audit import containing
from hub.spoke import Change, Page, View
from media.calls import rows
from media.calls.facts import Facts
from media.calls.messages.params import CallsParams, LinesParams, OfCall
from media.calls.messages.rows import (
    CallActRow,
    CallDetailRow,
    CallMemberRow,
    CallPlanRow,
    CallRow,
    LineRow,
    MyCallRow,
    NightServiceRow,
)
from media.calls.night import is_open, rung_instead
from media.calls.projection import CALL, CALLS, GONE, LINES, MEMBERS, MINE, NIGHT, PLANS
from media.calls.seats import own_seat, seats_of
from media.calls.store import Q
from media.calls.words import MAIN, MOST_MEMBERS

AT_ONCE = 0.0
RINGING_PACE, BOARD_PACE = 0.02, 0.1
DISPATCH = [str(role) for role, granted in GRANTS.items() if Permission.CALL in granted]
"""Roles whose accounts stand as seats on the board."""
Evict = Callable[[str, Sequence[str]], Awaitable[None]]
"""(room, refs): who speaks for these must watch the room no longer."""


def _room(view: str, scopes: Sequence[str]) -> str:
    return f"{view}/{'+'.join(sorted(scopes))}"


async def _several(conn: Connection) -> list[Sequence[str]]:
    return [row["scopes"] for row in await conn.fetch(Q["scope_sets"])]


def _watchers(view: str, path: Sequence[str], several: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One room per scope that covers the path; who holds several scopes watches a room of their own."""
    sets = [[scope] for scope in dict.fromkeys([CITY, *path])] + [held for held in several if {CITY, *path} & set(held)]
    return tuple(_room(view, held) for held in sets)


class Board:
    """The views of calls."""

    def __init__(self, presence: Presence, clock: Clock, reads: Facts) -> None:
        self._presence, self._clock, self._reads = presence, clock, reads

    # --- calls --------------------------------------------------------------------------------------

    async def calls(self, conn: Connection, params: CallsParams, actor: Actor) -> Page:
        found = await conn.fetch(
            Q["listed"], list(actor.scopes), own_seat(actor), params.state == "open", params.before,
            list(params.kind), containing(params.text), params.limit)
        return Page([rows.call(row) for row in await rows.calls(conn, [row["id"] for row in found])])

    async def calls_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        several = await _several(conn)
        return [Change(key=str(row["id"]), row=rows.call(row), rooms=_watchers(CALLS, row["path"], several))
                for row in await rows.calls(conn, [UUID(key) for key in keys])]

    async def call(self, conn: Connection, params: OfCall, actor: Actor) -> Page:
        await _require_sight(conn, params.call, actor)
        return Page(await rows.details(conn, [params.call], self._clock.now()))

    async def call_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        found = await rows.details(conn, [UUID(key) for key in keys], self._clock.now())
        return [Change(key=str(row.id), row=row, rooms=(f"{CALL}/{row.id}",)) for row in found]

    async def members(self, conn: Connection, params: OfCall, actor: Actor) -> Page:
        await _require_sight(conn, params.call, actor)
        found = (await rows.members(conn, [params.call], None, self._clock.now())).get(params.call, [])
        return Page(found, len(found))

    async def members_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        changes: list[Change] = []
        for which, refs in _by_call(keys).items():
            found = {row.id: row for row in (await rows.members(conn, [which], refs, self._clock.now())).get(which, [])}
            changes += [Change(key=ref, row=found.get(ref), rooms=(f"{MEMBERS}/{which}",)) for ref in refs]
        return changes

    async def history(self, conn: Connection, params: OfCall, actor: Actor) -> Page:
        await _require_sight(conn, params.call, actor, members_too=False)
        return Page([msgspec.convert(dict(row), CallActRow) for row in await conn.fetch(Q["history"], params.call)])

    # --- one's own ----------------------------------------------------------------------------------

    async def mine(self, conn: Connection, params: NoParams, actor: Actor) -> Page:
        seats = seats_of(actor)
        found = await rows.mine(conn, seats, None, self._clock.now())
        own = [row for which in dict.fromkeys(which for which, _ in found) if (row := rows.best(found, which, seats))]
        return Page(own, len(own))

    async def mine_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        """A call to the main station is shown to everybody who answers for it."""
        asked = {(UUID(which), ref) for which, _, ref in (key.partition("/") for key in keys)}
        answering = [row["ref"] for row in await conn.fetch(Q["main_seats"])]
        pairs = asked | {(which, one) for which, ref in asked if ref == MAIN for one in answering}
        found = await rows.mine(conn, {MAIN, *(ref for _, ref in pairs)}, list({which for which, _ in pairs}), self._clock.now())
        return [Change(key=str(which), rooms=(f"{MINE}/{ref}",),
                       row=rows.best(found, which, (ref, MAIN) if ref in answering else (ref,))) for which, ref in sorted(pairs)]

    # --- lines --------------------------------------------------------------------------------------

    async def lines(self, conn: Connection, params: LinesParams, actor: Actor) -> Page:
        found = await conn.fetch(Q["lines"], list(actor.scopes), None, list(params.kinds), params.org,
                                 containing(params.text), params.limit, params.offset, DISPATCH)
        return Page([self._line(row) for row in found], found[0]["matching"] if found else 0)

    async def lines_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        several = await _several(conn)
        found = await conn.fetch(Q["lines"], [CITY], list(keys), [], CITY, None, MOST_MEMBERS * 2, 0, DISPATCH)
        return [Change(key=row["id"], row=self._line(row) if row["shown"] else None, rooms=_watchers(LINES, row["path"], several)) for row in found]

    def _line(self, row: Any) -> LineRow:
        return rows.line(row, self._presence.online(row["id"]) or self._presence.online(row["online_as"]))

    # --- plans and night service --------------------------------------------------------------------

    async def plans(self, conn: Connection, params: NoParams, actor: Actor) -> Page:
        found = [msgspec.convert(dict(row), CallPlanRow) for row in await conn.fetch(Q["plans"])]
        return Page(found, len(found))

    async def plans_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        found = {str(row["id"]): msgspec.convert(dict(row), CallPlanRow) for row in await conn.fetch(Q["plans"])}
        return [Change(key=key, row=found.get(key), rooms=(PLANS,)) for key in keys]

    async def night(self, conn: Connection, params: NoParams, actor: Actor) -> Page:
        return Page([await self._night(conn)], 1)

    async def night_again(self, conn: Connection, keys: Sequence[str]) -> list[Change]:
        return [Change(key=CITY, row=await self._night(conn), rooms=(NIGHT,))]

    async def _night(self, conn: Connection) -> NightServiceRow:
        service, duty = await self._reads.night(conn)
        rung = rung_instead(service, duty)
        names = {row["ref"]: row["name"] for row in await conn.fetch(Q["names"], list(rung))}
        return NightServiceRow(id=CITY, service=service, now=is_open(service, self._clock.now()), duty=rung,
                               duty_names=tuple(names[ref] for ref in rung))


async def _require_sight(conn: Connection, which: UUID, actor: Actor, *, members_too: bool = True) -> None:
    seats = list(seats_of(actor)) if members_too else []
    if not await conn.fetchval(Q["may_see"], which, list(actor.scopes), seats, actor.may(Permission.CALL)):
        raise NotFound("没有这个呼叫，或不是给您的。", "There is no such call, or it is not yours.", code="no-call")


def _by_call(keys: Sequence[str]) -> dict[UUID, list[str]]:
    """Keys are `<call>/<ref>`."""
    found: dict[UUID, list[str]] = {}
    for key in keys:
        which, _, ref = key.partition("/")
        found.setdefault(UUID(which), []).append(ref)
    return found


def build_views(board: Board) -> tuple[View, ...]:
    own, call = Permission.SELF, Permission.CALL
    return (
        View(name=CALLS, params=CallsParams, row=CallRow, permission=call, fetch=board.calls,
             room=lambda _params, actor: _room(CALLS, actor.scopes), reread=board.calls_again, pace=BOARD_PACE),
        View(name=CALL, params=OfCall, row=CallDetailRow, permission=own, fetch=board.call,
             room=lambda params, _actor: f"{CALL}/{params.call}", reread=board.call_again),
        View(name=MEMBERS, params=OfCall, row=CallMemberRow, permission=own, fetch=board.members,
             room=lambda params, _actor: f"{MEMBERS}/{params.call}", reread=board.members_again, pace=BOARD_PACE),
        View(name=MINE, params=NoParams, row=MyCallRow, permission=own, fetch=board.mine,
             room=lambda _params, actor: f"{MINE}/{own_seat(actor) or actor.id}", reread=board.mine_again, pace=RINGING_PACE),
        View(name=LINES, params=LinesParams, row=LineRow, permission=call, fetch=board.lines,
             room=lambda _params, actor: _room(LINES, actor.scopes), reread=board.lines_again, follows=("organisations",)),
        View(name=PLANS, params=NoParams, row=CallPlanRow, permission=call, fetch=board.plans,
             room=lambda _params, _actor: PLANS, reread=board.plans_again),
        View(name=NIGHT, params=NoParams, row=NightServiceRow, permission=call, fetch=board.night,
             room=lambda _params, _actor: NIGHT, reread=board.night_again),
        View(name="call_history", params=OfCall, row=CallActRow, permission=call, fetch=board.history),
    )


async def _departed(conn: Connection, keys: Sequence[str], evict: Evict) -> list[Change]:
    """Nothing is told: who was taken out of a call watches it no longer."""
    for which, refs in _by_call(keys).items():
        out = [row["ref"] for row in await conn.fetch(Q["taken_out"], which, refs)]
        for view in (CALL, MEMBERS) if out else ():
            await evict(f"{view}/{which}", out)
    return []


async def _nobody(_conn: Connection, _params: NoParams, _actor: Actor) -> Page:
    return Page([])


def departures(evict: Evict) -> View:
    """A view that nobody sees: it takes who is out of a call out of its rooms, after the commit."""
    return View(name=GONE, params=NoParams, row=msgspec.Struct, permission=Permission.ACCOUNTS, fetch=_nobody,
                reread=partial(_departed, evict=evict), pace=AT_ONCE)
