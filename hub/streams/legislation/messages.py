"""What is said beside the single projects: templates of projects, the shelves of documents, and what is shown of both."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.kernel.messages import Command, Event
from hub.streams.legislation.rules import NodeRule

Code = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[a-z0-9_-]+$")]
Name = Annotated[str, Meta(min_length=2, max_length=100)]
Nodes = Annotated[tuple[NodeRule, ...], Meta(min_length=1, max_length=30)]
Files = Annotated[tuple[UUID, ...], Meta(max_length=20)]
Text = Annotated[str, Meta(max_length=200_000)]


class Shelf(StrEnum):
    MODEL = "model"        # 立法规范: model letters, drafts, proposals, reports (S1-C13 to C15)
    LAW = "law"            # 法律法规
    ARCHIVE = "archive"    # 立法档案
    EXPERT = "expert"      # 专家
    VIDEO = "video"        # 音像资料
    CLOSED = "closed"      # 办结项目
    NEWS = "news"          # 立法资讯 (S1-C24)


class SaveProjectTemplate(Command, frozen=True, kw_only=True):
    """Made or changed; with `project`, its nodes are taken from that project (S1-C02)."""

    code: Code
    name: Name
    kind: Annotated[str, Meta(max_length=20)]
    nodes: Annotated[tuple[NodeRule, ...], Meta(max_length=30)] = ()
    project: UUID | None = None


class RemoveProjectTemplate(Command, frozen=True, kw_only=True):
    code: Code


class SaveLawDocument(Command, frozen=True, kw_only=True):
    """`valid_from`, `valid_until`: of laws; the day of repeal is the first on which it is not in force."""

    document: UUID
    shelf: Shelf
    title: Name
    group: Annotated[str, Meta(max_length=40)] = ""
    issued_by: Annotated[str, Meta(max_length=100)] = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    text: Text = ""
    files: Files = ()


class RemoveLawDocument(Command, frozen=True, kw_only=True):
    document: UUID


class ProjectTemplateSaved(Event, frozen=True, kw_only=True):
    code: str
    name: str
    kind: str
    nodes: tuple[NodeRule, ...]


class ProjectTemplateRemoved(Event, frozen=True, kw_only=True):
    code: str


class LawDocumentSaved(Event, frozen=True, kw_only=True):
    document: UUID
    shelf: Shelf
    title: str
    group: str = ""
    issued_by: str = ""
    issued_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    text: str = ""
    files: tuple[UUID, ...] = ()


class LawDocumentRemoved(Event, frozen=True, kw_only=True):
    document: UUID


class NoParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class BoardParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None


class DocumentsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`on`: as it was in force on that day (S1-C19); `since`: saved then or later, for who keeps a copy (S1-C28)."""

    shelf: Shelf | None = None
    group: Annotated[str, Meta(max_length=40)] = ""
    q: Annotated[str, Meta(max_length=60)] = ""
    on: date | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    size: Annotated[int, Meta(ge=1, le=100)] = 20


class OfDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    document: UUID


class CompareParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two editions of one project's draft."""

    project: UUID
    old: Annotated[int, Meta(ge=1)]
    new: Annotated[int, Meta(ge=1)]


class OfEdition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    project: UUID
    n: Annotated[int, Meta(ge=1)]


class OfProject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    project: UUID


class CommentsParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`article` "": the whole draft, None: all; `verdict` "": not answered yet, None: all. `edition`: of the text they speak of."""

    project: UUID
    edition: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    article: Annotated[str, Meta(max_length=20)] | None = None
    verdict: Annotated[str, Meta(max_length=20)] | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] = 1
    size: Annotated[int, Meta(ge=1, le=100)] = 50


class ProjectTemplateRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str
    nodes: tuple[NodeRule, ...]


class NodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """Overdue when `planned` has passed and it is not done."""

    node: str
    zh: str
    en: str
    planned: date | None
    done: date | None


class BoardClock(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of the law that runs: the province's approval, filing, comment (S1-C10)."""

    clock: str
    zh: str
    en: str
    due: date


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """A project on the progress board (S1-C27)."""

    id: UUID
    number: str
    title: str
    kind: str
    kind_zh: str
    kind_en: str
    level: str
    year: int
    state: str
    state_zh: str
    state_en: str
    tone: str
    unit: str
    unit_name: str
    nodes: tuple[NodeRow, ...]
    clocks: tuple[BoardClock, ...]
    owed: bool
    """A written explanation or answer is still owed."""
    comments: int
    comments_open: int


class ShelfFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    size: int
    url: str


class LawDocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """In force from the first day to the one before the last (S1-C19); both empty for what is no law."""

    id: UUID
    shelf: Shelf
    title: str
    group: str
    issued_by: str
    issued_on: date | None
    valid_from: date | None
    valid_until: date | None
    files: tuple[UUID, ...]
    at: datetime
    text: str = ""
    papers: tuple[ShelfFile, ...] = ()
    """Of `law_document` alone."""


class EditionRow(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    of: str
    of_zh: str
    of_en: str
    on: date
    note: str
    letters: int


class ArticleCountRow(msgspec.Struct, frozen=True, kw_only=True):
    """Comments on one article of the text that was open then; `article` empty: on the whole."""

    id: str
    edition: int
    article: str
    comments: int
    adopted: int
    partly: int
    refused: int
    aside: int
    open: int


class DraftCommentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One comment with its answer. `hidden`: its words are kept from the public.
    `answered_by`: the drafting unit's name; empty: legislative affairs."""

    id: UUID
    number: str
    article: str
    came_zh: str
    came_en: str
    name: str
    text: str
    verdict: str
    reason: str
    hidden: bool
    edition: int
    at: datetime
    answered: datetime | None
    answered_by: str


class EditionText(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    text: str


class ArticleText(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    text: str


class PieceRow(msgspec.Struct, frozen=True, kw_only=True):
    """`edit`: same, added, removed."""

    edit: str
    text: str


class ComparisonRow(msgspec.Struct, frozen=True, kw_only=True):
    """Articles that belong together, in the order of the new text. `change`: same, changed, added, removed, split, merged."""

    id: int
    change: str
    old: tuple[ArticleText, ...]
    new: tuple[ArticleText, ...]
    moved: bool
    renumbered: bool
    pieces: tuple[PieceRow, ...]
