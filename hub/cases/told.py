"""What the hub itself has to tell people of a case, once, beside what its steps and clocks tell: a reminder, a warning."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from hub.cases.deciding import case_and_stream, no_case
from hub.cases.notices import each, keep
from hub.kernel.actor import SYSTEM, Actor
from hub.kernel.errors import Forbidden
from hub.kernel.messages import Command, Event, Recorded
from hub.record import Connection
from hub.spoke import Decision, Touched, Write

Sentence = Annotated[str, Meta(min_length=2, max_length=300)]


class TellOfCase(Command, frozen=True, kw_only=True):
    """The hub asks this of itself. `once`: what it is about; told once for a case. `refs`: people, units, stations, desks. `zh`
    and `en` follow the case's title and end without a full stop. `late`: the hub was away at its hour."""

    case: UUID
    once: Annotated[str, Meta(min_length=1, max_length=80)]
    refs: Annotated[tuple[Annotated[str, Meta(max_length=80)], ...], Meta(min_length=1, max_length=5000)]
    zh: Sentence
    en: Sentence
    urgent: bool = False
    late: bool = False


class CaseTold(Event, frozen=True, kw_only=True):
    case: UUID
    refs: tuple[str, ...]
    zh: str
    en: str
    urgent: bool = False
    late: bool = False


async def is_there(conn: Connection, command: TellOfCase, _actor: Actor) -> bool:
    return await case_and_stream(conn, command.case) is not None


def tell(there: bool, command: TellOfCase, actor: Actor, _at: datetime) -> Decision:
    if actor.id != SYSTEM.id:
        raise Forbidden("提醒由系统自己发出。", "Reminders are sent by the hub itself.", code="not-yours")
    if not there:
        raise no_case()
    event = CaseTold(case=command.case, refs=command.refs, zh=command.zh, en=command.en, urgent=command.urgent, late=command.late)
    return Decision(writes=(Write(f"told-{command.case}", -1, (event,)),), claims=(f"told/{command.case}/{command.once}",))


async def project_told(conn: Connection, fact: Recorded, event: CaseTold, live: bool) -> list[Touched]:
    known = await case_and_stream(conn, event.case)
    if known is None:
        return []
    case, shapes = known
    return await keep(conn, tuple(each(shapes, case, fact, event.refs, event.zh, event.en, urgent=event.urgent, late=event.late)), fact, live)
