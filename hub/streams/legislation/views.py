"""What is shown beside the generic lists: the progress board, templates, shelves, editions side by side, comments by article."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import load_case, no_case, shapes_of
from hub.cases.names import Names, names_of
from hub.kernel.actor import Actor, Permission
from hub.kernel.errors import NotFound, Refused
from hub.kernel.lifecycle import Case, may_see, refs_of
from hub.record import Connection, load_sql
from hub.search.articles import law_text
from hub.search.versions import Line, compare_versions
from hub.spoke import Change, Page, View
from hub.streams.legislation import messages as m
from hub.streams.legislation.calls import CALL_VIEWS
from hub.streams.legislation.comments import CAME
from hub.streams.legislation.facts import Project, open_criticism
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.overdue import OVERDUE_VIEWS
from hub.streams.legislation.papers import PAPER_VIEWS
from hub.streams.legislation.plans import PLAN_VIEWS, oversees, require_overseer
from hub.streams.legislation.projection import BOARD, SHOWN_TO_ALL
from hub.streams.legislation.words import KINDS, NODES

Q = load_sql(__package__)
P = Permission
ROOM = "legislation/board"


def _nodes(project: Project) -> tuple[m.NodeRow, ...]:
    return tuple(m.NodeRow(node=one.node, zh=NODES[one.node][0], en=NODES[one.node][1], planned=one.planned, done=one.done)
                 for one in project.nodes if one.node in NODES)


async def board(conn: Connection, params: m.BoardParams, actor: Actor) -> Page:
    require_overseer(actor)
    found = await _board_rows(conn, params.year, None)
    return Page(found, len(found))


async def board_again(conn: Connection, keys: Sequence[str]) -> Sequence[Change]:
    rows = {str(row.id): row for row in await _board_rows(conn, None, [UUID(key) for key in keys])}
    return [Change(key=key, row=rows.get(key), rooms=_rooms(rows.get(key))) for key in keys]


def _rooms(row: m.BoardRow | None) -> tuple[str, ...]:
    """Who looks at one year hears of that year alone."""
    return (ROOM, f"{ROOM}/{row.year}") if row else (ROOM,)


async def _board_rows(conn: Connection, year: int | None, ids: list[UUID] | None) -> list[m.BoardRow]:
    rows = await conn.fetch(Q["board"], year, ids)
    names = await names_of(conn, {unit for row in rows for unit in row["units"]})
    return [_board_row(dict(row), names) for row in rows]


def _board_row(row: dict[str, Any], names: Any) -> m.BoardRow:
    case = shapes_of(LEGISLATION.name).loaded(row["body"], 0)
    facts: Project = case.facts
    state, kind = LEGISLATION.state(row["state"]), KINDS.get(row["kind"], (row["kind"], row["kind"]))
    unit = row["units"][0] if row["units"] else ""
    return m.BoardRow(
        id=row["id"], number=row["number"], title=row["title"], kind=row["kind"], kind_zh=kind[0], kind_en=kind[1], level=facts.level,
        year=facts.year or row["year"], state=state.name, state_zh=state.zh, state_en=state.en, tone=state.tone, unit=unit,
        unit_name=names.get(unit, unit), nodes=() if state.terminal else _nodes(facts), clocks=_clocks(case), owed=bool(case.owed) or open_criticism(facts) is not None,
        comments=row["comments"], comments_open=row["comments_open"])


def _clocks(case: Case) -> tuple[m.BoardClock, ...]:
    """Those of the law; the planned nodes stand by themselves."""
    running = sorted((one.due, clock) for clock, one in case.clocks.items() if clock != "node")
    return tuple(m.BoardClock(clock=clock, zh=LEGISLATION.deadline(clock).zh, en=LEGISLATION.deadline(clock).en, due=due) for due, clock in running)


def _shelves(actor: Actor) -> list[str] | None:
    """Laws and news are for everybody, the other shelves for who makes them."""
    return None if oversees(actor) else sorted(SHOWN_TO_ALL)


async def documents(conn: Connection, params: m.DocumentsParams, actor: Actor) -> Page:
    rows = await conn.fetch(Q["documents"], params.shelf, params.group, params.q, params.on, params.size, (params.page - 1) * params.size,
                            _shelves(actor), params.since)
    return Page([_document(row) for row in rows], rows[0]["total"] if rows else 0)


async def document(conn: Connection, params: m.OfDocument, actor: Actor) -> Page:
    row, shelves = await conn.fetchrow(Q["document"], params.document), _shelves(actor)
    if row is None or (shelves is not None and row["shelf"] not in shelves):
        raise NotFound("没有这份资料，可能已被删除。", "There is no such document; it may have been removed.", field="document")
    papers = tuple(m.ShelfFile(id=one["id"], name=one["name"], size=one["size"], url=f"/api/files/{one['id']}")
                   for one in await conn.fetch(Q["shelf_files"], row["files"]))
    return Page([msgspec.structs.replace(_document(row), papers=papers)], 1)


async def may_read_shelf_file(conn: Connection, file: UUID, actor: Actor) -> bool:
    shelves = _shelves(actor)
    return any(shelves is None or row["shelf"] in shelves for row in await conn.fetch(Q["shelf_of_file"], file))


def _document(row: Any) -> m.LawDocumentRow:
    fields = {name: row[name] for name in m.LawDocumentRow.__struct_fields__ if name in row}
    return m.LawDocumentRow(**fields | {"files": tuple(row["files"]), "shelf": m.Shelf(row["shelf"])})


async def templates(conn: Connection, _params: m.NoParams, _actor: Actor) -> Page:
    rows = await conn.fetch(Q["templates"])
    return Page([msgspec.convert(dict(row), m.ProjectTemplateRow) for row in rows], len(rows))


async def _project(conn: Connection, project: UUID, actor: Actor) -> Project:
    """Its texts are for who may see it."""
    case = await load_case(conn, project)
    if case is None or not isinstance(case.facts, Project) or not may_see(LEGISLATION, case, actor):
        raise no_case()
    return case.facts


async def editions(conn: Connection, params: m.OfProject, actor: Actor) -> Page:
    facts = await _project(conn, params.project, actor)
    known = {state.name: state for state in LEGISLATION.states}
    rows = [m.EditionRow(n=one.n, of=one.of, of_zh=known[one.of].zh, of_en=known[one.of].en, on=one.on, note=one.note, letters=len(one.text))
            for one in facts.editions]
    return Page(rows, len(rows))


async def edition_text(conn: Connection, params: m.OfEdition, actor: Actor) -> Page:
    facts = await _project(conn, params.project, actor)
    found = [m.EditionText(n=one.n, text=one.text) for one in facts.editions if one.n == params.n]
    return Page(found, len(found))


async def comparison(conn: Connection, params: m.CompareParams, actor: Actor) -> Page:
    facts = await _project(conn, params.project, actor)
    texts = {one.n: one.text for one in facts.editions}
    missing = next((n for n in (params.old, params.new) if n not in texts), None)
    if missing is not None:
        raise Refused(f"没有第{missing}稿，请从文稿列表中选择。", f"There is no edition {missing}; choose from the list.", field="old")
    lines = await asyncio.to_thread(_compared, texts[params.old], texts[params.new])
    rows = [_line(n, line) for n, line in enumerate(lines, 1)]
    return Page(rows, len(rows))


def _compared(old: str, new: str) -> tuple[Line, ...]:
    return compare_versions(law_text(old), law_text(new))


def _line(n: int, line: Line) -> m.ComparisonRow:
    old, new = (tuple(m.ArticleText(name=one.name, text=one.text) for one in side) for side in (line.old, line.new))
    return m.ComparisonRow(id=n, change=line.change.value, old=old, new=new, moved=line.moved, renumbered=line.renumbered,
                           pieces=tuple(m.PieceRow(edit=one.edit.value, text=one.text) for one in line.pieces))


async def articles(conn: Connection, params: m.OfProject, actor: Actor) -> Page:
    await _project(conn, params.project, actor)
    rows = await conn.fetch(Q["articles"], params.project)
    return Page([m.ArticleCountRow(**dict(row)) for row in rows], len(rows))


async def comments(conn: Connection, params: m.CommentsParams, actor: Actor) -> Page:
    """As they came, for who answers them: legislative affairs and the drafting unit."""
    if not await _drafts(conn, params.project, actor):
        require_overseer(actor)
    rows = await conn.fetch(Q["draft_comments"], params.project, params.article, params.verdict, params.size, (params.page - 1) * params.size, params.edition)
    names = await names_of(conn, {row["answerer"] for row in rows if row["answerer"]})
    return Page([_comment(dict(row), names) for row in rows], rows[0]["total"] if rows else 0)


async def _drafts(conn: Connection, project: UUID, actor: Actor) -> bool:
    case = await load_case(conn, project)
    return actor.may(P.HANDLE) and case is not None and case.has("lead_unit", refs_of(actor))


def _comment(row: dict[str, Any], names: Names) -> m.DraftCommentRow:
    row.pop("total")
    came, by = CAME.get(row.pop("came"), ("", "")), row.pop("answerer")
    return m.DraftCommentRow(**row, answered_by=names.get(by, by), came_zh=came[0], came_en=came[1])


def _room(params: m.BoardParams, _actor: Actor) -> str:
    return f"{ROOM}/{params.year}" if params.year else ROOM


VIEWS = (
    View(name=BOARD, params=m.BoardParams, row=m.BoardRow, permission=P.SELF, fetch=board, room=_room, reread=board_again),
    View(name="project_templates", params=m.NoParams, row=m.ProjectTemplateRow, permission=P.LEGISLATE, fetch=templates),
    View(name="law_documents", params=m.DocumentsParams, row=m.LawDocumentRow, permission=P.SELF, fetch=documents),
    View(name="law_document", params=m.OfDocument, row=m.LawDocumentRow, permission=P.SELF, fetch=document),
    View(name="draft_editions", params=m.OfProject, row=m.EditionRow, permission=P.SELF, fetch=editions, key="n"),
    View(name="draft_comparison", params=m.CompareParams, row=m.ComparisonRow, permission=P.SELF, fetch=comparison),
    View(name="edition_text", params=m.OfEdition, row=m.EditionText, permission=P.SELF, fetch=edition_text, key="n"),
    View(name="draft_comments", params=m.CommentsParams, row=m.DraftCommentRow, permission=P.SELF, fetch=comments),
    View(name="comments_by_article", params=m.OfProject, row=m.ArticleCountRow, permission=P.SELF, fetch=articles),
    *CALL_VIEWS, *PLAN_VIEWS, *OVERDUE_VIEWS, *PAPER_VIEWS,
)
