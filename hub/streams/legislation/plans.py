"""年度立法计划: the sixteen fields of each project of a year (S1-C06), on the screen and as a spreadsheet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.cases import shapes_of
from hub.cases.names import Names, names_of
from hub.directory.spreadsheet import write_csv, write_xlsx
from hub.kernel.actor import CITY, Actor, Permission
from hub.kernel.errors import Forbidden, Malformed
from hub.record import Connection, load_sql
from hub.spoke import Page, View
from hub.streams.legislation.facts import Project
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.words import WORDS

Q = load_sql(__package__)
P = Permission
FIRST_YEAR, LAST_YEAR = 2000, 2100
OUTSIDE = frozenset({"library", "dropped"})
"""States in which a project is in no plan."""


class LawPlanParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)]


class LawPlanRow(msgspec.Struct, frozen=True, kw_only=True):
    """The sixteen fields after `id`; words as they are read, days as dates."""

    id: UUID
    number: str
    title: str
    kind: str
    level: str
    subject: str
    source: str
    proposer: str
    drafting: str
    committee_name: str
    contact: str
    submit_on: date | None
    first_on: date | None
    second_on: date | None
    third_on: date | None
    state: str
    note: str


HEADINGS = ("编号", "项目名称", "项目类型", "项目层级", "立法事项", "项目来源", "提案人", "起草单位", "责任委员会", "联系人", "提请审议日期",
            "一审日期", "二审日期", "三审日期", "状态", "备注")
WIDTHS = (20, 36, 12, 12, 20, 12, 18, 20, 20, 12, 14, 12, 12, 12, 14, 30)
ORDER = {"formal": 0, "reserve": 1, "research": 2}


def oversees(actor: Actor) -> bool:
    """Projects are the city's: a district's desk sees what everybody may."""
    return CITY in actor.scopes and (actor.may(P.LEGISLATE) or actor.may(P.COMMITTEE))


def require_overseer(actor: Actor) -> None:
    if not oversees(actor):
        raise Forbidden("立法项目总表由法工委和主任会议查看。", "Legislative affairs and the chairpersons look at all projects.")


async def plan_of(conn: Connection, year: int, *, public: bool = False) -> list[LawPlanRow]:
    """Formal projects first. `public`: what everybody may read, once the plan has been set."""
    rows = await conn.fetch(Q["projects"], public)
    found = [(row, _project(row)) for row in rows if row["state"] not in OUTSIDE]
    of_year = [(row, facts) for row, facts in found if facts.year == year]
    names = await names_of(conn, {unit for row, _ in of_year for unit in row["units"]})
    of_year.sort(key=lambda one: (ORDER.get(one[1].level, len(ORDER)), one[0]["opened"], one[0]["id"]))
    return [_row(row, facts, names) for row, facts in of_year]


def _project(row: Any) -> Project:
    facts: Project = shapes_of(LEGISLATION.name).loaded(row["body"], 0).facts
    return facts


def _row(row: Any, facts: Project, names: Names) -> LawPlanRow:
    return LawPlanRow(
        id=row["id"], number=row["number"], title=facts.title, kind=_word("kind", facts.kind), level=_word("level", facts.level),
        subject=_word("subject", facts.subject), source=_word("source", facts.source), proposer=facts.proposer,
        drafting="、".join(names.get(unit, unit) for unit in row["units"]), committee_name=facts.committee_name, contact=facts.contact,
        submit_on=facts.submit_on, first_on=facts.first_on, second_on=facts.second_on, third_on=facts.third_on,
        state=LEGISLATION.state(row["state"]).zh, note=facts.note)


def _word(table: str, code: str) -> str:
    return WORDS[table].get(code, (code, code))[0]


async def plan(conn: Connection, params: LawPlanParams, actor: Actor) -> Page:
    require_overseer(actor)
    rows = await plan_of(conn, params.year)
    return Page(rows, len(rows))


async def export_plan(conn: Connection, actor: Actor, query: Mapping[str, str], format: Literal["xlsx", "csv"]) -> bytes:
    """`which` is the year. Raises Forbidden, Malformed."""
    require_overseer(actor)
    year = query.get("which", "")
    if not (year.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise Malformed("请写明计划年度，例如 2026。", "Say which year, e.g. 2026.", field="which")
    rows = await plan_of(conn, int(year))
    return await asyncio.to_thread(_sheet, [msgspec.structs.astuple(row)[1:] for row in rows], year, format)


def _sheet(rows: list[tuple[Any, ...]], year: str, format: Literal["xlsx", "csv"]) -> bytes:
    lines = [tuple("" if value is None else str(value) for value in row) for row in rows]
    return write_csv(HEADINGS, lines) if format == "csv" else write_xlsx(HEADINGS, lines, WIDTHS, f"{year}年立法计划")


PLAN_VIEWS = (View(name="legislation_plan", params=LawPlanParams, row=LawPlanRow, permission=P.SELF, fetch=plan),)
