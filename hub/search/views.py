"""What is found. Nobody finds what they may not see: each query is limited to the asker's refs, desks and scopes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from hub.directory.messages.params import NoParams, PeopleParams
from hub.directory.views import organisations, people
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.kernel.errors import Refused
from hub.kernel.lifecycle import DESK, refs_of
from hub.record import Connection
from hub.search.messages import (
    FoundText,
    Mark,
    NameRow,
    NamesParams,
    SearchParams,
    SearchRow,
)
from hub.search.store import Q
from hub.search.text import fold, places, query_of, words_of
from hub.spoke import Page

IN_PLACE = 3
"""Paragraphs that are shown of a document."""


def seen_by(actor: Actor) -> tuple[list[str], list[str], list[str]]:
    """As what an actor sees documents: refs, desks, scopes."""
    refs = sorted(refs_of(actor))
    return refs, [ref for ref in refs if ref.startswith(DESK)], list(actor.scopes)


async def search(conn: Connection, params: SearchParams, actor: Actor, *, clock: Clock) -> Page:
    """First what was typed, as it stands; where that is nowhere, documents that have each of its words."""
    words = words_of(params.q)
    if not words:
        raise Refused("请输入要查找的字词。", "Say what to look for.", code="nothing-to-find", field="q")
    for wanted in dict.fromkeys(((fold(params.q).strip(),), words)):
        page = await _found(conn, wanted, params, actor, clock)
        if page.total:
            return page
    return Page([], 0)


async def _found(conn: Connection, words: Sequence[str], params: SearchParams, actor: Actor, clock: Clock) -> Page:
    given = ([query_of(word) for word in words], list(words), *seen_by(actor), list(params.kinds))
    skipped = (params.page - 1) * params.size
    found = await conn.fetch(Q["search"], *given, params.size, skipped, clock.now(), IN_PLACE)
    if not found and skipped:
        first = await conn.fetch(Q["search"], *given, 1, 0, clock.now(), 1)
        return Page([], first[0]["matching"] if first else 0)
    rows = [_row(list(paragraphs), words) for _, paragraphs in groupby(found, key=itemgetter("id"))]
    return Page(rows, found[0]["matching"] if found else 0)


def _row(paragraphs: Sequence[Any], words: Sequence[str]) -> SearchRow:
    first = paragraphs[0]
    return SearchRow(
        id=first["id"], kind=first["kind"], stream=first["stream"], title=first["title"], at=first["at"], url=first["url"], hits=first["hits"],
        found=tuple(FoundText(paragraph=one["place"], start=one["start"], text=one["text"], marks=marks_of(one["folded"], words))
                    for one in paragraphs))


def marks_of(folded: str, words: Iterable[str]) -> tuple[Mark, ...]:
    """Where the words stand; where they touch or overlap it is one mark."""
    marks: list[Mark] = []
    for start, end in sorted(place for word in words for place in places(folded, word)):
        if marks and start <= marks[-1].end:
            marks[-1] = Mark(marks[-1].start, max(end, marks[-1].end))
        else:
            marks.append(Mark(start, end))
    return tuple(marks)


async def names(conn: Connection, params: NamesParams, actor: Actor) -> Page:
    """Organisations before people, as far as the directory shows them to the asker."""
    wanted = fold(params.q).strip()
    places_found = [
        NameRow(id=one.id, kind=one.kind, name=one.name, place=one.short_name)
        for one in (await organisations(conn, NoParams(), actor)).rows if wanted and one.active and wanted in fold(one.name)]
    persons: Sequence[Any] = (await people(conn, PeopleParams(text=wanted, limit=params.limit), actor)).rows if wanted else ()
    rows = [*places_found, *(NameRow(id=f"person:{one.id}", kind="person", name=one.name, place=one.org_name) for one in persons)]
    return Page(rows[:params.limit], len(rows))
