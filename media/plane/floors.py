"""The floors of the rooms: asks the pure machine, keeps its time, and tells what it decides."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import inf

from hub.kernel.errors import Malformed, Refused
from media.plane import floor as machine
from media.plane.floor import Caller, Cause, Floor, Step, Turn
from media.plane.rooms import Peer, Room
from media.shapes import FloorRules, FloorState
from media.wires import (
    FloorAct,
    FloorAnswer,
    FloorChanged,
    FloorNotice,
    FloorTurn,
    Outcome,
    Told,
)

REMEMBERED = 1_000
"""Turns that have ended, for a hub that was away."""
NOTICE_PAUSE = 1.0
"""Seconds between two notices to one who speaks without the floor."""


class Floors:
    def __init__(self, tell: Callable[[Told], None], rerouted: Callable[[Room], None], wall: Callable[[float], datetime]) -> None:
        """`rerouted`: who may be heard has changed; links and gates follow at once."""
        self._tell, self._rerouted, self._wall = tell, rerouted, wall
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._noticed: dict[str, float] = {}
        self.turns: deque[FloorTurn] = deque(maxlen=REMEMBERED)
        self.grants = 0

    def set_rules(self, room: Room, rules: FloorRules | None, at: float) -> None:
        if rules is None:
            self.end(room, at)
        elif room.floor is None:
            room.floor = Floor(rules, seq=int(self._wall(at).timestamp() * 1000))
            self._tell(FloorChanged(room=room.id, state=self.state(room)))
        else:
            self._take(room, machine.ruled(room.floor, rules, at))

    def end(self, room: Room, at: float) -> None:
        """The room has no floor any more; a turn under way ends."""
        if room.floor is None:
            return
        self._take(room, machine.revoke(replace(room.floor, queue=()), "", at))
        room.floor = None
        self._stop(room)
        self._rerouted(room)

    def ask(self, room: Room, act: FloorAct, peer: Peer, rank: int | None, grant: int, at: float) -> FloorAnswer:
        """Raises Refused where the room has no floor or the peer may not speak."""
        floor = _floor(room)
        if act in (FloorAct.REQUEST, FloorAct.GIVE) and not (peer.allowed.talk and peer.at == room.id):
            return FloorAnswer(outcome=Outcome.DENIED, cause=Cause.NOT_ALLOWED, state=self.state(room))
        if act is FloorAct.REQUEST:
            step, outcome, cause = machine.request(floor, peer.caller(rank), at)
            self._take(room, step)
            return self._answer(room, outcome, peer.id, cause)
        before, caller = room.floor, peer.caller()
        self._take(room, self._acts(act, floor, caller, grant, at))
        given = Outcome.GRANTED if act is FloorAct.GIVE else Outcome.RELEASED
        return self._answer(room, given if room.floor is not before else Outcome.UNCHANGED, peer.id, None)

    def revoke(self, room: Room, peer: str, at: float) -> FloorAnswer:
        before = _floor(room)
        self._take(room, machine.revoke(before, peer, at))
        return self._answer(room, Outcome.RELEASED if room.floor is not before else Outcome.UNCHANGED, peer, None)

    def heard(self, room: Room, peer: str, silent: bool, at: float) -> None:
        """Media of somebody; of one without the floor it goes nowhere, and he is told."""
        floor = room.floor
        if floor is None:
            return
        if machine.may_speak(floor, peer):
            room.floor = machine.heard(floor, peer, at)
        elif not silent and at - self._noticed.get(peer, -inf) >= NOTICE_PAUSE:
            self._noticed[peer] = at
            self._tell(FloorNotice(room=room.id, peer=peer, cause=Cause.NOT_YOURS))

    def left(self, room: Room, peer: str, at: float) -> None:
        self._noticed.pop(peer, None)
        if room.floor is not None:
            self._take(room, machine.left(room.floor, peer, at))

    def reranked(self, room: Room, peer: Peer, at: float) -> None:
        if room.floor is not None:
            self._take(room, machine.reranked(room.floor, peer.id, peer.allowed.rank, at))

    def state(self, room: Room) -> FloorState:
        return machine.state(_floor(room), self._wall)

    # --- inside -----------------------------------------------------------------------------------

    def _acts(self, act: FloorAct, floor: Floor, who: Caller, grant: int, at: float) -> Step:
        acts: dict[FloorAct, Callable[[], Step]] = {
            FloorAct.RELEASE: lambda: machine.release(floor, who.peer, grant, at),
            FloorAct.CANCEL: lambda: machine.cancel(floor, who.peer, at),
            FloorAct.REVOKE: lambda: machine.revoke(floor, who.peer, at),
            FloorAct.GIVE: lambda: machine.give(floor, who, at),
        }
        return acts[act]()

    def _answer(self, room: Room, outcome: Outcome, peer: str, cause: Cause | None) -> FloorAnswer:
        return FloorAnswer(outcome=outcome, cause=cause or "", place=machine.place(_floor(room), peer), state=self.state(room))

    def _take(self, room: Room, step: Step) -> None:
        before, room.floor = room.floor, step.floor
        self._arm(room)
        for peer, cause in step.notices:
            self._tell(FloorNotice(room=room.id, peer=peer, cause=cause))
        if before is None or step.floor.seq == before.seq:
            return
        if step.floor.grant != before.grant:
            self.grants += step.floor.grant != 0
            self._rerouted(room)
        self._tell(FloorChanged(room=room.id, state=self.state(room)))
        for turn in step.turns:
            self._ended(room, turn)

    def _ended(self, room: Room, turn: Turn) -> None:
        told = FloorTurn(room=room.id, seq=turn.seq, peer=turn.who.peer, ref=turn.who.ref, name=turn.who.name,
                         since=self._wall(turn.since), until=self._wall(turn.until), why=turn.why)
        self.turns.append(told)
        self._tell(told)

    def _arm(self, room: Room) -> None:
        """One timer a room. The holder's media pushes the time of silence away without touching it: when it
        comes, it is set again for what is left."""
        self._stop(room)
        floor = room.floor
        if floor is not None and floor.due < inf:
            self._timers[room.id] = asyncio.get_running_loop().call_at(floor.due, self._due, room)

    def _due(self, room: Room) -> None:
        if room.floor is not None:
            self._take(room, machine.tick(room.floor, asyncio.get_running_loop().time()))

    def _stop(self, room: Room) -> None:
        timer = self._timers.pop(room.id, None)
        if timer is not None:
            timer.cancel()


def _floor(room: Room) -> Floor:
    if room.floor is None:
        raise Refused("这个房间不用申请发言，直接讲话即可。", "This room has no floor to ask for; simply speak.", code="no-floor")
    return room.floor


def known_peer(peer: Peer | None) -> Peer:
    if peer is None:
        raise Malformed("您还没有接入这个房间的语音，请先接通再申请发言。",
                        "You are not connected to this room; join it before asking for the floor.", code="not-in-room")
    return peer
