"""Rows beside the cases: templates, documents (found by search, too), and the comments of each draft as they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from hub.cases import load_case
from hub.kernel.actor import Permission
from hub.kernel.messages import Recorded
from hub.record import Connection, load_sql
from hub.search import Document, forget, index
from hub.spoke import Touched
from hub.streams.legislation import messages as m
from hub.streams.legislation.comments import COMMENTS, Comment
from hub.streams.legislation.model import LEGISLATION

Q = load_sql(__package__)
BOARD, TEMPLATES, DOCUMENTS = "legislation_board", "project_templates", "law_documents"
TABLES = ("legislation.template", "legislation.document")
COMMENT_TABLES = ("legislation.comment",)
KIND = "law"
SHOWN_TO_ALL = frozenset((m.Shelf.LAW, m.Shelf.NEWS))


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    """Of projects and of the shelves."""
    touched: list[Touched] = []
    for fact in recorded:
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
            case _ if fact.stream.startswith(f"{LEGISLATION.noun}-"):
                touched.append((BOARD, fact.stream.removeprefix(f"{LEGISLATION.noun}-")))
    return touched


async def _document(conn: Connection, event: m.LawDocumentSaved, fact: Recorded) -> None:
    await conn.execute(Q["save_document"], event.document, event.shelf.value, event.title, event.group, event.issued_by, event.issued_on,
                       event.valid_from, event.valid_until, event.text, list(event.files), fact.at)
    await index(conn, Document(
        kind=KIND, id=event.document, stream="law_documents", title=event.title, paragraphs=tuple(event.text.splitlines()), at=fact.at,
        desks=(Permission.LEGISLATE, Permission.COMMITTEE), public=event.shelf in SHOWN_TO_ALL, url=f"/legislation/documents/{event.document}"))


async def project_comments(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{COMMENTS.noun}-")))
        if case is None or not isinstance(case.facts, Comment):
            continue
        await conn.execute(Q["save_comment"], case.id, case.facts.project, case.facts.article, case.facts.topic)
        touched.append((BOARD, str(case.facts.project)))
    return touched
