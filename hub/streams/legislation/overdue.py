"""超期督办: every deadline that was missed, who was told, what was answered; and what was criticised in writing (S1-C10 to C13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from hub.cases import shapes_of
from hub.cases.names import Names, names_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import Case
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.legislation.facts import Project
from hub.streams.legislation.messages import NoParams
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.plans import require_overseer
from hub.streams.legislation.words import NODES

Q = load_sql(__package__)
Sort = Literal["owed", "criticism"]


class LawOverdueRow(msgspec.Struct, frozen=True, kw_only=True):
    """`what`: the deadline, with the node where it is one. `sort`: an explanation that the law's clock asks for, or a criticism
    somebody wrote (`said`). `answered` None: still owed. `told`, `copies`: who heard of it."""

    id: str
    project: UUID
    title: str
    number: str
    unit_name: str
    sort: Sort
    what_zh: str
    what_en: str
    due: date
    since: date
    until: date | None
    said: str
    by: str
    told: str
    copies: str
    answered: date | None
    answer: str


async def overdue(conn: Connection, _params: NoParams, actor: Actor) -> Page:
    """What is still owed first, the oldest first."""
    require_overseer(actor)
    owed = [dict(row) for row in await conn.fetch(Q["owed"])]
    projects = [dict(row) for row in await conn.fetch(Q["projects"], False)]
    names = await names_of(conn, {unit for row in (*owed, *projects) for unit in row["units"]})
    found = [_owed(row, _case(row), names) for row in owed]
    found += [one for row in projects for one in _criticisms(row, _case(row), names)]
    found.sort(key=lambda one: (one.answered is not None, one.since))
    return Page(found, len(found))


def _case(row: Any) -> Case:
    return shapes_of(LEGISLATION.name).loaded(row["body"], 0)


def _unit(row: dict[str, Any], names: Names) -> str:
    return "、".join(names.get(unit, unit) for unit in row["units"])


def _called(refs: tuple[str, ...]) -> str:
    return "、".join(LEGISLATION.relations.get(ref, (ref, ref))[0] for ref in refs)


def _owed(row: dict[str, Any], case: Case, names: Names) -> LawOverdueRow:
    deadline, facts = LEGISLATION.deadline(row["clock"]), case.facts
    node = next((one.node for one in facts.nodes if one.planned == row["due"]), "") if row["clock"] == "node" else ""
    zh, en = ("·".join(filter(None, pair)) for pair in zip((deadline.zh, deadline.en), NODES.get(node, ("", "")), strict=True))
    return LawOverdueRow(
        id=f"{case.id}/{row['clock']}/{row['due']}", project=case.id, title=facts.title, number=row["number"], unit_name=_unit(row, names),
        sort="owed", what_zh=zh, what_en=en, due=row["due"], since=day_of(row["since"]), until=None, said="", by="", told=_called(deadline.owner),
        copies=_called(deadline.copies), answered=day_of(row["answered"]) if row["answered"] else None, answer=row["text"])


def _criticisms(row: dict[str, Any], case: Case, names: Names) -> Iterator[LawOverdueRow]:
    facts: Project = case.facts
    for n, one in enumerate(facts.criticisms, 1):
        yield LawOverdueRow(
            id=f"{case.id}/criticism/{n}", project=case.id, title=facts.title, number=row["number"], unit_name=_unit(row, names),
            sort="criticism", what_zh="督办意见", what_en="Criticism", due=one.until, since=one.on, until=one.until, said=one.text, by=one.by,
            told=_called(("lead_unit",)), copies="", answered=one.answered, answer=one.answer)


OVERDUE_VIEWS = (View(name="legislation_overdue", params=NoParams, row=LawOverdueRow, permission=Permission.SELF, fetch=overdue),)
