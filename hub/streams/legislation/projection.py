"""Rows beside the cases: templates, documents (found by search, too), and the comments of each draft as they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from hub.cases import load_case
from hub.kernel.actor import Permission
from hub.kernel.lifecycle import Case, CaseClockStruck, CaseEvent, CaseNoteAnswered
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.search import Document, forget, index
from hub.spoke import Touched
from hub.streams.legislation import messages as m
from hub.streams.legislation.calls import ProjectCallRemoved, ProjectCallSaved
from hub.streams.legislation.comments import COMMENTS, Comment
from hub.streams.legislation.model import LEGISLATION

Q = load_sql(__package__)
BOARD, TEMPLATES, DOCUMENTS = "legislation_board", "project_templates", "law_documents"
TABLES = ("legislation.template", "legislation.document", "legislation.call", "legislation.owed")
COMMENT_TABLES = ("legislation.comment",)
KIND = "law"
OPENED = "legislation.opened"
"""The errand that tells all who are concerned of a draft that was opened for comment."""
DISTRIBUTED = "legislation.distributed"
"""The errand that brings a draft to those who will deliberate on it."""
ERRANDS = {"DraftPublished": OPENED, "BillDistributed": DISTRIBUTED}
SHOWN_TO_ALL = frozenset((m.Shelf.LAW, m.Shelf.NEWS))


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    """Of projects, of the shelves, of calls."""
    touched: list[Touched] = []
    for fact in recorded:
        if fact.stream.startswith(f"{LEGISLATION.noun}-"):
            touched += await _of_project(conn, fact)
        else:
            await _beside(conn, fact)
    return touched


async def _of_project(conn: Connection, fact: Recorded) -> list[Touched]:
    key = fact.stream.removeprefix(f"{LEGISLATION.noun}-")
    match fact.event:
        case CaseClockStruck() as event if event.owes:
            await conn.execute(Q["owe"], UUID(key), event.clock, event.due, fact.at)
        case CaseEvent() if errand := ERRANDS.get(type(fact.event).__name__):
            await Jobs.put(conn, errand, str(fact.id), fact.at, [key, str(fact.id), fact.at.isoformat()])
        case CaseNoteAnswered() as event:
            await conn.execute(Q["owed_is_answered"], UUID(key), event.clock, fact.at, fact.actor, event.text)
    return [(BOARD, key)]


async def _beside(conn: Connection, fact: Recorded) -> None:
    match fact.event:
        case m.ProjectTemplateSaved() as event:
            await conn.execute(Q["save_template"], event.code, event.name, event.kind, msgspec.to_builtins(event.nodes))
        case m.ProjectTemplateRemoved() as event:
            await conn.execute(Q["remove_template"], event.code)
        case m.LawDocumentSaved() as event:
            await _document(conn, event, fact)
        case m.LawDocumentRemoved() as event:
            await conn.execute(Q["remove_document"], event.document)
            await forget(conn, KIND, event.document)
        case ProjectCallSaved() as event:
            await conn.execute(Q["save_call"], event.call, event.title, event.text, event.begins, event.ends)
        case ProjectCallRemoved() as event:
            await conn.execute(Q["remove_call"], event.call)


async def _document(conn: Connection, event: m.LawDocumentSaved, fact: Recorded) -> None:
    await conn.execute(Q["save_document"], event.document, event.shelf.value, event.title, event.group, event.issued_by, event.issued_on,
                       event.valid_from, event.valid_until, event.text, list(event.files), fact.at)
    await conn.executemany(Q["keep_file"], [(event.document, file, fact.version, fact.at, fact.actor) for file in event.files])
    await index(conn, Document(
        kind=KIND, id=event.document, stream="law_documents", title=event.title, paragraphs=tuple(event.text.splitlines()), at=fact.at,
        desks=(Permission.LEGISLATE, Permission.COMMITTEE), public=event.shelf in SHOWN_TO_ALL, url=f"/legislation/documents/{event.document}"))


async def project_comments(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{COMMENTS.noun}-")))
        if case is None or not isinstance(case.facts, Comment):
            continue
        await _comment(conn, case, case.facts)
        touched.append((BOARD, str(case.facts.project)))
    return touched


async def _comment(conn: Connection, case: Case, said: Comment) -> None:
    answered = case.since if COMMENTS.state(case.state).terminal else None
    await conn.execute(Q["save_comment"], case.id, said.project, said.article, said.topic, said.edition, said.kind, said.name, said.text,
                       said.reason, said.confidential, case.opened, answered, said.answerer)
