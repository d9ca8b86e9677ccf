"""How a call begins: whom it rings, what it clears, plans and night service. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.errors import Forbidden, NotFound, Refused, TooMany
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.calls.messages import commands as c
from media.calls.messages import events as e
from media.calls.messages.shapes import CallOptions, NightBody, PlanBody
from media.calls.night import is_open, rung_instead
from media.calls.seats import own_seat
from media.calls.state import Call, common
from media.calls.words import (
    EMERGENCY,
    IN_TURN,
    LIVE,
    MAIN,
    MOST_MEMBERS,
    MOST_PLANS,
    AutoAnswer,
    CallEnd,
    CallKind,
    CallMemberState,
)

S = CallMemberState
ANY = -1


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be rung. `number`: for `phone:…`, the telephone, "" where he has none."""

    ref: str
    path: tuple[str, ...]
    when: AutoAnswer = AutoAnswer.NEVER
    number: str = ""


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What a start is decided on. `targets`: those of the wanted refs that exist; `path`: where the asker's scope
    lies; `lower`: open calls of theirs that an emergency clears; `on_duty`: who is on the roster now."""

    targets: Mapping[str, Target]
    path: tuple[str, ...]
    lower: tuple[Call, ...] = ()
    night: NightBody = NightBody()
    on_duty: tuple[str, ...] = ()
    allowed: bool = True
    plan: PlanBody | None = None
    plan_targets: tuple[str, ...] = ()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A call as it was asked for, by hand or by a plan."""

    id: UUID
    kind: CallKind
    targets: tuple[str, ...]
    title: str
    priority: int
    options: CallOptions
    plan: UUID | None = None


def start(facts: Beginning, command: c.StartCall, actor: Actor, at: datetime) -> Decision:
    if not actor.may(Permission.CALL):
        _require_main_only(command)
    wanted = Wanted(id=command.id, kind=command.kind, targets=command.targets, title=command.title,
                    priority=command.priority, options=command.options)
    require_known(facts.targets, command.targets, actor)
    return _begin(facts, wanted, actor, at)


def start_plan(facts: Beginning, command: c.StartPlan, actor: Actor, at: datetime) -> Decision:
    """Whoever the plan names and the directory knows no more is passed over."""
    plan = facts.plan
    if plan is None:
        raise _no_plan()
    reached = tuple(ref for ref in facts.plan_targets if ref in facts.targets and actor.covers(facts.targets[ref].path))
    if not reached:
        raise Refused("预案里没有一个可以呼叫的人，请先修改预案。", "The plan names nobody who can be called; edit it first.",
                      code="empty-plan")
    wanted = Wanted(id=command.id, kind=plan.kind, targets=reached[:MOST_MEMBERS], title=plan.title or plan.name,
                    priority=plan.priority, options=plan.options, plan=command.plan)
    begun = _begin(facts, wanted, actor, at)
    noted = Write(f"callplan-{command.plan}", ANY, (e.CallPlanStarted(plan=command.plan, call=command.id, at=at),))
    return msgspec.structs.replace(begun, writes=(*begun.writes, noted))


def _begin(facts: Beginning, wanted: Wanted, actor: Actor, at: datetime) -> Decision:
    caller = own_seat(actor)
    if not caller:
        raise Refused("接口密钥没有席位，不能发起通话。", "An API key has no seat and cannot start calls.", code="no-seat")
    if not facts.allowed:
        raise TooMany("呼叫太频繁，请稍等片刻再试。", "Too many calls; wait a moment and try again.", code="too-many-calls")
    night = MAIN in wanted.targets and is_open(facts.night, at)
    _require_size(wanted)
    rung = [ref for ref in _redirected(facts, wanted.targets, night) if ref != caller]
    if not rung:
        raise Refused("不能呼叫自己，请选择别人。", "You cannot call yourself; choose somebody else.", field="targets")
    found = [facts.targets[ref] for ref in rung]
    # At night the duty person rings first and the backup after that.
    kind = CallKind.POLL if wanted.kind is CallKind.SINGLE and len(rung) > 1 else wanted.kind
    event = e.CallStarted(
        call=wanted.id, kind=kind, title=wanted.title, priority=wanted.priority, owner=caller, plan=wanted.plan,
        path=common([facts.path, *(one.path for one in found)]), options=wanted.options, night=night,
        members=asked(found, kind, wanted.options, wanted.priority))
    return Decision(writes=(Write(f"call-{wanted.id}", 0, (event,)), *cleared(facts.lower, rung, wanted)),
                    result=c.CallTaken(wanted.id))


def _redirected(facts: Beginning, targets: Sequence[str], night: bool) -> list[str]:
    """Where nobody stands on duty the main station rings all the same."""
    duty = [ref for ref in rung_instead(facts.night, facts.on_duty) if ref in facts.targets] if night else []
    wanted = [one for ref in targets for one in (duty if ref == MAIN and duty else [ref])]
    return list(dict.fromkeys(wanted))


def asked(targets: Sequence[Target], kind: CallKind, options: CallOptions, priority: int) -> tuple[e.Asked, ...]:
    state = S.WAITING if kind in IN_TURN else S.RINGING
    listens = options.listen_only or kind is CallKind.ANNOUNCE
    return tuple(e.Asked(one.ref, state, listen_only=listens, auto=answers_itself(one, kind, options, priority),
                         number=one.number) for one in targets)


def answers_itself(target: Target, kind: CallKind, options: CallOptions, priority: int) -> bool:
    pressing = kind is CallKind.ANNOUNCE or priority >= EMERGENCY
    if target.when is AutoAnswer.ALWAYS:
        return options.auto_answer or pressing
    return target.when is AutoAnswer.ANNOUNCE and pressing


def cleared(lower: Sequence[Call], rung: Sequence[str], wanted: Wanted) -> tuple[Write, ...]:
    """An emergency takes those it rings out of their lower calls; the main station goes on with its own."""
    if wanted.priority < EMERGENCY:
        return ()
    writes = []
    for call in lower:
        refs = tuple(ref for ref in rung if ref != MAIN and ref in call.members and call.members[ref].state in LIVE)
        if refs and call.priority < EMERGENCY:
            out: Event = e.CallMembersOut(call=call.id, refs=refs, state=S.LEFT, why=CallEnd.PREEMPTED)
            writes.append(Write(f"call-{call.id}", ANY, (out,)))
    return tuple(writes)


def require_known(targets: Mapping[str, Target], wanted: Sequence[str], actor: Actor) -> None:
    """The main station may be called by everybody."""
    missing = [ref for ref in wanted if ref != MAIN and not (ref in targets and actor.covers(targets[ref].path))]
    if missing:
        raise NotFound(f"找不到 {len(missing)} 个呼叫对象（{missing[0]}），可能已停用或不在您的范围内；请重新选择。",
                       f"{len(missing)} of those called are unknown or outside your scope ({missing[0]}); choose again.",
                       code="unknown-targets", field="targets")
    mute = [ref for ref in wanted if ref.startswith("phone:") and not targets[ref].number]
    if mute:
        raise Refused(f"{len(mute)} 个人没有可用的电话号码，请改用其他方式呼叫。",
                      f"{len(mute)} people have no telephone number in use; call them another way.",
                      code="no-number", field="targets")


def _require_main_only(command: c.StartCall) -> None:
    if command.kind is not CallKind.SINGLE or command.targets != (MAIN,):
        raise Forbidden("站点和代表只能呼叫总站。", "Stations and deputies can call the main station only.", field="targets")


def _require_size(wanted: Wanted) -> None:
    if wanted.kind is CallKind.SINGLE and len(wanted.targets) > 1:
        raise Refused("单呼只能呼叫一个对象，多人请用组呼或会议。",
                      "A single call has one target; use a group call or a conference.", field="targets")


# --- plans, night service, lines --------------------------------------------------------------------------


class Kept(msgspec.Struct, frozen=True):
    """A plan that stands already, and how many there are."""

    stands: bool
    plans: int


def save_plan(facts: Kept, command: c.SavePlan, actor: Actor, at: datetime) -> Decision:
    body = command.body
    if not (body.targets or body.groups or body.orgs):
        raise Refused("预案里还没有呼叫对象，请先选择。", "The plan calls nobody yet; choose somebody.", field="targets")
    if not facts.stands and facts.plans >= MOST_PLANS:
        raise Refused(f"最多保存 {MOST_PLANS} 个预案，请先删除不用的。",
                      f"At most {MOST_PLANS} plans are kept; delete some first.", code="too-many-plans")
    return Decision(writes=(Write(f"callplan-{command.plan}", ANY, (e.CallPlanSaved(plan=command.plan, body=body),)),))


def delete_plan(facts: Kept, command: c.DeletePlan, actor: Actor, at: datetime) -> Decision:
    if not facts.stands:
        raise _no_plan()
    return Decision(writes=(Write(f"callplan-{command.plan}", ANY, (e.CallPlanDeleted(plan=command.plan),)),))


def save_night(facts: Any, command: c.SaveNightService, actor: Actor, at: datetime) -> Decision:
    if CITY not in actor.scopes:
        raise Forbidden("只有管辖全市的值班员可以设置夜服。", "Only operators of the city set the night service.")
    if command.service.to == MAIN:
        raise Refused("夜服不能转回总站，请选择值班人员。", "The night service cannot ring the main station itself.", field="to")
    return Decision(writes=(Write("nightservice", ANY, (e.NightServiceSaved(service=command.service),)),))


def set_auto_answer(facts: Any, command: c.SetAutoAnswer, actor: Actor, at: datetime) -> Decision:
    own = own_seat(actor)
    if not own:
        raise Refused("接口密钥没有线路。", "An API key has no line.", code="no-seat")
    return Decision(writes=(Write(f"line-{own}", ANY, (e.AutoAnswerSet(ref=own, when=command.when),)),))


def _no_plan() -> NotFound:
    return NotFound("没有这个预案，可能已被删除。", "There is no such plan; it may have been deleted.", code="no-plan")
