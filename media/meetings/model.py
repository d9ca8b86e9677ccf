"""Who may ask what of a meeting, and what comes of it. Pure: the time is an argument."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from hub.kernel.actor import CITY, SYSTEM, Actor, Permission
from hub.kernel.errors import Conflict, Forbidden, NotFound, Refused
from hub.kernel.messages import Event
from hub.spoke import Decision, Write
from media.meetings.messages import commands as c
from media.meetings.messages import events as e
from media.meetings.seats import own_ref
from media.meetings.state import Meeting, Member
from media.meetings.words import MOST_MEMBERS, MemberState, room_of

IN = MemberState.IN
MUST_EXIST = -2


class Guests(msgspec.Struct, frozen=True, kw_only=True):
    """`found`: whom the targets name, each once. `strangers`: targets that name nobody this actor reaches."""

    meeting: Meeting | None = None
    found: tuple[e.MeetingMember, ...] = ()
    strangers: tuple[str, ...] = ()


def stream(meeting: object) -> str:
    return f"meeting-{meeting}"


def wrote(meeting: Meeting, *events: Event, result: Any = None) -> Decision:
    """Whatever version the meeting has by then: `state` holds the rules."""
    return Decision(writes=(Write(stream(meeting.id), MUST_EXIST, events),) if events else (), result=result)


# --- opening and inviting -----------------------------------------------------------------------


def open_meeting(guests: Guests, command: c.OpenMeeting, actor: Actor, at: datetime) -> Decision:
    own = e.MeetingMember(ref=own_ref(actor), name=actor.name, kind="account", runs=True)
    _require_known(guests.strangers)
    members = [own] if own.ref else []
    members += [one for one in guests.found if one.ref != own.ref]
    _require_size(len(members))
    event = e.MeetingOpened(meeting=command.id, title=command.title, by=actor.id, by_name=actor.name,
                            options=command.options, agenda=command.agenda, members=tuple(members))
    return Decision(writes=(Write(stream(command.id), 0, (event,)),), result=c.MeetingOpen(command.id, len(members)))


def invite(guests: Guests, command: c.InviteToMeeting, actor: Actor, at: datetime) -> Decision:
    meeting = run_by(guests.meeting, actor)
    _require_known(guests.strangers)
    stands = meeting.members
    new = tuple(one for one in guests.found if one.ref not in stands or stands[one.ref].state not in (IN, MemberState.INVITED))
    _require_size(len(meeting.members.keys() | {one.ref for one in new}))
    return wrote(meeting, *((e.MeetingInvited(meeting=meeting.id, members=new),) if new else ()),
                 result=c.MeetingOpen(meeting.id, len(new)))


def _require_known(strangers: tuple[str, ...]) -> None:
    if strangers:
        raise NotFound(f"找不到 {len(strangers)} 个受邀对象（{strangers[0]}），可能已停用或不在您的管辖范围内；请重新选择。",
                       f"{len(strangers)} of those invited are unknown, no longer in use or outside your scope "
                       f"({strangers[0]}); choose again.", code="unknown-members", field="targets")


def _require_size(size: int) -> None:
    if size > MOST_MEMBERS:
        raise Refused(f"一次视频互动最多 {MOST_MEMBERS} 个成员，这样会有 {size} 个；请减少。",
                      f"A meeting has at most {MOST_MEMBERS} members, and this would make {size}.",
                      code="too-many-members", field="targets")


# --- coming and going ---------------------------------------------------------------------------


def enter(meeting: Meeting | None, command: c.EnterMeeting, actor: Actor, at: datetime) -> Decision:
    going, ref = open_one(meeting), _require_seat(actor)
    stands = going.members.get(ref)
    entrance = c.MeetingEntrance(room_of(going.id))
    if stands and stands.state is IN:
        return wrote(going, result=entrance)
    if stands is None and not runs(going, actor):
        raise no_meeting()
    if stands and stands.state is MemberState.REMOVED:
        raise Forbidden("您已被移出这次视频互动，需要重新邀请才能进入。",
                        "You were removed from this meeting and have to be invited again.", code="removed")
    if going.locked:
        raise Conflict("会议已锁定，暂时不能进入；请联系主持人解锁。",
                       "The meeting is locked and nobody comes in; ask who runs it to unlock it.", code="meeting-locked")
    member = e.MeetingMember(ref=ref, name=actor.name, kind="account", runs=True)
    if stands:
        member = e.MeetingMember(ref=ref, name=stands.name, kind=stands.kind, unit=stands.unit, runs=stands.runs)
    return wrote(going, e.MeetingEntered(meeting=going.id, member=member), result=entrance)


def leave(meeting: Meeting | None, command: c.LeaveMeeting, actor: Actor, at: datetime) -> Decision:
    going = found(meeting)
    stands = going.members.get(own_ref(actor))
    if stands is None and not runs(going, actor):
        raise no_meeting()
    if going.ended_at or stands is None or stands.state not in (IN, MemberState.INVITED):
        return Decision()
    return wrote(going, e.MeetingLeft(meeting=going.id, ref=stands.ref))


def step_aside(meeting: Meeting | None, command: c.StepAside, actor: Actor, at: datetime) -> Decision:
    going, member = inside(meeting, actor)
    if member.aside == command.on:
        return Decision()
    return wrote(going, e.MeetingMemberAside(meeting=going.id, ref=member.ref, on=command.on))


def end(meeting: Meeting | None, command: c.EndMeeting, actor: Actor, at: datetime) -> Decision:
    going = seen_by(meeting, actor)
    if going.ended_at:
        return Decision()
    why = "empty" if actor.id == SYSTEM.id else ""
    return wrote(run_by(going, actor), e.MeetingEnded(meeting=going.id, why=why))


def lock(meeting: Meeting | None, command: c.LockMeeting, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    return Decision() if going.locked == command.on else wrote(going, e.MeetingLocked(meeting=going.id, on=command.on))


def remove(meeting: Meeting | None, command: c.RemoveMember, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    member = named(going, command.ref)
    if member.ref == own_ref(actor):
        raise Refused("要自己离开请按“离开”。", "To go yourself, leave the meeting.", field="ref")
    if member.state is MemberState.REMOVED:
        return Decision()
    return wrote(going, e.MeetingMemberRemoved(meeting=going.id, ref=member.ref))


# --- the word -----------------------------------------------------------------------------------


def raise_hand(meeting: Meeting | None, command: c.RaiseHand, actor: Actor, at: datetime) -> Decision:
    going, member = inside(meeting, actor)
    return Decision() if member.hand else wrote(going, e.HandRaised(meeting=going.id, ref=member.ref))


def lower_hand(meeting: Meeting | None, command: c.LowerHand, actor: Actor, at: datetime) -> Decision:
    own = own_ref(actor)
    if command.ref in ("", own):
        going, member = inside(meeting, actor)
    else:
        going = run_by(meeting, actor)
        member = named(going, command.ref)
    return wrote(going, e.HandLowered(meeting=going.id, ref=member.ref)) if member.hand else Decision()


def give_word(meeting: Meeting | None, command: c.GiveWord, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    member = present(going, command.ref)
    if going.word == member.ref:
        return Decision()
    return wrote(going, e.WordGiven(meeting=going.id, ref=member.ref, item=going.item))


def take_word(meeting: Meeting | None, command: c.TakeWord, actor: Actor, at: datetime) -> Decision:
    """Who has it may give it back himself."""
    going = seen_by(meeting, actor)
    if going.word != own_ref(actor):
        run_by(going, actor)
    return wrote(going, e.WordTaken(meeting=going.id, ref=going.word)) if going.word else Decision()


def mute_member(meeting: Meeting | None, command: c.MuteMember, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    member = named(going, command.ref)
    if member.muted == command.on:
        return Decision()
    return wrote(going, e.MeetingMuted(meeting=going.id, ref=member.ref, on=command.on))


def mute_all(meeting: Meeting | None, command: c.MuteAll, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    return wrote(going, e.MeetingMuted(meeting=going.id, on=command.on))


def stop_camera(meeting: Meeting | None, command: c.StopCamera, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    member = named(going, command.ref)
    if member.dark == command.on:
        return Decision()
    return wrote(going, e.CameraStopped(meeting=going.id, ref=member.ref, on=command.on))


# --- who may ------------------------------------------------------------------------------------


def runs(meeting: Meeting, actor: Actor) -> bool:
    return actor.may(Permission.MEET) and (meeting.by == actor.id or CITY in actor.scopes)


def found(meeting: Meeting | None) -> Meeting:
    if meeting is None:
        raise no_meeting()
    return meeting


def seen_by(meeting: Meeting | None, actor: Actor) -> Meeting:
    """Who has nothing to do with it hears the same as of a meeting that does not exist. Who was removed
    has nothing to do with it any more."""
    there = found(meeting)
    member = there.members.get(own_ref(actor))
    if (member is None or member.state is MemberState.REMOVED) and not runs(there, actor):
        raise no_meeting()
    return there


def open_one(meeting: Meeting | None) -> Meeting:
    there = found(meeting)
    if there.ended_at:
        raise Conflict("这次视频互动已经结束。", "This meeting has ended.", code="meeting-ended")
    return there


def run_by(meeting: Meeting | None, actor: Actor) -> Meeting:
    there = seen_by(meeting, actor)
    if not runs(there, actor):
        raise Forbidden("只有主持这次视频互动的人可以这样做。", "Only who runs this meeting may do this.", code="not-running")
    return open_one(there)


def named(meeting: Meeting, ref: str) -> Member:
    member = meeting.members.get(ref)
    if member is None:
        raise NotFound("他不在这次视频互动的名单里。", "He does not belong to this meeting.", field="ref", code="no-member")
    return member


def named_all(meeting: Meeting, refs: Iterable[str]) -> None:
    for ref in refs:
        named(meeting, ref)


def present(meeting: Meeting, ref: str) -> Member:
    member = named(meeting, ref)
    if member.state is not IN:
        raise Conflict(f"“{member.name}”还没有进入会议。", f"{member.name} is not in the meeting.", field="ref", code="not-in")
    return member


def inside(meeting: Meeting | None, actor: Actor) -> tuple[Meeting, Member]:
    going = open_one(seen_by(meeting, actor))
    member = going.members.get(own_ref(actor))
    if member is None or member.state is not IN:
        raise Conflict("请先进入会议。", "Enter the meeting first.", code="not-in")
    return going, member


def _require_seat(actor: Actor) -> str:
    ref = own_ref(actor)
    if not ref:
        raise Forbidden("接口密钥不能入会，请用账号、站点或代表的身份进入。",
                        "An API key cannot enter a meeting; an account, a station or a person can.", code="no-seat")
    return ref


def no_meeting() -> NotFound:
    return NotFound("没有这次视频互动，或您不在受邀名单里。", "There is no such meeting, or you were not invited.", code="no-meeting")
