"""What may be done in a call, by whom, and when: the table `ACTS`. Pure: the time is an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Any

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.calls.messages import commands as c
from media.calls.messages import events as e
from media.calls.passing import due_events
from media.calls.seats import own_seat, seats_of
from media.calls.starting import Target, asked, require_known
from media.calls.state import Call, Member, may_come
from media.calls.words import (
    MAIN,
    ON_LINE,
    CallEnd,
    CallKind,
    CallMemberState,
    CallRole,
    CallState,
)

S, K = CallMemberState, CallKind
ANY = -1
MANY = frozenset({K.GROUP, K.CONFERENCE, K.ANNOUNCE, K.PTT})
LATE = MANY
"""Kinds that one may come into later."""


class Who(Enum):
    OWNER = auto()       # 席位所有者
    SEAT = auto()        # a member, or somebody who answers for one
    PARTY = auto()       # a member on the line (the owner too)
    OVER = auto()        # an operator whose scope covers the whole call
    HUB = auto()         # the hub itself


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


class Act(msgspec.Struct, frozen=True, kw_only=True):
    who: Who
    does: Callable[[Ask], Sequence[Event] | Decision]
    kinds: frozenset[CallKind] = frozenset(CallKind)
    exact: bool = False
    """Decided on exactly this version of the call: of two who ask at once, the second looks again."""


# --- coming and going -----------------------------------------------------------------------------------


def _answer(ask: Ask) -> Sequence[Event]:
    call, member = ask.call, ask.call.members.get(ask.me)
    if member is None:
        raise _no_call()
    if member.party:
        return ()
    if member.state is not S.RINGING and not (call.opened_at and call.kind in LATE and call.options.late_entry and may_come(member)):
        raise _too_late()
    _require_unlocked(call)
    own = own_seat(ask.actor)
    if ask.me == MAIN and own != MAIN:
        return (e.CallPickedUp(call=call.id, ref=MAIN, by=own),)
    return (e.CallMemberJoined(call=call.id, ref=ask.me, role=member.role),)


def _decline(ask: Ask) -> Sequence[Event]:
    _require_state(ask, ask.me, S.RINGING)
    return (_out(ask, S.DECLINED, CallEnd.DECLINED, ask.me, note=ask.command.reason),)


def _leave(ask: Ask) -> Sequence[Event]:
    own = own_seat(ask.actor)
    return (_out(ask, S.LEFT, CallEnd.HUNG_UP, own),) if _is(ask.call, own, ON_LINE) else ()


def _end(ask: Ask) -> Sequence[Event]:
    return (e.CallEnded(call=ask.call.id, why=CallEnd.HUNG_UP),)


def _add(ask: Ask) -> Sequence[Event]:
    _require_unlocked(ask.call)
    require_known(ask.scene.targets, ask.command.targets, ask.actor)
    new = [ref for ref in dict.fromkeys(ask.command.targets) if not _is(ask.call, ref, _HERE)]
    call = ask.call
    return (e.CallMembersAsked(call=call.id, members=asked(
        [ask.scene.targets[ref] for ref in new], call.kind, call.options, call.priority)),) if new else ()


def _remove(ask: Ask) -> Sequence[Event]:
    _require_another(ask, ask.command.ref)
    return (_out(ask, S.LEFT, CallEnd.REMOVED, ask.command.ref),)


def _pick_up(ask: Ask) -> Sequence[Event]:
    _require_state(ask, ask.command.ref, S.RINGING)
    _require_unlocked(ask.call)
    return (e.CallPickedUp(call=ask.call.id, ref=ask.command.ref, by=_own(ask.actor)),)


def _barge_in(ask: Ask) -> Sequence[Event]:
    _require_unlocked(ask.call)
    own = _own(ask.actor)
    member = ask.call.members.get(own)
    return () if member and member.party else (e.CallMemberJoined(call=ask.call.id, ref=own, role=CallRole.BARGED),)


def _monitor(ask: Ask) -> Sequence[Event]:
    _require_unlocked(ask.call)
    own = _own(ask.actor)
    if _is(ask.call, own, _HERE) and ask.call.members[own].role is not CallRole.LISTENER:
        raise Conflict("您已经在这个通话里，不用监听。", "You are in this call already; there is nothing to listen in on.",
                       code="in-call")
    return () if _is(ask.call, own, _HERE) else (e.CallMonitored(call=ask.call.id, ref=own),)


def _take_down(ask: Ask) -> Sequence[Event]:
    ref = ask.command.ref
    if not ref:
        return (e.CallEnded(call=ask.call.id, why=CallEnd.TAKEN_DOWN, note=ask.command.reason),)
    _require_member(ask, ref)
    return (_out(ask, S.LEFT, CallEnd.TAKEN_DOWN, ref, note=ask.command.reason),)


def _take_over(ask: Ask) -> Sequence[Event]:
    own = _own(ask.actor)
    return () if ask.call.owner == own else (e.CallOwned(call=ask.call.id, owner=own, path=ask.scene.path),)


# --- how somebody takes part ----------------------------------------------------------------------------


def _mute(ask: Ask) -> Sequence[Event]:
    _require_member(ask, ask.command.ref)
    return (e.CallMemberMuted(call=ask.call.id, ref=ask.command.ref, on=ask.command.on),)


def _listen_only(ask: Ask) -> Sequence[Event]:
    _require_member(ask, ask.command.ref)
    return (e.CallMemberListens(call=ask.call.id, ref=ask.command.ref, on=ask.command.on),)


def _lock(ask: Ask) -> Sequence[Event]:
    return (e.CallLocked(call=ask.call.id, on=ask.command.on),)


def _hold(ask: Ask) -> Sequence[Event]:
    own = own_seat(ask.actor)
    if ask.call.owner == own:
        return (e.CallHeld(call=ask.call.id, on=ask.command.on),)
    return (e.CallMemberHeld(call=ask.call.id, ref=own, on=ask.command.on),)


def _consult(ask: Ask) -> Sequence[Event]:
    ref = ask.command.ref
    if not ref:
        return (e.CallConsulting(call=ask.call.id, refs=()),)
    _require_another(ask, ref)
    _require_state(ask, ref, *ON_LINE)
    return (e.CallConsulting(call=ask.call.id, refs=(ask.call.owner, ref)),)


def _transfer(ask: Ask) -> Decision:
    """After a consultation the other comes over at once; without one he is rung."""
    call, command, own = ask.call, ask.command, own_seat(ask.actor)
    _require_another(ask, command.ref)
    _require_state(ask, command.ref, *ON_LINE)
    _require_unlocked(call)
    consults = ask.scene.consults
    if _is(call, command.to, _HERE):
        raise Conflict("对方已经在这个通话里。", "That one is in this call already.", code="in-call", field="to")
    release = (e.CallHeld(call=call.id, on=False),) if call.held else ()
    leaves = _out(ask, S.LEFT, CallEnd.TRANSFERRED, own)
    if consults is not None:
        came = e.CallMemberJoined(call=call.id, ref=command.to)
        ends = e.CallEnded(call=consults.id, why=CallEnd.TRANSFERRED)
        return Decision(writes=(Write(stream(consults), ANY, (ends,)), Write(stream(call), ANY, (*release, came, leaves))))
    require_known(ask.scene.targets, (command.to,), ask.actor)
    rings = e.CallMembersAsked(call=call.id, members=asked([ask.scene.targets[command.to]], call.kind, call.options, call.priority))
    return _wrote(call, (*release, rings, leaves), exact=False)


# --- the call as a whole --------------------------------------------------------------------------------


def _conference(ask: Ask) -> Sequence[Event]:
    return () if ask.call.kind is K.CONFERENCE else (e.CallMadeConference(call=ask.call.id),)


def _mark(ask: Ask) -> Sequence[Event]:
    member = _require_member(ask, ask.command.ref)
    if member.role is not CallRole.CALLED:
        raise Refused("只能给被点名的人记录。", "Only who was called can be marked.", code="not-called", field="ref")
    return (e.CallMemberMarked(call=ask.call.id, ref=ask.command.ref, present=ask.command.present),)


def _play(ask: Ask) -> Sequence[Event]:
    if not ask.scene.file_stands:
        raise NotFound("找不到这个音频文件，请重新上传或选择。", "There is no such sound file; upload or choose again.", field="file")
    return (e.CallPlays(call=ask.call.id, file=ask.command.file, loop=ask.command.loop),)


def _stop_play(ask: Ask) -> Sequence[Event]:
    return (e.CallPlays(call=ask.call.id, file=None),) if ask.call.playing else ()


def _see_peer(ask: Ask) -> Sequence[Event]:
    member = ask.call.members.get(ask.command.ref)
    if member is None or member.state not in ON_LINE or (member.connected_at is not None) == ask.command.up:
        return ()
    return (e.CallPeerSeen(call=ask.call.id, ref=ask.command.ref, up=ask.command.up),)


def _pass_time(ask: Ask) -> Sequence[Event]:
    return due_events(ask.call, ask.at)


ACTS: dict[type[Any], Act] = {
    c.AnswerCall: Act(who=Who.SEAT, does=_answer),
    c.DeclineCall: Act(who=Who.SEAT, does=_decline),
    c.LeaveCall: Act(who=Who.SEAT, does=_leave),
    c.EndCall: Act(who=Who.OWNER, does=_end),
    c.AddToCall: Act(who=Who.OWNER, does=_add, kinds=MANY),
    c.RemoveFromCall: Act(who=Who.OWNER, does=_remove),
    c.MuteInCall: Act(who=Who.OWNER, does=_mute),
    c.ListenOnly: Act(who=Who.OWNER, does=_listen_only),
    c.LockCall: Act(who=Who.OWNER, does=_lock),
    c.HoldCall: Act(who=Who.PARTY, does=_hold),
    c.ConsultInCall: Act(who=Who.OWNER, does=_consult),
    c.TransferCall: Act(who=Who.OWNER, does=_transfer),
    c.PickUpCall: Act(who=Who.OVER, does=_pick_up, exact=True),
    c.BargeIn: Act(who=Who.OVER, does=_barge_in),
    c.TakeDown: Act(who=Who.OVER, does=_take_down),
    c.Monitor: Act(who=Who.OVER, does=_monitor),
    c.TakeOverCall: Act(who=Who.OVER, does=_take_over, exact=True),
    c.MakeConference: Act(who=Who.OWNER, does=_conference, kinds=frozenset(CallKind) - {K.ANNOUNCE}),
    c.MarkPresent: Act(who=Who.OWNER, does=_mark, kinds=frozenset({K.ROLLCALL})),
    c.PlayInCall: Act(who=Who.OWNER, does=_play),
    c.StopPlayInCall: Act(who=Who.OWNER, does=_stop_play),
    c.SeePeer: Act(who=Who.HUB, does=_see_peer),
    c.PassTime: Act(who=Who.HUB, does=_pass_time, exact=True),
}


# --- deciding -------------------------------------------------------------------------------------------


def decide(scene: Scene, command: Any, actor: Actor, at: datetime) -> Decision:
    call, act = scene.call, ACTS[type(command)]
    if call is None:
        raise _no_call()
    me = _member_of(call, actor)
    REQUIRES[act.who](call, actor, me)
    if call.state is CallState.ENDED:
        raise _ended()
    if call.kind not in act.kinds:
        raise Refused("这种呼叫不能这样操作。", f"This cannot be done in a {call.kind} call.", code="wrong-kind")
    ask = Ask(command=command, actor=actor, at=at, call=call, scene=scene, me=me or own_seat(actor))
    done = act.does(ask)
    return done if isinstance(done, Decision) else _wrote(call, done, act.exact or _for_main(ask))


def _for_main(ask: Ask) -> bool:
    """Several operators answer for the main station, and one of them gets the call."""
    return isinstance(ask.command, c.AnswerCall) and ask.me == MAIN


def _wrote(call: Call, events: Sequence[Event], exact: bool) -> Decision:
    if not events:
        return Decision(result=c.CallTaken(call.id))
    return Decision(writes=(Write(stream(call), call.version if exact else ANY, tuple(events)),), result=c.CallTaken(call.id))


def stream(call: Call) -> str:
    return f"call-{call.id}"


def _member_of(call: Call, actor: Actor) -> str:
    """The seat of his that is in it: one that rings or talks before one that does not; "" none."""
    held = [ref for ref in seats_of(actor) if ref in call.members]
    return next((ref for ref in held if call.members[ref].state in _HERE), held[0] if held else "")


def _require_owner(call: Call, actor: Actor, me: str) -> None:
    if own_seat(actor) == call.owner:
        return
    if not me and not actor.covers(call.path):
        raise _no_call()
    raise Forbidden("这个呼叫由另一个席位掌握，请先接管再操作。", "Another seat owns this call; take it over first.", code="not-the-owner")


def _require_seat(call: Call, actor: Actor, me: str) -> None:
    if not me:
        raise _no_call()


def _require_party(call: Call, actor: Actor, me: str) -> None:
    own = own_seat(actor)
    if own in call.members and call.members[own].party:
        return
    raise _no_call() if not me else Refused("您不在通话中。", "You are not on the line.", code="not-on-the-line")


def _require_over(call: Call, actor: Actor, me: str) -> None:
    if actor.covers(call.path):
        return
    raise _no_call() if not me else Forbidden("这个呼叫超出您的管辖范围。", "This call reaches beyond your scope.")


def _require_hub(call: Call, actor: Actor, me: str) -> None:
    if actor.id != "system":
        raise Forbidden("这一操作由系统自己进行。", "The hub does this by itself.")


REQUIRES: dict[Who, Callable[[Call, Actor, str], None]] = {
    Who.OWNER: _require_owner, Who.SEAT: _require_seat, Who.PARTY: _require_party, Who.OVER: _require_over, Who.HUB: _require_hub,
}
_HERE = frozenset({S.WAITING, S.RINGING, *ON_LINE})


def _is(call: Call, ref: str, states: frozenset[CallMemberState]) -> bool:
    return ref in call.members and call.members[ref].state in states


def _require_member(ask: Ask, ref: str) -> Member:
    """A listener (监听) is no member."""
    member = ask.call.members.get(ref)
    if member is None or member.role is CallRole.LISTENER:
        raise NotFound("他不在这个呼叫里，请刷新后再试。", "That one is not in this call; look again.", code="no-member", field="ref")
    return member


def _require_another(ask: Ask, ref: str) -> Member:
    if ref == own_seat(ask.actor):
        raise Refused("不能对自己这样操作。", "You cannot do this to yourself.", code="yourself", field="ref")
    return _require_member(ask, ref)


def _require_state(ask: Ask, ref: str, *states: CallMemberState) -> None:
    if _require_member(ask, ref).state not in states:
        raise Conflict("成员的状态已经变了，请看过最新情况再操作。", "The member's state has changed meanwhile; look again.",
                       code="member-changed")


def _require_unlocked(call: Call) -> None:
    if call.locked:
        raise Conflict("这个呼叫已锁定，不再让人进入；需要时请先解锁。", "This call is locked and lets nobody in; unlock it first.",
                       code="call-locked")


def _own(actor: Actor) -> str:
    own = own_seat(actor)
    if not own:
        raise Refused("接口密钥没有席位，不能参加通话。", "An API key has no seat and cannot take part in calls.", code="no-seat")
    return own


def _out(ask: Ask, state: CallMemberState, why: CallEnd, *refs: str, note: str = "") -> e.CallMembersOut:
    return e.CallMembersOut(call=ask.call.id, refs=refs, state=state, why=why, note=note)


def _no_call() -> NotFound:
    return NotFound("没有这个呼叫，或不是给您的。", "There is no such call, or it is not yours.", code="no-call")


def _ended() -> Conflict:
    return Conflict("呼叫已经结束。", "The call has ended.", code="call-ended")


def _too_late() -> Conflict:
    return Conflict("已经不能接入这个呼叫了。", "It is too late to come into this call.", code="too-late")
