"""What a search may ask for, and what it shows. Places count characters (code points) of the text as it is shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.search.text import LONGEST_QUERY

Kind = Annotated[str, Meta(max_length=40)]
Title = Annotated[str, Meta(max_length=500)]
Draft = Annotated[str, Meta(max_length=50_000)]


class SearchParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kinds`: kinds or streams; none means all. Words parted by blanks are looked for as typed, and one by one where that finds nothing."""

    q: Annotated[str, Meta(min_length=1, max_length=LONGEST_QUERY)]
    kinds: Annotated[tuple[Kind, ...], Meta(max_length=20)] = ()
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=100)] = 20


class NamesParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`q`: a name, or its pinyin or initials."""

    q: Annotated[str, Meta(min_length=1, max_length=LONGEST_QUERY)]
    limit: Annotated[int, Meta(ge=1, le=50)] = 10


class SimilarParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft. `stream` narrows to one kind of documents; `case` is left out: the draft itself."""

    title: Title = ""
    text: Draft = ""
    stream: Kind = ""
    case: UUID | None = None


class Mark(msgspec.Struct, frozen=True):
    start: int
    end: int


class FoundText(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph (0: the title) or a part of a long one, from `start` in it; `marks` are places in `text`."""

    paragraph: int
    start: int
    text: str
    marks: tuple[Mark, ...]


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """What every row says of the document it is about. `url`: where the apps show it."""

    id: UUID
    kind: str
    stream: str
    title: str
    at: datetime
    url: str


class SearchRow(DocumentRow, frozen=True, kw_only=True):
    """`hits`: paragraphs with the words in them, of which the first few stand in `found`."""

    hits: int
    found: tuple[FoundText, ...]


class NameRow(msgspec.Struct, frozen=True, kw_only=True):
    """`id`: `person:…`, or an organisation's. `kind`: person, or the organisation's kind."""

    id: str
    kind: str
    name: str
    place: str


class Same(msgspec.Struct, frozen=True):
    """`length` characters that are alike at `mine` in the draft and at `theirs` in the document."""

    mine: int
    theirs: int
    length: int


class PassageRow(msgspec.Struct, frozen=True, kw_only=True):
    """Side by side: `mine_text` stands at `mine` in the draft, `theirs_text` at `theirs` in the document's paragraphs, joined by line feeds."""

    mine: int
    mine_text: str
    theirs: int
    theirs_text: str
    same: tuple[Same, ...]


class SimilarRow(DocumentRow, frozen=True, kw_only=True):
    """`ratio`: the part of the draft's letters that stands in this document (查重率), 0 to 1."""

    ratio: float
    passages: tuple[PassageRow, ...]


class RelatedRow(DocumentRow, frozen=True, kw_only=True):
    """Of the same matter. `words`: those that its title shares with the draft; none where it is near by its meaning alone, and `likeness`
    then is the cosine of their meanings. To order by, never to decide by."""

    likeness: float
    words: tuple[str, ...] = ()


class AbilityRow(msgspec.Struct, frozen=True, kw_only=True):
    """Whether related documents are suggested (近义提示), why not, and how many documents wait to be understood."""

    id: str
    on: bool
    zh: str
    en: str
    documents: int
    waiting: int
