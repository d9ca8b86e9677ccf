"""The floor as a spoke: asking for it, giving it back, taking it away. The plane decides, at once and
without the database; what is recorded is each turn that has ended (`floor-<room>`): the edit list of clips.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.kernel.actor import SYSTEM, Actor, Permission
from hub.kernel.errors import Conflict, Forbidden
from hub.kernel.ids import derived
from hub.kernel.messages import Command, Event
from hub.record import Connection, Database
from hub.spoke import Decides, Decision, Does, Spoke, Write
from media.engine import Engine
from media.hosts import Hosts
from media.names import kind_of_room
from media.shapes import Name, PeerId, Rank, RoomId
from media.wires import FloorAct, FloorAnswer, FloorTurn

IN_CHARGE = {"call": Permission.CALL, "meeting": Permission.MEET, "live": Permission.LIVE}
"""Who may take the floor away or give it to somebody else, by kind of room."""


class AskFloor(Command, frozen=True, kw_only=True):
    """For one's own connection in the room (the newest, where there are several). `rank`: None asks with the highest
    one may. Answered with `outcome` granted, queued (and `place`) or denied (and `cause`), and the floor's `state`."""

    room: RoomId
    peer: PeerId | None = None
    rank: Rank | None = None


class ReleaseFloor(Command, frozen=True, kw_only=True):
    """`grant` of the state with which one got it: a word that comes late ends no other turn. 0: whatever one
    holds or waits for."""

    room: RoomId
    peer: PeerId | None = None
    grant: int = 0


class RevokeFloor(Command, frozen=True, kw_only=True):
    """From `ref` (or a peer), or with "" from whoever has it; also out of the queue."""

    room: RoomId
    ref: Name = ""


class GiveFloor(Command, frozen=True, kw_only=True):
    room: RoomId
    ref: Name


class RecordFloorTurn(Command, frozen=True, kw_only=True):
    """The hub's own wish: a turn has ended."""

    room: RoomId
    seq: int
    peer: PeerId
    ref: Name
    name: Name
    since: datetime
    until: datetime
    why: Name


class FloorTaken(Event, frozen=True, kw_only=True):
    """Somebody had the floor, from … to. `seq` is the grant's: unique in the room."""

    room: str
    seq: int
    peer: str
    ref: str
    name: str
    since: datetime
    until: datetime
    why: str


class FloorDesk:
    def __init__(self, engine: Engine, hosts: Hosts, db: Database) -> None:
        self._engine, self._hosts, self._db = engine, hosts, db

    def spoke(self) -> Spoke:
        own = Permission.SELF
        return Spoke(
            name="floor",
            commands=(
                # The journal says who spoke; a line in the audit log for every press of a key would hide what it is for.
                Does(command=AskFloor, permission=own, handle=self._ask, audited=False),
                Does(command=ReleaseFloor, permission=own, handle=self._release, audited=False),
                Does(command=RevokeFloor, permission=own, handle=self._revoke),
                Does(command=GiveFloor, permission=own, handle=self._give),
                Decides(command=RecordFloorTurn, permission=Permission.ACCOUNTS, decide=_record, facts=_nothing, audited=False),
            ),
            events=(FloorTaken,),
        )

    async def _ask(self, command: AskFloor, actor: Actor, _at: datetime) -> FloorAnswer:
        return await self._engine.floor(command.room, FloorAct.REQUEST, command.peer or "", by=actor.id, rank=command.rank)

    async def _release(self, command: ReleaseFloor, actor: Actor, _at: datetime) -> FloorAnswer:
        return await self._engine.floor(command.room, FloorAct.RELEASE, command.peer or "", by=actor.id, grant=command.grant)

    async def _revoke(self, command: RevokeFloor, actor: Actor, _at: datetime) -> FloorAnswer:
        await self._require_charge(command.room, actor)
        return await self._engine.floor(command.room, FloorAct.REVOKE, command.ref)

    async def _give(self, command: GiveFloor, actor: Actor, _at: datetime) -> FloorAnswer:
        await self._require_charge(command.room, actor)
        return await self._engine.floor(command.room, FloorAct.GIVE, command.ref)

    async def _require_charge(self, room: str, actor: Actor) -> None:
        right = IN_CHARGE.get(kind_of_room(room))
        if right is None or not actor.may(right):
            raise Forbidden("收回或指定话权需要主持权限，请联系管理员。",
                            "To take the floor away or to give it you need the right to run this room; ask an administrator.")
        async with self._db.read() as conn:
            await self._hosts.admit(conn, room, actor)


def turn_command(turn: FloorTurn) -> RecordFloorTurn:
    """The same turn is the same wish, whoever reports it and how often."""
    return RecordFloorTurn(
        id=derived("floor turn", turn.room, turn.seq), room=turn.room, seq=turn.seq, peer=turn.peer, ref=turn.ref, name=turn.name,
        since=turn.since, until=turn.until, why=turn.why)


def _record(_facts: None, command: RecordFloorTurn, actor: Actor, _at: datetime) -> Decision:
    if actor.id != SYSTEM.id:
        raise Forbidden("发言记录由系统自动登记。", "Turns on the floor are recorded by the system itself.")
    if command.until < command.since:
        raise Conflict("发言记录的时间颠倒。", "A turn cannot end before it begins.", code="turned-times")
    taken = FloorTaken(room=command.room, seq=command.seq, peer=command.peer, ref=command.ref, name=command.name,
                       since=command.since, until=command.until, why=command.why)
    return Decision(writes=(Write(f"floor-{command.room}", -1, (taken,)),))


async def _nothing(_conn: Connection, _command: Any, _actor: Actor) -> None:
    """Needs no facts."""
