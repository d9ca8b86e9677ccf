"""What a meeting shows and where its members are: layout, screen, agenda, side rooms. Pure."""

from __future__ import annotations

from datetime import datetime

from hub.kernel.actor import Actor
from hub.kernel.errors import Conflict, NotFound, Refused
from hub.spoke import Decision
from media.meetings.messages import commands as c
from media.meetings.messages import events as e
from media.meetings.model import inside, named, named_all, run_by, runs, wrote
from media.meetings.seats import own_ref
from media.meetings.state import Meeting
from media.meetings.words import MAIN_ROOM


def set_layout(meeting: Meeting | None, command: c.SetLayout, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    named_all(going, command.layout.pinned)
    if going.layout == command.layout:
        return Decision()
    return wrote(going, e.MeetingLaidOut(meeting=going.id, layout=command.layout))


def share_screen(meeting: Meeting | None, command: c.ShareScreen, actor: Actor, at: datetime) -> Decision:
    if command.ref not in ("", own_ref(actor)):
        return _end_share(meeting, command, actor)
    going, member = inside(meeting, actor)
    if member.sharing == command.on:
        return Decision()
    if command.on:
        _require_free(going, going.presenter(member.place), actor)
    return wrote(going, e.ScreenShared(meeting=going.id, ref=member.ref, on=command.on))


def _end_share(meeting: Meeting | None, command: c.ShareScreen, actor: Actor) -> Decision:
    going = run_by(meeting, actor)
    member = named(going, command.ref)
    if command.on:
        raise Refused("只能由本人开始共享屏幕。", "A screen is shared by its owner only.", field="ref")
    return wrote(going, e.ScreenShared(meeting=going.id, ref=member.ref, on=False)) if member.sharing else Decision()


def _require_free(going: Meeting, presenter: str, actor: Actor) -> None:
    if presenter and not runs(going, actor):
        name = going.members[presenter].name
        raise Conflict(f"“{name}”正在共享屏幕，同一时间只能有一个；请等他结束，或请主持人停止。",
                       f"{name} is sharing a screen and only one can; wait, or ask who runs the meeting.",
                       code="screen-taken")


def set_agenda(meeting: Meeting | None, command: c.SetAgenda, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    if tuple(one.name for one in going.agenda) == command.items:
        return Decision()
    return wrote(going, e.AgendaSet(meeting=going.id, items=command.items))


def move_agenda(meeting: Meeting | None, command: c.MoveAgenda, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    if command.item > len(going.agenda):
        raise NotFound("没有这个议程。", "There is no such agenda item.", field="item")
    return Decision() if command.item == going.item else wrote(going, e.AgendaMoved(meeting=going.id, item=command.item))


# --- side rooms ---------------------------------------------------------------------------------


def open_side_rooms(meeting: Meeting | None, command: c.OpenSideRooms, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    if going.rooms:
        raise Conflict("已经有分会场，请先结束它们，再重新分组。", "There are side rooms already; close them first.",
                       code="side-rooms-open")
    seen: set[str] = set()
    for room in command.rooms:
        named_all(going, room.members)
        for ref in room.members:
            if ref in seen:
                raise Refused(f"“{going.members[ref].name}”被分到了两个分会场，请只留一个。",
                              f"{going.members[ref].name} stands in two side rooms; keep one.", field="rooms",
                              code="in-two-rooms")
            seen.add(ref)
    return wrote(going, e.SideRoomsOpened(meeting=going.id, rooms=command.rooms))


def move_to_side_room(meeting: Meeting | None, command: c.MoveToSideRoom, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    named_all(going, command.refs)
    if command.place != MAIN_ROOM and all(room.number != command.place for room in going.rooms):
        raise NotFound("没有这个分会场，可能已经结束。", "There is no such side room; it may be closed.", field="place")
    moving = tuple(ref for ref in dict.fromkeys(command.refs) if going.members[ref].place != command.place)
    if not moving:
        return Decision()
    return wrote(going, e.MembersPlaced(meeting=going.id, refs=moving, place=command.place))


def close_side_rooms(meeting: Meeting | None, command: c.CloseSideRooms, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    return wrote(going, e.SideRoomsClosed(meeting=going.id)) if going.rooms else Decision()


def broadcast_to_side_rooms(meeting: Meeting | None, command: c.BroadcastToSideRooms, actor: Actor, at: datetime) -> Decision:
    going = run_by(meeting, actor)
    if command.on and not going.rooms:
        raise Conflict("现在没有分会场。", "There are no side rooms.", code="no-side-rooms")
    if going.addressed == command.on:
        return Decision()
    return wrote(going, e.SideRoomsAddressed(meeting=going.id, on=command.on))
