"""What may be done in a call, by whom, and when: the table `ACTS`. Pure: the time is an argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Any

import msgspec

from hub.kernel.actor import Actor
from hub.kernel.errors import Forbidden, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision
from media.calls import acts
from media.calls.asking import HERE, Ask, Scene, has_ended, no_call, wrote
from media.calls.messages import commands as c
from media.calls.seats import own_seat, seats_of
from media.calls.state import Call
from media.calls.words import MAIN, MANY, CallKind, CallState

K = CallKind


class Who(Enum):
    OWNER = auto()       # 席位所有者
    SEAT = auto()        # a member, or somebody who answers for one
    PARTY = auto()       # a member on the line (the owner too)
    OVER = auto()        # an operator whose scope covers the whole call
    HUB = auto()         # the hub itself


class Act(msgspec.Struct, frozen=True, kw_only=True):
    who: Who
    does: Callable[[Ask], Sequence[Event] | Decision]
    kinds: frozenset[CallKind] = frozenset(CallKind)
    exact: bool = False
    """Decided on exactly this version of the call: of two who ask at once, the second looks again."""


ACTS: dict[type[Any], Act] = {
    c.AnswerCall: Act(who=Who.SEAT, does=acts.answer),
    c.DeclineCall: Act(who=Who.SEAT, does=acts.decline),
    c.LeaveCall: Act(who=Who.SEAT, does=acts.leave),
    c.EndCall: Act(who=Who.OWNER, does=acts.end),
    c.AddToCall: Act(who=Who.OWNER, does=acts.add, kinds=MANY),
    c.RemoveFromCall: Act(who=Who.OWNER, does=acts.remove),
    c.MuteInCall: Act(who=Who.OWNER, does=acts.mute),
    c.ListenOnly: Act(who=Who.OWNER, does=acts.listen_only),
    c.LockCall: Act(who=Who.OWNER, does=acts.lock),
    c.HoldCall: Act(who=Who.PARTY, does=acts.hold),
    c.ConsultInCall: Act(who=Who.OWNER, does=acts.consult),
    c.TransferCall: Act(who=Who.OWNER, does=acts.transfer),
    c.PickUpCall: Act(who=Who.OVER, does=acts.pick_up, exact=True),
    c.BargeIn: Act(who=Who.OVER, does=acts.barge_in),
    c.TakeDown: Act(who=Who.OVER, does=acts.take_down),
    c.Monitor: Act(who=Who.OVER, does=acts.monitor),
    c.TakeOverCall: Act(who=Who.OVER, does=acts.take_over, exact=True),
    c.MakeConference: Act(who=Who.OWNER, does=acts.conference, kinds=frozenset(CallKind) - {K.ANNOUNCE}),
    c.MarkPresent: Act(who=Who.OWNER, does=acts.mark, kinds=frozenset({K.ROLLCALL})),
    c.PlayInCall: Act(who=Who.OWNER, does=acts.play),
    c.StopPlayInCall: Act(who=Who.OWNER, does=acts.stop_play),
    c.SeePeer: Act(who=Who.HUB, does=acts.see_peer),
    c.SeePlayEnded: Act(who=Who.HUB, does=acts.see_play_ended),
    c.PassTime: Act(who=Who.HUB, does=acts.pass_time, exact=True),
}


# --- deciding -------------------------------------------------------------------------------------------


def decide(scene: Scene, command: Any, actor: Actor, at: datetime) -> Decision:
    call, act = scene.call, ACTS[type(command)]
    if call is None:
        raise no_call()
    me = _member_of(call, actor)
    REQUIRES[act.who](call, actor, me)
    if call.state is CallState.ENDED:
        raise has_ended()
    if call.kind not in act.kinds:
        raise Refused("这种呼叫不能这样操作。", f"This cannot be done in a {call.kind} call.", code="wrong-kind")
    ask = Ask(command=command, actor=actor, at=at, call=call, scene=scene, me=me or own_seat(actor))
    done = act.does(ask)
    return done if isinstance(done, Decision) else wrote(call, done, act.exact or _for_main(ask))


def _for_main(ask: Ask) -> bool:
    """Several operators answer for the main station, and one of them gets the call."""
    return isinstance(ask.command, c.AnswerCall) and ask.me == MAIN


def _member_of(call: Call, actor: Actor) -> str:
    """The seat of his that is in it: one that rings or talks before one that does not; "" none."""
    held = [ref for ref in seats_of(actor) if ref in call.members]
    return next((ref for ref in held if call.members[ref].state in HERE), held[0] if held else "")


def _require_owner(call: Call, actor: Actor, me: str) -> None:
    if own_seat(actor) == call.owner:
        return
    if not me and not actor.covers(call.path):
        raise no_call()
    raise Forbidden("这个呼叫由另一个席位掌握，请先接管再操作。", "Another seat owns this call; take it over first.", code="not-the-owner")


def _require_seat(call: Call, actor: Actor, me: str) -> None:
    if not me:
        raise no_call()


def _require_party(call: Call, actor: Actor, me: str) -> None:
    own = own_seat(actor)
    if own in call.members and call.members[own].party:
        return
    raise no_call() if not me else Refused("您不在通话中。", "You are not on the line.", code="not-on-the-line")


def _require_over(call: Call, actor: Actor, me: str) -> None:
    if actor.covers(call.path):
        return
    raise no_call() if not me else Forbidden("这个呼叫超出您的管辖范围。", "This call reaches beyond your scope.")


def _require_hub(call: Call, actor: Actor, me: str) -> None:
    if actor.id != "system":
        raise Forbidden("这一操作由系统自己进行。", "The hub does this by itself.")


REQUIRES: dict[Who, Callable[[Call, Actor, str], None]] = {
    Who.OWNER: _require_owner, Who.SEAT: _require_seat, Who.PARTY: _require_party, Who.OVER: _require_over, Who.HUB: _require_hub,
}
