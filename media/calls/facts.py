"""Reads what a decision needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from hub.access.allowance import Allowance
from hub.kernel.actor import Actor, Permission
from hub.kernel.clock import Clock
from hub.record import Connection
from media.calls.asking import Scene
from media.calls.messages import commands as c
from media.calls.messages.shapes import NightBody, PlanBody
from media.calls.seats import own_seat
from media.calls.starting import Beginning, Kept, Target
from media.calls.state import Call, common
from media.calls.store import Q, load, several
from media.calls.words import EMERGENCY, MAIN, AutoAnswer

CALLS_OF_ONE, WITHIN = 20, timedelta(minutes=1)
CALLERS = 100_000


async def _consultation(conn: Connection, command: Any, actor: Actor) -> Call | None:
    if not isinstance(command, c.TransferCall):
        return None
    which = await conn.fetchval(Q["consultation"], own_seat(actor), command.to, command.call)
    return await load(conn, which) if which else None


async def path_of(conn: Connection, actor: Actor) -> tuple[str, ...]:
    rows = await conn.fetch(Q["path_of"], [scope for scope in actor.scopes if not scope.startswith("person:")] or list(actor.scopes))
    return common(row["path"] for row in rows) or ("city",)


async def targets(conn: Connection, refs: Iterable[str]) -> dict[str, Target]:
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        return {}
    rows = await conn.fetch(Q["targets"], wanted, *(_ids(wanted, kind) for kind in ("person:", "phone:", "account:")))
    return {row["ref"]: Target(ref=row["ref"], path=common(row["paths"]), when=AutoAnswer(row["auto_answer"]), number=row["number"])
            for row in rows}


def _ids(refs: Iterable[str], kind: str) -> list[UUID]:
    """The codec has checked their shape but for the dashes."""
    found: list[UUID] = []
    for ref in refs:
        if ref.startswith(kind):
            try:
                found.append(UUID(ref.removeprefix(kind)))
            except ValueError:
                continue
    return found


class Facts:
    """`phones`: telephones can be rung. How often somebody who does not dispatch may call is counted in this process."""

    def __init__(self, clock: Clock, *, phones: bool) -> None:
        self._clock, self._phones = clock, phones
        self._calls = Allowance(CALLS_OF_ONE, WITHIN, CALLERS)

    async def scene(self, conn: Connection, command: Any, actor: Actor) -> Scene:
        call = await load(conn, command.call)
        if call is None:
            return Scene(call=None)
        named = tuple(getattr(command, "targets", ())) or ((command.to,) if isinstance(command, c.TransferCall) else ())
        return Scene(
            call=call, targets=await self._targets(conn, named), consults=await _consultation(conn, command, actor),
            path=await path_of(conn, actor) if isinstance(command, c.TakeOverCall) else (),
            file_stands=isinstance(command, c.PlayInCall) and await conn.fetchval(Q["file_stands"], command.file))

    async def _targets(self, conn: Connection, refs: Iterable[str]) -> dict[str, Target]:
        found = await targets(conn, refs)
        return found if self._phones else {ref: msgspec.structs.replace(one, number="") for ref, one in found.items()}

    async def call(self, conn: Connection, command: c.StartCall, actor: Actor) -> Beginning:
        allowed = actor.may(Permission.CALL) or self._calls.take(actor.id, self._clock.now())
        return await self._beginning(conn, command.targets, command.priority, actor, allowed)

    async def plan(self, conn: Connection, command: c.StartPlan, actor: Actor) -> Beginning:
        found = await conn.fetchval(Q["plan"], command.plan)
        if found is None:
            return Beginning(targets={}, path=())
        plan = msgspec.convert(found, PlanBody)
        rows = await conn.fetch(Q["plan_targets"], list(plan.orgs), list(plan.groups))
        named = tuple(dict.fromkeys([*plan.targets, *(row["ref"] for row in rows)]))
        begun = await self._beginning(conn, named, plan.priority, actor, True)
        return msgspec.structs.replace(begun, plan=plan, plan_targets=named)

    async def _beginning(self, conn: Connection, refs: Sequence[str], priority: int, actor: Actor, allowed: bool) -> Beginning:
        night, duty = await self.night(conn) if MAIN in refs else (NightBody(), ())
        found = await self._targets(conn, [*refs, *duty, *(ref.replace("person:", "phone:", 1) for ref in duty)])
        return Beginning(
            targets=found, path=await path_of(conn, actor), night=night, on_duty=duty, allowed=allowed,
            lower=await _lower(conn, refs) if priority >= EMERGENCY else ())

    async def night(self, conn: Connection) -> tuple[NightBody, tuple[str, ...]]:
        """With whom it would ring now, in order; or who is named."""
        found = await conn.fetchval(Q["night_service"])
        if found is None:
            return NightBody(), ()
        service = msgspec.convert(found, NightBody)
        if service.to:
            return service, (service.to,)
        rows = await conn.fetch(Q["on_duty"], service.roster, self._clock.now())
        both = [*(row["ref"] for row in rows), *(row["backup"] for row in rows if row["backup"])]
        return service, tuple(dict.fromkeys(both))


async def _lower(conn: Connection, refs: Sequence[str]) -> tuple[Call, ...]:
    rows = await conn.fetch(Q["lower_calls"], list(refs), EMERGENCY)
    return tuple((await several(conn, [row["call"] for row in rows])).values())


async def plan_kept(conn: Connection, command: Any, _actor: Actor) -> Kept:
    stands = await conn.fetchval(Q["plan"], command.plan) is not None
    return Kept(stands, await conn.fetchval(Q["plan_count"]))


async def nothing(_conn: Connection, _command: Any, _actor: Actor) -> None:
    """The last word counts."""
