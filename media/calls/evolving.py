"""What each event makes of a call. Pure.

Events may have been decided on an older call than the one they meet (73 stations answer at once), so every
rule that must always hold is held here: the end is final, a locked call lets nobody in, a roll-call and a poll ring
one after another, a call that nobody is left in ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from media.calls.messages import events as e
from media.calls.state import Call, Member, common, heard_until, may_come, waiting
from media.calls.words import (
    CONNECT_WITHIN,
    GRACE,
    IN_TURN,
    LIVE,
    MAIN,
    MOST_MEMBERS,
    ON_LINE,
    CallEnd,
    CallKind,
    CallMemberState,
    CallRole,
)

S = CallMemberState
TELLING = frozenset({CallEnd.LOST, CallEnd.PREEMPTED, CallEnd.TAKEN_DOWN, CallEnd.UNANSWERED, CallEnd.NO_MEDIA})


def started(event: e.CallStarted, at: datetime) -> Call:
    call = Call(id=event.call, kind=event.kind, title=event.title, priority=event.priority, owner=event.owner, path=event.path,
                options=event.options, started_at=at, started_by=event.owner, plan=event.plan, night=event.night,
                playing=event.options.play)
    caller = Member(ref=event.owner, role=CallRole.CALLER, state=S.JOINED, joined_at=at, lose_at=at + CONNECT_WITHIN)
    members = [caller, *(_called(call, one, turn, at) for turn, one in enumerate(event.members, 1) if one.ref != event.owner)]
    return _musical(_flow(replace(call, members={one.ref: one for one in members}), at))


def evolve(call: Call, event: Any, at: datetime) -> Call:
    """The call after the event. What came too late changes nothing."""
    return call if call.ended_at else _musical(_flow(EVOLVES[type(event)](call, event, at), at, getattr(event, "why", None)))


def elsewhere(call: Call, ref: str, at: datetime) -> Call:
    """`ref` has begun to talk in another call: here he is on hold."""
    member = call.members.get(ref)
    if call.ended_at or member is None or not member.talks:
        return call
    return _musical(_with(call, replace(member, state=S.HELD)))


# --- what follows by itself -------------------------------------------------------------------------


def _flow(call: Call, at: datetime, last: CallEnd | None = None) -> Call:
    if call.ended_at:
        return call
    call = _turn(call, at)
    why = _over(call, last)
    if why:
        return end(call, why, at)
    alone = len(call.parties) < 2 and not call.those(S.RINGING, S.WAITING)
    return replace(call, idle_at=(call.idle_at or at) if alone else None)


def _musical(call: Call) -> Call:
    kept = waiting(call)
    return _with(call, *(replace(one, waits=one.ref in kept) for one in call.members.values() if one.waits != (one.ref in kept)))


def _turn(call: Call, at: datetime) -> Call:
    """Whose turn it is rings; once a poll was answered, the rest are let go."""
    if call.kind not in IN_TURN:
        return call
    waiting = sorted(call.those(S.WAITING), key=lambda one: one.turn)
    if call.kind is CallKind.POLL and call.opened_at:
        return _with(call, *(replace(one, state=S.LEFT, why=CallEnd.DONE, left_at=at) for one in waiting))
    if not waiting or call.those(S.RINGING) or any(one.role is CallRole.CALLED for one in call.those(S.JOINED, S.HELD)):
        return call
    return _with(call, _rung(call, waiting[0], at))


def _over(call: Call, last: CallEnd | None) -> CallEnd | None:
    """Why it is over, when it is."""
    parties = call.parties
    if not parties:
        return _because(call, last)
    if _unled(call, parties):
        return CallEnd.DONE
    if call.those(S.RINGING, S.WAITING) or len(parties) > 1 or call.kind is CallKind.ROLLCALL:
        return None
    ends_at_once = call.kind in (CallKind.SINGLE, CallKind.POLL) or (not call.opened_at and not call.options.late_entry)
    return _because(call, last) if ends_at_once else None


def _unled(call: Call, parties: Sequence[Member]) -> bool:
    """An announcement without a voice, or a roll-call that nobody takes."""
    if call.kind is CallKind.ANNOUNCE:
        return not call.playing and all(one.listen_only for one in parties)
    return call.kind is CallKind.ROLLCALL and all(one.role is CallRole.CALLED for one in parties)


def _because(call: Call, last: CallEnd | None) -> CallEnd:
    """`last`: what took the last one out."""
    if call.opened_at:
        return last if last in TELLING else CallEnd.HUNG_UP
    return last or CallEnd.UNANSWERED


def end(call: Call, why: CallEnd, at: datetime) -> Call:
    gone = (_ended(call, one, why, at) for one in call.members.values() if one.state in LIVE)
    return replace(_with(call, *gone), ended_at=at, why=why, held=False, playing=None, looping=False, idle_at=None)


def _ended(call: Call, member: Member, why: CallEnd, at: datetime) -> Member:
    found = S.LEFT if member.state in ON_LINE or member.state is S.WAITING else S.UNANSWERED
    return _away(call, member, found, why, at)


# --- each event ---------------------------------------------------------------------------------------


def _asked(call: Call, event: e.CallMembersAsked, at: datetime) -> Call:
    if call.locked:
        return call
    turn = max((one.turn for one in call.members.values()), default=0)
    new = []
    for one in event.members:
        known = call.members.get(one.ref)
        if known is not None and known.state in LIVE:
            continue
        if known is None:
            turn += 1
        new.append(_called(call, one, known.turn if known else turn, at, known))
    room = MOST_MEMBERS - len(call.members)
    fresh = [one for one in new if one.ref not in call.members][:room]
    return _with(call, *(one for one in new if one.ref in call.members), *fresh)


def _called(call: Call, one: e.Asked, turn: int, at: datetime, known: Member | None = None) -> Member:
    heard = known.heard if known else 0.0
    member = Member(ref=one.ref, role=one.role, turn=turn, listen_only=one.listen_only, auto=one.auto, number=one.number,
                    heard=heard, state=S.WAITING, mark=known.mark if known else None)
    return member if one.state is S.WAITING else _rung(call, member, at)


def _rung(call: Call, member: Member, at: datetime) -> Member:
    return replace(member, state=S.RINGING, rung_at=at, ring_until=at + timedelta(seconds=call.options.ring_seconds))


def _joined(call: Call, event: e.CallMemberJoined, at: datetime) -> Call:
    member, barges = call.members.get(event.ref), event.role is CallRole.BARGED
    if call.locked or (member is None and len(call.members) >= MOST_MEMBERS):
        return call
    if member is not None and (member.party or not (barges or may_come(member))):
        return call
    member = member or Member(ref=event.ref, role=event.role)
    if barges:
        member = replace(member, role=event.role, listen_only=False)
    return _answered(call, member, at)


def _answered(call: Call, member: Member, at: datetime) -> Call:
    mark = True if call.kind is CallKind.ROLLCALL and member.role is CallRole.CALLED else member.mark
    joined = replace(member, state=S.JOINED, joined_at=at, left_at=None, ring_until=None, why=None, note="", mark=mark,
                     lose_at=None if member.connected_at else at + CONNECT_WITHIN)
    opened = call.opened_at or (at if member.role is not CallRole.CALLER else None)
    owner = joined.ref if member.ref == MAIN and member.role is CallRole.CALLED else call.owner
    return replace(_with(call, joined), opened_at=opened, owner=owner)


def _picked_up(call: Call, event: e.CallPickedUp, at: datetime) -> Call:
    rung = call.members.get(event.ref)
    if rung is None or rung.state is not S.RINGING or call.locked:
        return call
    call = _with(call, replace(rung, state=S.PICKED, picked_by=event.by, ring_until=None, left_at=at))
    known = call.members.get(event.by)
    if known is None or not known.party:
        known = Member(ref=event.by, role=rung.role, turn=rung.turn, listen_only=rung.listen_only)
        call = _answered(call, known, at)
    return replace(call, owner=event.by) if event.ref == MAIN else call


def _monitored(call: Call, event: e.CallMonitored, at: datetime) -> Call:
    known = call.members.get(event.ref)
    if call.locked or (known is not None and known.state in LIVE):
        return call
    return _with(call, Member(ref=event.ref, role=CallRole.LISTENER, state=S.JOINED, listen_only=True, joined_at=at,
                              turn=known.turn if known else 0, lose_at=at + CONNECT_WITHIN))


def _out(call: Call, event: e.CallMembersOut, at: datetime) -> Call:
    gone = (call.members[ref] for ref in event.refs if ref in call.members)
    return _with(call, *(replace(_away(call, one, event.state, event.why, at), note=event.note) for one in gone
                         if one.state in LIVE))


def _away(call: Call, member: Member, state: CallMemberState, why: CallEnd | None, at: datetime) -> Member:
    """A roll-call has found out about whoever answered, or did not."""
    mark = member.mark
    if call.kind is CallKind.ROLLCALL and member.role is CallRole.CALLED and member.state is not S.WAITING:
        mark = member.state in ON_LINE if state not in (S.PRESENT, S.ABSENT) else state is S.PRESENT
        state = S.PRESENT if mark else S.ABSENT
    return replace(member, state=state, why=why, left_at=at, ring_until=None, lose_at=None, connected_at=None, apart=False,
                   heard=heard_until(member, at), mark=mark)


def _member_held(call: Call, event: e.CallMemberHeld, at: datetime) -> Call:
    member = call.members.get(event.ref)
    if member is None or not member.party:
        return call
    return _with(call, replace(member, state=S.HELD if event.on else S.JOINED))


def _held(call: Call, event: e.CallHeld, at: datetime) -> Call:
    """Who holds a call talks elsewhere; he is back when he takes it back."""
    owner = call.members.get(call.owner)
    call = replace(call, held=event.on)
    if owner is None or not owner.party:
        return call
    return _with(call, replace(owner, state=S.HELD if event.on else S.JOINED))


def _muted(call: Call, event: e.CallMemberMuted, at: datetime) -> Call:
    member = call.members.get(event.ref)
    return _with(call, replace(member, muted=event.on)) if member else call


def _listens(call: Call, event: e.CallMemberListens, at: datetime) -> Call:
    member = call.members.get(event.ref)
    if member is None or member.role is CallRole.LISTENER:
        return call
    return _with(call, replace(member, listen_only=event.on))


def _locked(call: Call, event: e.CallLocked, at: datetime) -> Call:
    still = call.those(S.RINGING, S.WAITING) if event.on else []
    gone = (_away(call, one, S.UNANSWERED, CallEnd.DONE, at) for one in still)
    return replace(_with(call, *gone), locked=event.on)


def _consulting(call: Call, event: e.CallConsulting, at: datetime) -> Call:
    return _with(call, *(replace(one, apart=one.party and one.ref in event.refs) for one in call.members.values()))


def _owned(call: Call, event: e.CallOwned, at: datetime) -> Call:
    return replace(call, owner=event.owner, path=common([call.path, event.path] if event.path else [call.path]))


def _conference(call: Call, event: e.CallMadeConference, at: datetime) -> Call:
    """Of a roll-call: whoever was present rings again."""
    again = [replace(_rung(call, one, at), left_at=None, why=None) for one in call.those(S.PRESENT)] if not call.locked else []
    rest = [replace(one, state=S.LEFT, why=CallEnd.DONE, left_at=at) for one in call.those(S.WAITING)]
    return replace(_with(call, *again, *rest), kind=CallKind.CONFERENCE)


def _marked(call: Call, event: e.CallMemberMarked, at: datetime) -> Call:
    member = call.members.get(event.ref)
    if call.kind is not CallKind.ROLLCALL or member is None or member.role is not CallRole.CALLED:
        return call
    found = S.PRESENT if event.present else S.ABSENT
    if member.state in LIVE:
        member = _away(call, replace(member, state=S.RINGING) if member.state is S.WAITING else member, found, CallEnd.DONE, at)
    return _with(call, replace(member, state=found, mark=event.present))


def _peer_seen(call: Call, event: e.CallPeerSeen, at: datetime) -> Call:
    member = call.members.get(event.ref)
    if member is None or member.state not in ON_LINE:
        return call
    if event.up:
        return _with(call, replace(member, connected_at=member.connected_at or at, lose_at=None))
    return _with(call, replace(member, heard=heard_until(member, at), connected_at=None, lose_at=at + GRACE))


def _plays(call: Call, event: e.CallPlays, at: datetime) -> Call:
    return replace(call, playing=event.file, looping=event.loop and event.file is not None)


def _ended_by(call: Call, event: e.CallEnded, at: datetime) -> Call:
    return end(call, event.why, at)


def _with(call: Call, *members: Member) -> Call:
    return replace(call, members={**call.members, **{one.ref: one for one in members}}) if members else call


EVOLVES: dict[type[Any], Callable[[Call, Any, datetime], Call]] = {
    e.CallMembersAsked: _asked, e.CallMemberJoined: _joined, e.CallPickedUp: _picked_up, e.CallMonitored: _monitored,
    e.CallMembersOut: _out, e.CallMemberHeld: _member_held, e.CallHeld: _held, e.CallMemberMuted: _muted,
    e.CallMemberListens: _listens, e.CallLocked: _locked, e.CallConsulting: _consulting, e.CallOwned: _owned,
    e.CallMadeConference: _conference, e.CallMemberMarked: _marked, e.CallPeerSeen: _peer_seen, e.CallPlays: _plays,
    e.CallEnded: _ended_by,
}
