"""过程文档: everything that was handed in for a project, in the standard order of the course, and what is still lacking (S1-C26)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import load_case, no_case
from hub.cases.detail import trail
from hub.cases.params import OfCase
from hub.cases.rows import TrailRow
from hub.cases.shapes import file_fields, words_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.lifecycle import Step, sees_inside
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.legislation.facts import Project
from hub.streams.legislation.messages import OfProject
from hub.streams.legislation.model import LEGISLATION

Q = load_sql(__package__)
SHELVED = ("EnterProject", "PlanProject", "SetPlan", "SubmitBill", "RefuseBill", "HearOpinions", "SendForApproval", "EvaluateLaw")
NEEDED = {("PlanProject", "feasibility"), ("PlanProject", "suggested"), ("SubmitBill", "explanation")}
"""Without these a project goes no further; the other places of the catalogue may stay empty."""


class LawPaperRow(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the catalogue. `file` None: nothing there; `needed`: there must be something."""

    id: str
    step_zh: str
    step_en: str
    what_zh: str
    what_en: str
    needed: bool
    file: UUID | None
    name: str
    size: int
    url: str
    at: datetime | None


async def papers(conn: Connection, params: OfProject, actor: Actor) -> Page:
    """Raises NotFound for who is not inside."""
    case = await load_case(conn, params.project)
    if case is None or not isinstance(case.facts, Project) or not sees_inside(LEGISLATION, case, actor):
        raise no_case()
    taken = await trail(conn, OfCase(params.project), actor)
    found = [*_catalogue(taken)]
    names = {row["id"]: row for row in await conn.fetch(Q["shelf_files"], [one.file for one in found if one.file])}
    rows = [_named(one, names.get(one.file)) for one in found]
    return Page(rows, len(rows))


def _catalogue(taken: Sequence[TrailRow]) -> Iterator[LawPaperRow]:
    for step in LEGISLATION.steps:
        for field in file_fields(step.form):
            held = [(row.at, UUID(file)) for row in taken if row.event == step.event for one in row.fields if one.name == field for file in one.value]
            last = {file: at for at, file in held}
            needed = (step.command, field) in NEEDED
            if last or (step.command in SHELVED and (needed or step.command == "EnterProject")):
                yield from _places(step, field, needed, last)


def _places(step: Step, field: str, needed: bool, held: dict[UUID, datetime]) -> Iterator[LawPaperRow]:
    what = words_of(step.form)[field]
    for file, at in held.items() or ((None, None),):
        yield LawPaperRow(id=f"{step.command}/{field}/{file or ''}", step_zh=step.zh, step_en=step.en, what_zh=what[0], what_en=what[1],
                          needed=needed, file=file, name="", size=0, url="", at=at)


def _named(one: LawPaperRow, row: Any) -> LawPaperRow:
    if row is None:
        return one
    return msgspec.structs.replace(one, name=row["name"], size=row["size"], url=f"/api/files/{row['id']}")


PAPER_VIEWS = (View(name="project_papers", params=OfProject, row=LawPaperRow, permission=Permission.SELF, fetch=papers),)
