"""A call as it stands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from media.calls.messages.shapes import CallOptions
from media.calls.words import (
    BARRED,
    LAWFUL,
    MANY,
    ON_LINE,
    CallEnd,
    CallKind,
    CallMemberState,
    CallRole,
    CallState,
)

S = CallMemberState


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """`connected_at`: media flows since. `lose_at`: without media he is out then. `heard`: seconds that it
    flowed before `connected_at`. `waits`: he is on the line, and whom he talked with holds it; music plays for him."""

    ref: str
    role: CallRole = CallRole.CALLED
    state: CallMemberState = S.RINGING
    turn: int = 0
    listen_only: bool = False
    muted: bool = False
    auto: bool = False
    apart: bool = False
    number: str = ""
    rung_at: datetime | None = None
    ring_until: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    connected_at: datetime | None = None
    lose_at: datetime | None = None
    heard: float = 0.0
    why: CallEnd | None = None
    note: str = ""
    picked_by: str = ""
    mark: bool | None = None
    waits: bool = False

    @property
    def party(self) -> bool:
        """On the line, and not as a listener whom nobody sees."""
        return self.state in ON_LINE and self.role is not CallRole.LISTENER

    @property
    def talks(self) -> bool:
        return self.state is S.JOINED and self.role is not CallRole.LISTENER and not self.listen_only


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """`idle_at`: since when there is nobody to talk to. `place`: the position in the journal that changed it last, by an event
    of another call too; `version`: of its own stream."""

    id: UUID
    kind: CallKind
    title: str
    priority: int
    owner: str
    path: tuple[str, ...]
    options: CallOptions
    started_at: datetime
    started_by: str
    plan: UUID | None = None
    night: bool = False
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    why: CallEnd | None = None
    held: bool = False
    locked: bool = False
    playing: UUID | None = None
    looping: bool = False
    idle_at: datetime | None = None
    version: int = 0
    place: int = 0
    members: Mapping[str, Member] = {}

    @property
    def state(self) -> CallState:
        if self.ended_at:
            return CallState.ENDED
        if self.held:
            return CallState.HELD
        return CallState.OPEN if self.opened_at else CallState.RINGING

    def those(self, *states: CallMemberState) -> list[Member]:
        return [one for one in self.members.values() if one.state in states]

    @property
    def parties(self) -> list[Member]:
        return [one for one in self.members.values() if one.party]

    @property
    def due(self) -> datetime | None:
        """When something is to be looked at next, though nobody asks."""
        if self.ended_at:
            return None
        times = [at for one in self.members.values() for at in (one.ring_until, one.lose_at, talk_until(self, one)) if at]
        if self.idle_at:
            times.append(self.idle_at + alone_for(self))
        return min([*times, self.started_at + LAWFUL])


def alone_for(call: Call) -> timedelta:
    """A call with nobody to talk to ends after that."""
    return timedelta(seconds=call.options.idle_seconds)


def waiting(call: Call) -> frozenset[str]:
    """Who is on the line and has nobody to talk to, because the others hold the call or talk apart; or because he was handed
    over, and it still rings there."""
    parties = call.parties
    here = [one for one in parties if one.state is S.JOINED]
    if call.opened_at and not call.ended_at and len(parties) == 1 and call.those(S.RINGING):
        return frozenset(one.ref for one in here if one.ref != call.owner)
    if call.ended_at or (len(here) == len(parties) and not call.held and not any(one.apart for one in here)):
        return frozenset()
    if call.held or call.playing is None:
        heard, voices = Counter(one.apart for one in here), Counter(one.apart for one in here if not one.listen_only)
        return frozenset(one.ref for one in here if call.held or not (voices[one.apart] if one.listen_only else heard[one.apart] - 1))
    return frozenset()


def may_come(member: Member) -> bool:
    """Not in yet, and nobody keeps him out."""
    return member.role is not CallRole.LISTENER and not member.party and member.why not in BARRED and member.state is not S.WAITING


def enters_late(call: Call, member: Member) -> bool:
    """It goes on without him, and he may still come into it."""
    return (call.opened_at is not None and not call.ended_at and call.kind in MANY and call.options.late_entry
            and member.state is not S.RINGING and may_come(member))


def talk_until(call: Call, member: Member) -> datetime | None:
    """Until when a roll-call stays with him."""
    if call.kind is not CallKind.ROLLCALL or member.role is not CallRole.CALLED or member.state is not S.JOINED:
        return None
    return member.joined_at + timedelta(seconds=call.options.talk_seconds) if member.joined_at else None


def heard_until(member: Member, at: datetime) -> float:
    return member.heard + ((at - member.connected_at).total_seconds() if member.connected_at else 0.0)


def common(paths: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The longest beginning that all paths share."""
    every = [tuple(path) for path in paths]
    if not every:
        return ()
    shared: list[str] = []
    for steps in zip(*every, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return tuple(shared)
