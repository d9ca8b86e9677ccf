"""征集公告: a call for projects, open to everybody from one day to another (S1-C03). What comes of it are ideas."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import NotFound, Refused
from hub.kernel.messages import Command, Event
from hub.record import Connection, load_sql
from hub.spoke import Decides, Decision, Page, View, Write
from hub.streams.legislation.messages import NoParams

Q = load_sql(__package__)
P = Permission
ANY = -1
CALLS = "project_calls"


class SaveProjectCall(Command, frozen=True, kw_only=True):
    """Opened or changed; open on both days and between them."""

    call: UUID
    title: Annotated[str, Meta(min_length=4, max_length=100)]
    text: Annotated[str, Meta(min_length=4, max_length=10_000)]
    begins: date
    ends: date


class RemoveProjectCall(Command, frozen=True, kw_only=True):
    call: UUID


class ProjectCallSaved(Event, frozen=True, kw_only=True):
    call: UUID
    title: str
    text: str
    begins: date
    ends: date


class ProjectCallRemoved(Event, frozen=True, kw_only=True):
    call: UUID


class ProjectCallRow(msgspec.Struct, frozen=True, kw_only=True):
    """`ideas`: what came of it; `left`: not yet collated; `taken`: taken into a project."""

    id: UUID
    title: str
    text: str
    begins: date
    ends: date
    ideas: int
    left: int
    taken: int


async def _there(conn: Connection, command: RemoveProjectCall, _actor: Actor) -> bool:
    return await conn.fetchval(Q["call_there"], command.call) is not None


async def _nothing(_conn: Connection, _command: Any, _actor: Actor) -> None:
    return None


def save(_facts: None, command: SaveProjectCall, _actor: Actor, _at: datetime) -> Decision:
    if command.ends < command.begins:
        raise Refused("截止日期不能早于开始日期，请检查。", "It ends before it begins; check the days.", field="ends")
    event = ProjectCallSaved(call=command.call, title=command.title, text=command.text, begins=command.begins, ends=command.ends)
    return Decision(writes=(Write(f"law-call-{command.call}", ANY, (event,)),), result={"call": str(command.call)})


def remove(there: bool, command: RemoveProjectCall, _actor: Actor, _at: datetime) -> Decision:
    if not there:
        raise NotFound("没有这次征集，可能已被删除。", "There is no such call; it may have been removed.", field="call")
    return Decision(writes=(Write(f"law-call-{command.call}", ANY, (ProjectCallRemoved(call=command.call),)),))


async def calls(conn: Connection, _params: NoParams, _actor: Actor) -> Page:
    rows = await conn.fetch(Q["calls"])
    return Page([msgspec.convert(dict(row), ProjectCallRow) for row in rows], len(rows))


CALL_COMMANDS = (
    Decides(command=SaveProjectCall, permission=P.LEGISLATE, decide=save, facts=_nothing),
    Decides(command=RemoveProjectCall, permission=P.LEGISLATE, decide=remove, facts=_there),
)
CALL_EVENTS = (ProjectCallSaved, ProjectCallRemoved)
CALL_VIEWS = (View(name=CALLS, params=NoParams, row=ProjectCallRow, permission=P.SELF, fetch=calls),)
