"""What each act in a call brings about, once its asker may do it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from hub.kernel.errors import Conflict, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.calls.asking import (
    HERE,
    Ask,
    is_in,
    no_call,
    out,
    require_another,
    require_member,
    require_state,
    require_unlocked,
    seat_of,
    stream,
    too_late,
    wrote,
)
from media.calls.messages import commands as c
from media.calls.messages import events as e
from media.calls.passing import due_events
from media.calls.seats import own_seat
from media.calls.starting import ANY, asked, require_known
from media.calls.state import enters_late
from media.calls.words import MAIN, ON_LINE, CallEnd, CallKind, CallMemberState, CallRole

S, K = CallMemberState, CallKind


# --- coming and going -----------------------------------------------------------------------------------


def answer(ask: Ask) -> Sequence[Event]:
    call, member = ask.call, ask.call.members.get(ask.me)
    if member is None:
        raise no_call()
    if member.party:
        return ()
    if member.state is not S.RINGING and not enters_late(call, member):
        raise too_late()
    require_unlocked(call)
    own = own_seat(ask.actor)
    if ask.me == MAIN and own != MAIN:
        return (e.CallPickedUp(call=call.id, ref=MAIN, by=own),)
    return (e.CallMemberJoined(call=call.id, ref=ask.me, role=member.role),)


def decline(ask: Ask) -> Sequence[Event]:
    require_state(ask, ask.me, S.RINGING)
    return (out(ask, S.DECLINED, CallEnd.DECLINED, ask.me, note=ask.command.reason),)


def leave(ask: Ask) -> Sequence[Event]:
    own = own_seat(ask.actor)
    return (out(ask, S.LEFT, CallEnd.HUNG_UP, own),) if is_in(ask.call, own, ON_LINE) else ()


def end(ask: Ask) -> Sequence[Event]:
    return (e.CallEnded(call=ask.call.id, why=CallEnd.HUNG_UP),)


def add(ask: Ask) -> Sequence[Event]:
    require_unlocked(ask.call)
    require_known(ask.scene.targets, ask.command.targets, ask.actor)
    new = [ref for ref in dict.fromkeys(ask.command.targets) if not is_in(ask.call, ref, HERE)]
    call = ask.call
    return (e.CallMembersAsked(call=call.id, members=asked(
        [ask.scene.targets[ref] for ref in new], call.kind, call.options, call.priority)),) if new else ()


def remove(ask: Ask) -> Sequence[Event]:
    require_another(ask, ask.command.ref)
    return (out(ask, S.LEFT, CallEnd.REMOVED, ask.command.ref),)


def pick_up(ask: Ask) -> Sequence[Event]:
    require_state(ask, ask.command.ref, S.RINGING)
    require_unlocked(ask.call)
    return (e.CallPickedUp(call=ask.call.id, ref=ask.command.ref, by=seat_of(ask.actor)),)


def barge_in(ask: Ask) -> Sequence[Event]:
    require_unlocked(ask.call)
    own = seat_of(ask.actor)
    member = ask.call.members.get(own)
    return () if member and member.party else (e.CallMemberJoined(call=ask.call.id, ref=own, role=CallRole.BARGED),)


def monitor(ask: Ask) -> Sequence[Event]:
    require_unlocked(ask.call)
    own = seat_of(ask.actor)
    if is_in(ask.call, own, HERE) and ask.call.members[own].role is not CallRole.LISTENER:
        raise Conflict("您已经在这个通话里，不用监听。", "You are in this call already; there is nothing to listen in on.",
                       code="in-call")
    return () if is_in(ask.call, own, HERE) else (e.CallMonitored(call=ask.call.id, ref=own),)


def take_down(ask: Ask) -> Sequence[Event]:
    ref = ask.command.ref
    if not ref:
        return (e.CallEnded(call=ask.call.id, why=CallEnd.TAKEN_DOWN, note=ask.command.reason),)
    require_member(ask, ref)
    return (out(ask, S.LEFT, CallEnd.TAKEN_DOWN, ref, note=ask.command.reason),)


def take_over(ask: Ask) -> Sequence[Event]:
    own = seat_of(ask.actor)
    return () if ask.call.owner == own else (e.CallOwned(call=ask.call.id, owner=own, path=ask.scene.path),)


# --- how somebody takes part ----------------------------------------------------------------------------


def mute(ask: Ask) -> Sequence[Event]:
    require_member(ask, ask.command.ref)
    return (e.CallMemberMuted(call=ask.call.id, ref=ask.command.ref, on=ask.command.on),)


def listen_only(ask: Ask) -> Sequence[Event]:
    require_member(ask, ask.command.ref)
    return (e.CallMemberListens(call=ask.call.id, ref=ask.command.ref, on=ask.command.on),)


def lock(ask: Ask) -> Sequence[Event]:
    return (e.CallLocked(call=ask.call.id, on=ask.command.on),)


def hold(ask: Ask) -> Sequence[Event]:
    own = own_seat(ask.actor)
    if ask.call.owner == own:
        return (e.CallHeld(call=ask.call.id, on=ask.command.on),)
    return (e.CallMemberHeld(call=ask.call.id, ref=own, on=ask.command.on),)


def consult(ask: Ask) -> Sequence[Event]:
    ref = ask.command.ref
    if not ref:
        return (e.CallConsulting(call=ask.call.id, refs=()),)
    require_another(ask, ref)
    require_state(ask, ref, *ON_LINE)
    return (e.CallConsulting(call=ask.call.id, refs=(ask.call.owner, ref)),)


def transfer(ask: Ask) -> Decision:
    """After a consultation the other comes over at once; without one he is rung."""
    call, command, own = ask.call, ask.command, own_seat(ask.actor)
    require_another(ask, command.ref)
    require_state(ask, command.ref, *ON_LINE)
    require_unlocked(call)
    consults = ask.scene.consults
    if is_in(call, command.to, HERE):
        raise Conflict("对方已经在这个通话里。", "That one is in this call already.", code="in-call", field="to")
    release = (e.CallHeld(call=call.id, on=False),) if call.held else ()
    leaves = out(ask, S.LEFT, CallEnd.TRANSFERRED, own)
    if consults is not None:
        came = e.CallMemberJoined(call=call.id, ref=command.to)
        ends = e.CallEnded(call=consults.id, why=CallEnd.TRANSFERRED)
        return Decision(writes=(Write(stream(consults), ANY, (ends,)), Write(stream(call), ANY, (*release, came, leaves))),
                        result=c.CallTaken(call.id))
    require_known(ask.scene.targets, (command.to,), ask.actor)
    rings = e.CallMembersAsked(call=call.id, members=asked([ask.scene.targets[command.to]], call.kind, call.options, call.priority))
    return wrote(call, (*release, rings, leaves), exact=False)


# --- the call as a whole --------------------------------------------------------------------------------


def conference(ask: Ask) -> Sequence[Event]:
    return () if ask.call.kind is K.CONFERENCE else (e.CallMadeConference(call=ask.call.id),)


def mark(ask: Ask) -> Sequence[Event]:
    member = require_member(ask, ask.command.ref)
    if member.role is not CallRole.CALLED:
        raise Refused("只能给被点名的人记录。", "Only who was called can be marked.", code="not-called", field="ref")
    return (e.CallMemberMarked(call=ask.call.id, ref=ask.command.ref, present=ask.command.present),)


def play(ask: Ask) -> Sequence[Event]:
    if not ask.scene.file_stands:
        raise NotFound("找不到这个音频文件，请重新上传或选择。", "There is no such sound file; upload or choose again.", field="file")
    return (e.CallPlays(call=ask.call.id, file=ask.command.file, loop=ask.command.loop),)


def stop_play(ask: Ask) -> Sequence[Event]:
    return (e.CallPlays(call=ask.call.id, file=None),) if ask.call.playing else ()


def see_peer(ask: Ask) -> Sequence[Event]:
    member = ask.call.members.get(ask.command.ref)
    if member is None or member.state not in ON_LINE or (member.connected_at is not None) == ask.command.up:
        return ()
    return (e.CallPeerSeen(call=ask.call.id, ref=ask.command.ref, up=ask.command.up),)


def see_play_ended(ask: Ask) -> Sequence[Event]:
    return (e.CallPlays(call=ask.call.id, file=None),) if ask.call.playing == ask.command.file else ()


def pass_time(ask: Ask) -> Sequence[Event]:
    return due_events(ask.call, ask.at)
