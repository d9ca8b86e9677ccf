"""One case came from another, or speaks of the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from hub.cases.deciding import case_and_stream, no_case
from hub.cases.messages import CasesRelated, RelateCases
from hub.kernel.actor import Actor
from hub.kernel.errors import Refused
from hub.kernel.lifecycle import may_see, sees_inside
from hub.record import Connection
from hub.spoke import Decision, Write

ANY = -1


class Pair(msgspec.Struct, frozen=True):
    """`mine`: the asker works on the first; `shown`: he may see the other."""

    mine: bool
    shown: bool


async def pair(conn: Connection, command: RelateCases, actor: Actor) -> Pair:
    one, other = await case_and_stream(conn, command.case), await case_and_stream(conn, command.other)
    return Pair(mine=bool(one and sees_inside(one[1].life, one[0], actor)), shown=bool(other and may_see(other[1].life, other[0], actor)))


def relate(known: Pair, command: RelateCases, _actor: Actor, _at: datetime) -> Decision:
    if not (known.mine and known.shown):
        raise no_case()
    if command.case == command.other:
        raise Refused("事项不能与自己关联，请选择另一件。", "A case cannot be related to itself; choose another.", field="other")
    related = CasesRelated(case=command.case, other=command.other, kind=command.kind)
    return Decision(writes=(Write(relation_stream(command.case), ANY, (related,)),))


def relation_stream(case: UUID) -> str:
    return f"relations-{case}"
