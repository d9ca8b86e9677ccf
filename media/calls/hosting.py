"""The rooms of calls on the media plane: who may enter, how a room should be, and what the plane tells of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import structlog

from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Conflict, NotFound
from hub.kernel.ids import uuid7
from hub.record import Connection, Database
from media.calls.messages.commands import PassTime, SeePeer
from media.calls.projection import CALL
from media.calls.seats import own_seat
from media.calls.state import Call, Member
from media.calls.store import Q, load, several
from media.calls.words import EMERGENCY, ON_LINE, CallKind, CallMemberState, CallRole
from media.engine import Engine
from media.names import main_room
from media.ports import Admission, RoomHost
from media.shapes import Allowed, FloorRules, RoomWish
from media.wires import PeerDown, PeerUp, Told

log = structlog.get_logger()

KIND = "call"
ASIDE = "1"
Ask = Callable[[Any, Actor], Awaitable[Any]]


def room_of(call: UUID, side: str = "") -> str:
    return f"{KIND}:{call}" + (f"/{side}" if side else "")


def allowed(call: Call, member: Member) -> Allowed:
    """In a call on hold nobody talks, and who is kept waiting hears music. A listener hears, and no member is shown him.
    In push-to-talk the dispatcher comes before those he called."""
    on_line = member.state is CallMemberState.JOINED
    if member.role is CallRole.LISTENER:
        return Allowed(hear=on_line and not call.held, talk=False, show=False, hidden=True)
    talks = on_line and not call.held and not member.muted and not member.listen_only
    return Allowed(hear=on_line, talk=talks, show=False, rank=_rank(call, member),
                   at_room=room_of(call.id, ASIDE) if member.apart else "")


def _rank(call: Call, member: Member) -> int:
    if member.role is CallRole.CALLED:
        return min(call.priority, EMERGENCY - 1)
    return min(call.priority + 1, EMERGENCY)


def wish_of(call: Call) -> RoomWish:
    floor = FloorRules(talk=float(call.options.burst_seconds)) if call.kind is CallKind.PTT else None
    inside = {one.ref: allowed(call, one) for one in call.members.values() if one.state in ON_LINE}
    return RoomWish(room=room_of(call.id), version=call.place, floor=floor, members=inside)


def call_of(room: str) -> UUID | None:
    """Of `call:<id>`, `call:<id>/1`, or the id itself."""
    try:
        return UUID(main_room(room).rpartition(":")[2])
    except ValueError:
        return None


async def admits(conn: Connection, room: str, actor: Actor) -> Admission | None:
    """Who is on the line: he has answered, called, broken in, or listens."""
    which = call_of(room)
    call = await load(conn, which) if which else None
    member = call.members.get(own_seat(actor)) if call and not call.ended_at else None
    if call is None or member is None or member.state not in ON_LINE:
        return None
    name = await conn.fetchval(Q["name_of"], member.ref)
    return Admission(ref=member.ref, name=name, allowed=allowed(call, member))


async def wish(conn: Connection, room: str) -> RoomWish | None:
    which = call_of(room)
    call = await load(conn, which) if which else None
    return None if call is None or call.ended_at else wish_of(call)


async def rooms(conn: Connection) -> Sequence[str]:
    return [room_of(row["id"]) for row in await conn.fetch(Q["open_calls"])]


class Hosting:
    """Facts of the plane come back as commands; what was missed is made up for by looking."""

    def __init__(self, db: Database, ask: Ask, engine: Engine, clock: Clock) -> None:
        self._db, self._ask, self._engine, self._clock = db, ask, engine, clock

    def host(self) -> RoomHost:
        return RoomHost(kind=KIND, view=CALL, admits=admits, wish=wish, rooms=rooms, told=self.told, begun=self.begun)

    async def told(self, told: Told) -> None:
        if isinstance(told, PeerUp | PeerDown):
            which = call_of(told.room)
            if which is not None:
                await self._see(which, told.ref, self._is_up(room_of(which), told.ref) or isinstance(told, PeerUp))

    async def begun(self) -> None:
        async with self._db.read() as conn:
            calls = await several(conn, [row["id"] for row in await conn.fetch(Q["open_calls"])])
        for call in calls.values():
            for one in call.members.values():
                if one.state in ON_LINE and (one.connected_at is not None) != (up := self._is_up(room_of(call.id), one.ref)):
                    await self._see(call.id, one.ref, up)

    def _is_up(self, room: str, ref: str) -> bool:
        """One seat may have come twice."""
        return any(peer.up and peer.ref == ref for peer in self._engine.present(room))

    async def _see(self, which: UUID, ref: str, up: bool) -> None:
        await say(self._ask, SeePeer(id=uuid7(self._clock.now()), call=which, ref=ref, up=up))


class Ticking:
    """The job that comes when time alone brings something to a call."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask, self._clock = ask, clock

    async def pass_time(self, call: str) -> None:
        await say(self._ask, PassTime(id=uuid7(self._clock.now()), call=UUID(call)))


async def say(ask: Ask, command: Any) -> None:
    """What was decided otherwise meanwhile needs nothing."""
    try:
        await ask(command, SYSTEM)
    except (Conflict, NotFound) as late:
        log.debug("call has moved on", command=type(command).__name__, why=late.code)
