"""What time alone brings to a call: nobody answers, a line is lost, a roll-call goes on. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from hub.kernel.messages import Event
from media.calls.messages import events as e
from media.calls.state import Call, Member, alone_for, talk_until
from media.calls.words import LAWFUL, CallEnd, CallKind, CallMemberState

S = CallMemberState


def due_events(call: Call, at: datetime) -> Sequence[Event]:
    """Asked too early, or twice, it brings nothing."""
    if call.ended_at:
        return ()
    why = _ends(call, at)
    if why:
        return (e.CallEnded(call=call.id, why=why),)
    return [event for found in (_unanswered, _lost, _never_came, _spoken_with) for event in found(call, at)]


def _ends(call: Call, at: datetime) -> CallEnd | None:
    if call.idle_at and at >= call.idle_at + alone_for(call):
        if call.kind is CallKind.ROLLCALL:
            return CallEnd.DONE
        return CallEnd.IDLE if call.opened_at else CallEnd.UNANSWERED
    return CallEnd.IDLE if at >= call.started_at + LAWFUL else None


def _refs(call: Call, is_so: Callable[[Member], bool]) -> tuple[str, ...]:
    return tuple(one.ref for one in call.members.values() if is_so(one))


def _out(call: Call, refs: tuple[str, ...], state: CallMemberState, why: CallEnd) -> Sequence[Event]:
    return (e.CallMembersOut(call=call.id, refs=refs, state=state, why=why),) if refs else ()


def _unanswered(call: Call, at: datetime) -> Sequence[Event]:
    refs = _refs(call, lambda one: one.ring_until is not None and one.ring_until <= at)
    return _out(call, refs, S.UNANSWERED, CallEnd.UNANSWERED)


def _lost(call: Call, at: datetime) -> Sequence[Event]:
    refs = _refs(call, lambda one: one.lose_at is not None and one.lose_at <= at and one.heard > 0)
    return _out(call, refs, S.LEFT, CallEnd.LOST)


def _never_came(call: Call, at: datetime) -> Sequence[Event]:
    refs = _refs(call, lambda one: one.lose_at is not None and one.lose_at <= at and one.heard == 0)
    return _out(call, refs, S.FAILED, CallEnd.NO_MEDIA)


def _spoken_with(call: Call, at: datetime) -> Sequence[Event]:
    refs = _refs(call, lambda one: (until := talk_until(call, one)) is not None and until <= at)
    return _out(call, refs, S.PRESENT, CallEnd.DONE)
