"""The commands of takings: what is known is read, `takings.py` judges, the event goes to the stream of this one part."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hub.cases import load_case
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import Conflict, Refused
from hub.kernel.lifecycle import own_ref
from hub.kernel.messages import Event
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Write
from hub.streams.duties import messages as m
from hub.streams.duties.activities import window
from hub.streams.duties.takings import (
    Signing,
    Taking,
    doubts_of,
    may_register,
    may_sign_in,
    open_activity,
)

Q = load_sql(__package__)
P = Permission
LATELY = timedelta(hours=12)
PREFIX = "taking"


def part_stream(activity: Any, person: str) -> str:
    return f"{PREFIX}-{activity}-{person.removeprefix('person:')}"


async def known_of(conn: Connection, activity: Any, person: str) -> Signing:
    row = await conn.fetchrow(Q["taking"], activity, person)
    return Signing(
        activity=await load_case(conn, activity), taking=Taking(**dict(row)) if row else Taking(),
        place=await conn.fetchval(Q["place"], activity, person), key=await conn.fetchval(Q["activity_key"], activity) or b"",
        resting=await conn.fetchval(Q["resting"], person))


async def own_part(conn: Connection, command: Any, actor: Actor) -> Signing:
    return await known_of(conn, command.activity, own_ref(actor))


async def own_signing(conn: Connection, command: m.SignInToActivity, actor: Actor) -> Signing:
    person, known = own_ref(actor), await own_part(conn, command, actor)
    phones = await conn.fetch(Q["phone_of"], command.activity, person, command.device)
    begin = known.activity.facts.starts - LATELY if known.activity and getattr(known.activity.facts, "starts", None) else None
    last = await conn.fetchrow(Q["last_seen"], person, command.activity, begin) if begin else None
    return msgspec.structs.replace(known, phone_of=tuple(row["person"] for row in phones), last=tuple(last) if last else None)


async def their_part(conn: Connection, command: m.SignInByHand | m.JudgeSignIn | m.RefuseRegistration, _actor: Actor) -> Signing:
    return await known_of(conn, command.activity, f"person:{command.person}")


def _one(known: Signing, activity: Any, person: str, event: Event) -> Decision:
    return Decision(writes=(Write(part_stream(activity, person), known.taking.version, (event,)),))


def join(known: Signing, command: m.RegisterForActivity, actor: Actor, at: datetime) -> Decision:
    person = own_ref(actor)
    may_register(known, person, at)
    return _one(known, command.activity, person, m.ActivityJoined(activity=command.activity, person=person))


def leave(known: Signing, command: m.CancelRegistration, actor: Actor, at: datetime) -> Decision:
    open_activity(known.activity, at)
    _registered(known)
    person = own_ref(actor)
    return _one(known, command.activity, person, m.ActivityLeft(activity=command.activity, person=person, reason=command.reason))


def ask_leave(known: Signing, command: m.AskActivityLeave, actor: Actor, at: datetime) -> Decision:
    open_activity(known.activity, at)
    _registered(known)
    person = own_ref(actor)
    return _one(known, command.activity, person, m.ActivityLeaveAsked(activity=command.activity, person=person, reason=command.reason))


def refuse(known: Signing, command: m.RefuseRegistration, _actor: Actor, at: datetime) -> Decision:
    """Before signing in; it stands: whom the desk wants after all it signs in by hand."""
    open_activity(known.activity, at)
    if not known.taking.registered:
        raise Conflict("这位代表没有报名。", "This deputy is not registered.", code="not-registered")
    if known.taking.signed_in:
        raise Conflict("这位代表已经签到。", "This deputy has signed in already.", code="signed-in")
    person = f"person:{command.person}"
    return _one(known, command.activity, person, m.RegistrationRefused(activity=command.activity, person=person, reason=command.reason))


def sign_in(known: Signing, command: m.SignInToActivity, actor: Actor, at: datetime) -> Decision:
    if command.way is m.Way.HAND:
        raise Refused("请用定位或签到码签到。", "Sign in by place or by code.", code="not-by-hand", field="way")
    read = min(command.read_at, at) if command.way is m.Way.CODE and command.read_at else at
    activity = may_sign_in(known, read)
    person = own_ref(actor)
    event = m.ActivitySignedIn(activity=command.activity, person=person, way=command.way, at=read, lon=command.lon, lat=command.lat,
                               accuracy=command.accuracy, device=command.device, doubts=doubts_of(known, command, activity, at))
    decided = _one(known, command.activity, person, event)
    return msgspec.structs.replace(decided, result={"doubts": event.doubts})


def sign_in_by_hand(known: Signing, command: m.SignInByHand, _actor: Actor, at: datetime) -> Decision:
    hours = window(open_activity(known.activity, at))
    if hours and at < hours[0]:
        raise Conflict("还没有到签到时间，请在活动当天代签。", "It is too early to sign anybody in.", code="not-now")
    if known.activity is None or not known.activity.has("invited", frozenset((f"person:{command.person}",))):
        raise Refused("这位代表不在受邀名单里，请核对。", "This deputy is not among the invited; check the name.", code="not-invited", field="person")
    if known.resting:
        raise Refused("这位代表的职务已暂停或终止，不能签到。", "This deputy's mandate rests or has ended.", code="not-in-office", field="person")
    if known.taking.signed_in:
        raise Conflict("这位代表已经签到。", "This deputy has signed in already.", code="signed-in")
    person = f"person:{command.person}"
    return _one(known, command.activity, person, m.ActivitySignedIn(activity=command.activity, person=person, way=m.Way.HAND, at=at, note=command.note))


def sign_out(known: Signing, command: m.SignOutOfActivity, actor: Actor, _at: datetime) -> Decision:
    if known.taking.signed_in is None:
        raise Conflict("您还没有签到。", "You have not signed in.", code="not-signed-in")
    if known.taking.signed_out:
        raise Conflict("您已经签退。", "You have signed out already.", code="signed-out")
    person = own_ref(actor)
    return _one(known, command.activity, person, m.ActivitySignedOut(activity=command.activity, person=person))


def answer(known: Signing, command: m.AnswerActivity, actor: Actor, _at: datetime) -> Decision:
    questions = known.activity.facts.questions if known.activity and known.taking.signed_in else ()
    if not questions:
        raise Conflict("签到后才能填写问卷，或这个活动没有问卷。", "Sign in first; or there is nothing to answer.", code="no-questions")
    if len(command.answers) != len(questions):
        raise Refused(f"问卷有{len(questions)}题，请逐题作答。", f"There are {len(questions)} questions; answer each.", field="answers")
    for n, (question, said) in enumerate(zip(questions, command.answers, strict=True), 1):
        chosen = said.split("\n") if question.kind == "many" else [said]
        if question.kind != "text" and not set(chosen) <= set(question.choices):
            raise Refused(f"第{n}题请从选项中选择。", f"Choose from the choices of question {n}.", field="answers")
    person = own_ref(actor)
    return _one(known, command.activity, person, m.ActivityAnswered(activity=command.activity, person=person, answers=command.answers))


def judge(known: Signing, command: m.JudgeSignIn, _actor: Actor, _at: datetime) -> Decision:
    if known.taking.signed_in is None:
        raise Conflict("这位代表还没有签到。", "This deputy has not signed in.", code="not-signed-in")
    person = f"person:{command.person}"
    return _one(known, command.activity, person, m.SignInJudged(activity=command.activity, person=person, valid=command.valid, note=command.note))


def _registered(known: Signing) -> None:
    if not known.taking.registered:
        raise Conflict("您没有报名。", "You are not registered.", code="not-registered")
    if known.taking.signed_in:
        raise Conflict("您已经签到，不能再取消。", "You have signed in; it cannot be cancelled.", code="signed-in")


Facts = Callable[[Connection, Any, Actor], Awaitable[Signing]]
ACTS: tuple[tuple[type[Any], Permission, Any, Facts], ...] = (
    (m.RegisterForActivity, P.PROPOSE, join, own_part),
    (m.CancelRegistration, P.PROPOSE, leave, own_part),
    (m.AskActivityLeave, P.PROPOSE, ask_leave, own_part),
    (m.SignInToActivity, P.PROPOSE, sign_in, own_signing),
    (m.SignOutOfActivity, P.PROPOSE, sign_out, own_part),
    (m.AnswerActivity, P.PROPOSE, answer, own_part),
    (m.SignInByHand, P.INTAKE, sign_in_by_hand, their_part),
    (m.JudgeSignIn, P.INTAKE, judge, their_part),
    (m.RefuseRegistration, P.INTAKE, refuse, their_part),
)
COMMANDS = tuple(Decides(command=command, permission=permission, decide=decide, facts=facts) for command, permission, decide, facts in ACTS)
