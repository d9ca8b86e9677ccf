"""Who has the floor: a pure state machine after 3GPP TS 24.380 (§6.3.4, §6.3.5, §11.1).

    Idle ──request──▶ Taken ──T2: talked too long──▶ Revoking ──T3 or release──▶ next of the queue, or Idle
                      Taken ──release, T1: no media, revoke, a higher rank──▶ next of the queue, or Idle

What differs from the standard: a higher rank takes the floor at once, without the grace T3 (the other's
media is cut in the same moment); every change has a number, and a release names the grant it ends, so
that a word that comes late ends nobody else's turn.

Times are seconds of one clock that never goes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import inf

from media.shapes import FloorRules, FloorState, Waiting
from media.wires import Outcome

EMERGENCY = 9


class Phase(StrEnum):
    IDLE = "idle"
    TAKEN = "taken"
    REVOKING = "revoking"


class Cause(StrEnum):
    """Why a turn ended, a request was denied, or somebody is told something."""

    RELEASED = "released"
    PREEMPTED = "pre-empted"
    TOO_LONG = "talked-too-long"
    SILENCE = "silence"
    REVOKED = "revoked"
    LEFT = "left"
    TAKEN = "taken"
    QUEUE_FULL = "queue-full"
    NOT_ALLOWED = "not-allowed"
    NOT_YOURS = "not-yours"


@dataclass(frozen=True, slots=True)
class Caller:
    peer: str
    ref: str
    name: str
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """Of `who`, ended; `seq` is its grant's."""

    seq: int
    who: Caller
    since: float
    until: float
    why: Cause


@dataclass(frozen=True, slots=True)
class Floor:
    """`heard`: when the holder's media last came. `until`: the end of T2, in Revoking of T3."""

    rules: FloorRules
    seq: int = 0
    phase: Phase = Phase.IDLE
    holder: Caller | None = None
    grant: int = 0
    since: float = 0.0
    heard: float = 0.0
    until: float = inf
    queue: tuple[Caller, ...] = ()
    """By rank, then by who asked first."""

    @property
    def due(self) -> float:
        """When `tick` changes something, if nothing happens before."""
        if self.holder is None:
            return inf
        return min(self.until, self.heard + (self.rules.silence or inf))


@dataclass(frozen=True, slots=True)
class Step:
    floor: Floor
    turns: tuple[Turn, ...] = ()
    notices: tuple[tuple[str, Cause], ...] = ()
    """(peer, what he is told)"""


def request(floor: Floor, who: Caller, at: float) -> tuple[Step, Outcome, Cause | None]:
    if floor.holder is not None and floor.holder.peer == who.peer:
        if floor.phase is Phase.REVOKING:
            return Step(floor), Outcome.DENIED, Cause.TOO_LONG
        if floor.holder == who:
            return Step(floor), Outcome.GRANTED, None
        return _asked(_balanced(replace(floor, holder=who), at), who)
    others = tuple(one for one in floor.queue if one.peer != who.peer)
    known = next((one for one in floor.queue if one.peer == who.peer), None)
    if known is not None and known.rank == who.rank:
        return Step(floor), Outcome.QUEUED, None
    step = _balanced(replace(floor, queue=_placed(others, who)), at)
    return _asked(_kept_short(step, who), who)


def release(floor: Floor, peer: str, grant: int, at: float) -> Step:
    """Of `grant`, or of whatever `peer` holds or waits for where it is 0."""
    if floor.holder is None or floor.holder.peer != peer:
        return cancel(floor, peer, at) if not grant else Step(floor)
    return _freed(floor, at, Cause.RELEASED) if grant in (0, floor.grant) else Step(floor)


def cancel(floor: Floor, peer: str, at: float) -> Step:
    if all(one.peer != peer for one in floor.queue):
        return Step(floor)
    return Step(replace(floor, seq=floor.seq + 1, queue=tuple(one for one in floor.queue if one.peer != peer)))


def revoke(floor: Floor, peer: str, at: float) -> Step:
    """By somebody in charge, at once. `peer` "": whoever holds it."""
    if floor.holder is not None and peer in ("", floor.holder.peer):
        told = ((floor.holder.peer, Cause.REVOKED),)
        return _and_told(_freed(floor, at, Cause.REVOKED), told)
    return cancel(floor, peer, at)


def give(floor: Floor, who: Caller, at: float) -> Step:
    """By somebody in charge: whoever has it loses it, also to a lower rank; who waits stays behind him."""
    if floor.holder is not None and floor.holder.peer == who.peer and floor.phase is Phase.TAKEN:
        return Step(floor)
    ranked = replace(who, rank=max([who.rank, *(one.rank for one in floor.queue)]))
    return _taken_over(floor, ranked, at, Cause.REVOKED)


def heard(floor: Floor, peer: str, at: float) -> Floor:
    """Media came from the holder."""
    if floor.holder is None or floor.holder.peer != peer:
        return floor
    return replace(floor, heard=max(at, floor.heard))


def left(floor: Floor, peer: str, at: float) -> Step:
    if floor.holder is not None and floor.holder.peer == peer:
        return _freed(floor, at, Cause.LEFT)
    return cancel(floor, peer, at)


def ruled(floor: Floor, rules: FloorRules, at: float) -> Step:
    """Other rules from now on; a turn that is under way is measured by them."""
    if rules == floor.rules:
        return Step(floor)
    until = floor.until
    if floor.phase is Phase.TAKEN:
        until = floor.since + (rules.talk or inf)
    changed = replace(floor, rules=rules, until=until, queue=floor.queue[:rules.queue], seq=floor.seq + 1)
    return _balanced(changed, at)


def reranked(floor: Floor, peer: str, rank: int, at: float) -> Step:
    """May ask with no more than `rank` from now on."""
    def lowered(one: Caller) -> Caller:
        return replace(one, rank=rank) if one.peer == peer and one.rank > rank else one

    holder = lowered(floor.holder) if floor.holder else None
    queue = tuple(sorted(map(lowered, floor.queue), key=_order))
    if holder == floor.holder and queue == floor.queue:
        return Step(floor)
    return _balanced(replace(floor, holder=holder, queue=queue, seq=floor.seq + 1), at)


def tick(floor: Floor, at: float) -> Step:
    """What time alone has brought about, all of it."""
    turns: tuple[Turn, ...] = ()
    notices: tuple[tuple[str, Cause], ...] = ()
    while floor.due <= at:
        step = _expired(floor, at)
        floor, turns, notices = step.floor, turns + step.turns, notices + step.notices
    return Step(floor, turns, notices)


def may_speak(floor: Floor, peer: str) -> bool:
    return floor.holder is not None and floor.holder.peer == peer


def place(floor: Floor, peer: str) -> int:
    """In the queue, from 1; 0: he does not wait."""
    return next((number for number, one in enumerate(floor.queue, 1) if one.peer == peer), 0)


def state(floor: Floor, wall: Callable[[float], datetime]) -> FloorState:
    holder = floor.holder
    if holder is None:
        return FloorState(seq=floor.seq)
    return FloorState(
        seq=floor.seq, grant=floor.grant, holder=holder.peer, ref=holder.ref, name=holder.name, rank=holder.rank,
        since=wall(floor.since), until=None if floor.until == inf else wall(floor.until), revoking=floor.phase is Phase.REVOKING,
        queue=tuple(Waiting(peer=one.peer, ref=one.ref, name=one.name, rank=one.rank) for one in floor.queue),
    )


# --- inside ---------------------------------------------------------------------------------------


def _order(one: Caller) -> int:
    """Sorting is stable, so that equals stay in the order in which they asked."""
    return -one.rank


def _placed(queue: tuple[Caller, ...], who: Caller) -> tuple[Caller, ...]:
    return tuple(sorted((*queue, who), key=_order))


def _asked(step: Step, who: Caller) -> tuple[Step, Outcome, Cause | None]:
    if may_speak(step.floor, who.peer):
        return step, Outcome.GRANTED, None
    if place(step.floor, who.peer):
        return step, Outcome.QUEUED, None
    return step, Outcome.DENIED, Cause.QUEUE_FULL if step.floor.rules.queue else Cause.TAKEN


def _kept_short(step: Step, who: Caller) -> Step:
    """Who stands behind the end of the queue does not wait; of what changes nothing, nobody is told."""
    queue, most = step.floor.queue, step.floor.rules.queue
    over = queue[most:]
    told = tuple((one.peer, Cause.QUEUE_FULL) for one in over if one.peer != who.peer)
    unchanged = any(one.peer == who.peer for one in over)
    seq = step.floor.seq - 1 if unchanged and not step.turns else step.floor.seq
    return Step(replace(step.floor, queue=queue[:most], seq=seq), step.turns, step.notices + told)


def _balanced(floor: Floor, at: float) -> Step:
    """A change: the highest rank that is there has the floor, as far as the rules let it take it."""
    if not floor.queue:
        return Step(replace(floor, seq=floor.seq + 1))
    first = floor.queue[0]
    if floor.holder is None:
        return Step(_granted(floor, first, at))
    if floor.rules.preempt and first.rank > floor.holder.rank:
        return _taken_over(floor, first, at, Cause.PREEMPTED)
    return Step(replace(floor, seq=floor.seq + 1))


def _granted(floor: Floor, who: Caller, at: float) -> Floor:
    seq = floor.seq + 1
    return replace(
        floor, seq=seq, grant=seq, phase=Phase.TAKEN, holder=who, since=at, heard=at, until=at + (floor.rules.talk or inf),
        queue=tuple(one for one in floor.queue if one.peer != who.peer))


def _taken_over(floor: Floor, who: Caller, at: float, why: Cause) -> Step:
    told = ((floor.holder.peer, why),) if floor.holder and floor.holder.peer != who.peer else ()
    return Step(_granted(floor, who, at), _ended(floor, at, why), told)


def _freed(floor: Floor, at: float, why: Cause) -> Step:
    turns = _ended(floor, at, why)
    idle = replace(floor, phase=Phase.IDLE, holder=None, grant=0, since=0.0, heard=0.0, until=inf)
    return Step(_balanced(idle, at).floor, turns)


def _ended(floor: Floor, at: float, why: Cause) -> tuple[Turn, ...]:
    return (Turn(floor.grant, floor.holder, floor.since, at, why),) if floor.holder else ()


def _and_told(step: Step, told: tuple[tuple[str, Cause], ...]) -> Step:
    return replace(step, notices=step.notices + told)


def _expired(floor: Floor, at: float) -> Step:
    assert floor.holder is not None
    told = ((floor.holder.peer, Cause.TOO_LONG),)
    if floor.until > at:
        return _and_told(_freed(floor, at, Cause.SILENCE), ((floor.holder.peer, Cause.SILENCE),))
    if floor.phase is Phase.TAKEN and floor.rules.grace:
        return Step(replace(floor, phase=Phase.REVOKING, until=at + floor.rules.grace, seq=floor.seq + 1), (), told)
    return _and_told(_freed(floor, at, Cause.TOO_LONG), told)
