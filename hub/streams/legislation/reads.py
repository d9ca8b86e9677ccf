"""What guards look at beside the case: templates, open comments, the draft a comment speaks of."""

from __future__ import annotations

from typing import Any

import msgspec

from hub.cases import Reads, load_case
from hub.kernel.actor import Actor
from hub.record import Connection, load_sql
from hub.search.articles import law_text
from hub.streams.legislation.comments import OpenDraft
from hub.streams.legislation.facts import Project, open_edition
from hub.streams.legislation.rules import NodeRule
from hub.streams.legislation.seen import Seen

Q = load_sql(__package__)


async def templates(conn: Connection, command: Any, _actor: Actor) -> Seen:
    rows = await conn.fetch(Q["templates"])
    return Seen(templates={row["id"]: msgspec.convert(row["nodes"], tuple[NodeRule, ...]) for row in rows})


async def comments_left(conn: Connection, command: Any, _actor: Actor) -> Seen:
    return Seen(comments_open=await conn.fetchval(Q["comments_open"], command.case))


async def project_of(conn: Connection, command: Any) -> Project | None:
    case = await load_case(conn, command.form.project)
    return case.facts if case and isinstance(case.facts, Project) else None


async def draft(conn: Connection, command: Any, _actor: Actor) -> OpenDraft | None:
    case = await load_case(conn, command.form.project)
    if case is None or not isinstance(case.facts, Project):
        return None
    text = open_edition(case.facts)
    numbers = frozenset(one.name for one in law_text(text.text).articles) if text else frozenset[str]()
    return OpenDraft(title=case.facts.title, state=case.state, until=case.facts.comment_until, articles=numbers, edition=text.n if text else 0,
                     units=case.parties.get("lead_unit", ()))


async def project_there(conn: Connection, command: Any, _actor: Actor) -> bool:
    return await project_of(conn, command) is not None


READS: dict[str, Reads] = {
    **dict.fromkeys(("EnterProject", "EditProject", "PlanProject"), templates),
    **dict.fromkeys(("DistributeBill", "PrepareVote"), comments_left),
}
