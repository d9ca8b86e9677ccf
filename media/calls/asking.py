"""What an act in a call is asked with, and the refusals that several acts share. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.calls.messages import commands as c
from media.calls.messages import events as e
from media.calls.seats import own_seat
from media.calls.starting import ANY, Target
from media.calls.state import Call, Member
from media.calls.words import ON_LINE, CallEnd, CallMemberState, CallRole

S = CallMemberState
HERE = frozenset({S.WAITING, S.RINGING, *ON_LINE})


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """`targets`: whom the command names anew; `consults`: another call that the asker owns, in which `to` is.
    `path`: where the asker's scope lies."""

    call: Call | None
    targets: Mapping[str, Target] = {}
    consults: Call | None = None
    path: tuple[str, ...] = ()
    file_stands: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One command, with all that is known of it."""

    command: Any
    actor: Actor
    at: datetime
    call: Call
    scene: Scene
    me: str
    """The member that the asker is, or answers for; his own seat where he is none."""


def stream(call: Call) -> str:
    return f"call-{call.id}"


def wrote(call: Call, events: Sequence[Event], exact: bool) -> Decision:
    if not events:
        return Decision(result=c.CallTaken(call.id))
    return Decision(writes=(Write(stream(call), call.version if exact else ANY, tuple(events)),), result=c.CallTaken(call.id))


def is_in(call: Call, ref: str, states: frozenset[CallMemberState]) -> bool:
    return ref in call.members and call.members[ref].state in states


def require_member(ask: Ask, ref: str) -> Member:
    """A listener (监听) is no member."""
    member = ask.call.members.get(ref)
    if member is None or member.role is CallRole.LISTENER:
        raise NotFound("他不在这个呼叫里，请刷新后再试。", "That one is not in this call; look again.", code="no-member", field="ref")
    return member


def require_another(ask: Ask, ref: str) -> Member:
    if ref == own_seat(ask.actor):
        raise Refused("不能对自己这样操作。", "You cannot do this to yourself.", code="yourself", field="ref")
    return require_member(ask, ref)


def require_state(ask: Ask, ref: str, *states: CallMemberState) -> None:
    if require_member(ask, ref).state not in states:
        raise Conflict("成员的状态已经变了，请看过最新情况再操作。", "The member's state has changed meanwhile; look again.",
                       code="member-changed")


def require_unlocked(call: Call) -> None:
    if call.locked:
        raise Conflict("这个呼叫已锁定，不再让人进入；需要时请先解锁。", "This call is locked and lets nobody in; unlock it first.",
                       code="call-locked")


def seat_of(actor: Actor) -> str:
    own = own_seat(actor)
    if not own:
        raise Refused("接口密钥没有席位，不能参加通话。", "An API key has no seat and cannot take part in calls.", code="no-seat")
    return own


def out(ask: Ask, state: CallMemberState, why: CallEnd, *refs: str, note: str = "") -> e.CallMembersOut:
    return e.CallMembersOut(call=ask.call.id, refs=refs, state=state, why=why, note=note)


def no_call() -> NotFound:
    return NotFound("没有这个呼叫，或不是给您的。", "There is no such call, or it is not yours.", code="no-call")


def has_ended() -> Conflict:
    return Conflict("呼叫已经结束。", "The call has ended.", code="call-ended")


def too_late() -> Conflict:
    return Conflict("已经不能接入这个呼叫了。", "It is too late to come into this call.", code="too-late")
