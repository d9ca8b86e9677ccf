"""Writes the rows of calls in the transaction that records their events.

Here, in the journal's order, stands the rule over several calls: who begins to talk in one is on hold in all
others. Events of one call could not hold it, for they may be decided at the same moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from hub.access.invitation import Invitation, invite, page_of
from hub.kernel.actor import SYSTEM
from hub.kernel.ids import derived
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs
from hub.spoke import Touched
from media.calls.evolving import EVOLVES, elsewhere, evolve, started
from media.calls.messages import events as e
from media.calls.state import Call, Member
from media.calls.store import Q, load, save, several
from media.calls.trail import Deed, deeds
from media.calls.wording import KIND
from media.calls.words import LAWFUL, MANY, CallMemberState

CALLS, CALL, MEMBERS, MINE, LINES = "calls", "call", "call_members", "my_calls", "lines"
PLANS, NIGHT, GONE = "call_plans", "night_service", "call_departures"
TICK = "call.tick"
"""The job that comes when time alone brings something."""


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for one in recorded:
        touched += await WRITES[type(one.event)](conn, one.event, one)
    return touched


async def _started(conn: Connection, event: e.CallStarted, fact: Recorded) -> list[Touched]:
    return await _became(conn, None, started(event, fact.at), fact)


async def _changed(conn: Connection, event: Any, fact: Recorded) -> list[Touched]:
    old = await load(conn, event.call)
    return [] if old is None else await _became(conn, old, evolve(old, event, fact.at), fact)


async def _became(conn: Connection, old: Call | None, new: Call, fact: Recorded) -> list[Touched]:
    new = replace(new, version=fact.version, place=fact.pos)
    changed = await save(conn, old, new)
    await _note(conn, new, deeds(old, new, fact.event), fact)
    await _tick(conn, old, new)
    rung = [one for ref in changed if (one := new.members[ref]).state is CallMemberState.RINGING and one.rung_at == fact.at]
    await _want_legs(conn, new, rung, fact)
    await _send_links(conn, new, rung, fact)
    touched = _touched(old, new, changed)
    begun = [ref for ref in changed if new.members[ref].talks and not (old and ref in old.members and old.members[ref].talks)]
    if begun:
        touched += await _hold_elsewhere(conn, new, begun, fact)
    failed = [new.members[ref].state is CallMemberState.FAILED for ref in changed]
    await conn.execute(Q["save_lines"], changed, failed, fact.at)
    return touched


async def _send_links(conn: Connection, call: Call, rung: Sequence[Member], fact: Recorded) -> None:
    """Who is called to several and has no page open learns of it by WeChat or SMS, and may still come."""
    people = [one.ref for one in rung if one.ref.startswith("person:")]
    if not people or call.kind not in MANY or not call.options.links:
        return
    owner = await conn.fetchval(Q["name_of"], call.owner)
    what = KIND[call.kind] + (f"“{call.title}”" if call.title else "")
    for ref in people:
        await invite(conn, Invitation(
            id=derived("invitation", fact.pos, ref), ref=ref, page=page_of("calls", call.id), title=f"{owner}正在呼叫您", unless_here=True,
            text=f"{owner}请您加入{what}，点开链接即可接通，请允许使用麦克风。通话结束后链接自动失效。", asked=fact.at, until=fact.at + LAWFUL))


async def _want_legs(conn: Connection, call: Call, rung: Sequence[Member], fact: Recorded) -> None:
    """A telephone that rings from now on is to be dialed."""
    for one in rung:
        if one.number:
            await conn.execute(Q["want_leg"], derived("leg", fact.pos, one.ref), call.id, one.ref, one.number,
                               call.options.ring_seconds, fact.at)


async def _hold_elsewhere(conn: Connection, call: Call, refs: Sequence[str], fact: Recorded) -> list[Touched]:
    others = [row["call"] for row in await conn.fetch(Q["talks_elsewhere"], refs, call.id)]
    touched: list[Touched] = []
    for place, old in enumerate((await several(conn, others)).values()):
        new = old
        for ref in refs:
            new = elsewhere(new, ref, fact.at)
        new = replace(new, place=fact.pos)
        changed = await save(conn, old, new)
        await conn.execute(Q["save_lines"], changed, [False] * len(changed), fact.at)
        held = [Deed(e.CallMemberHeld.__name__, ref, "on", own=True) for ref in refs if ref in changed]
        await _note(conn, new, held, fact, first=1000 * (place + 1))
        touched += _touched(old, new, changed)
    return touched


async def _note(conn: Connection, call: Call, done: Sequence[Deed], fact: Recorded, first: int = 0) -> None:
    if done:
        by = [SYSTEM.id if one.own else fact.actor for one in done]
        await conn.execute(
            Q["save_acts"], [call.id] * len(done), [fact.pos] * len(done), [first + place for place in range(len(done))],
            [fact.at] * len(done), [one.act for one in done], by, [one.ref for one in done], [one.detail for one in done])


async def _tick(conn: Connection, old: Call | None, new: Call) -> None:
    before, due = old.due if old else None, new.due
    if due is None:
        await Jobs.drop(conn, TICK, str(new.id))
    elif due != before:
        await Jobs.put(conn, TICK, str(new.id), due, str(new.id))


def _touched(old: Call | None, new: Call, changed: Sequence[str]) -> list[Touched]:
    which = str(new.id)
    everybody = old is None or _header(old) != _header(new)
    mine = {*changed, *(new.members if everybody else ())}
    return [
        (CALLS, which), (CALL, which), *((MINE, f"{which}/{ref}") for ref in sorted(mine)),
        *((view, f"{which}/{ref}") for view in (MEMBERS, GONE) for ref in changed), *((LINES, ref) for ref in changed),
    ]


def _header(call: Call) -> Call:
    return replace(call, members={}, version=0, place=0, idle_at=None)


async def _plan_saved(conn: Connection, event: e.CallPlanSaved, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["save_plan"], event.plan, msgspec.to_builtins(event.body), fact.at, fact.actor)
    return [(PLANS, str(event.plan))]


async def _plan_deleted(conn: Connection, event: e.CallPlanDeleted, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["delete_plan"], event.plan)
    return [(PLANS, str(event.plan))]


async def _plan_started(conn: Connection, event: e.CallPlanStarted, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["plan_started"], event.plan, fact.at)
    return [(PLANS, str(event.plan))]


async def _night(conn: Connection, event: e.NightServiceSaved, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["save_night_service"], msgspec.to_builtins(event.service))
    return [(NIGHT, "city")]


async def _auto_answer(conn: Connection, event: e.AutoAnswerSet, fact: Recorded) -> list[Touched]:
    await conn.execute(Q["set_auto_answer"], event.ref, event.when)
    return [(LINES, event.ref)]


Writes = Callable[[Connection, Any, Recorded], Awaitable[list[Touched]]]
WRITES: dict[type[Any], Writes] = {
    e.CallStarted: _started, **dict.fromkeys(EVOLVES, _changed), e.CallPlanSaved: _plan_saved, e.CallPlanDeleted: _plan_deleted,
    e.CallPlanStarted: _plan_started, e.NightServiceSaved: _night, e.AutoAnswerSet: _auto_answer,
}
