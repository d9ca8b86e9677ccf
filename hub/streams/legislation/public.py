"""What citizens read without signing in: drafts with their articles, what was answered, calls, the plan of the year. Nothing that
somebody said is shown before legislative affairs has answered it, and nobody's name at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.cases import shapes_of
from hub.cases.names import Names, names_of
from hub.kernel.errors import NotFound
from hub.record import Connection, load_sql
from hub.search.articles import law_text
from hub.streams.legislation.comments import CAME, VERDICTS
from hub.streams.legislation.facts import Edition, Project, open_edition
from hub.streams.legislation.model import LEGISLATION
from hub.streams.legislation.words import KINDS

Q = load_sql(__package__)
PAGE = 20
MOST_OWN = 50


class PublicDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft that is or was open for comment. `open`: today. Comments that were set aside count nowhere."""

    id: UUID
    title: str
    number: str
    kind_zh: str
    kind_en: str
    state_zh: str
    state_en: str
    unit_name: str
    open: bool
    until: date
    comments: int
    adopted: int
    partly: int
    refused: int


class PublicArticle(msgspec.Struct, frozen=True, kw_only=True):
    """`name` as a comment names it, e.g. 第3条; `under`: the headings above it."""

    name: str
    title: str
    under: tuple[str, ...]
    text: str
    comments: int


class PublicPaper(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    size: int
    url: str


class PublicText(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it was opened for comment, with its explanation; `whole`: comments on no single article."""

    draft: PublicDraft
    preamble: tuple[str, ...]
    articles: tuple[PublicArticle, ...]
    whole: int
    papers: tuple[PublicPaper, ...]
    notice: str


class PublicAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`text` empty: the words are kept from the public, the answer is not."""

    id: str
    article: str
    came_zh: str
    came_en: str
    text: str
    verdict: str
    verdict_zh: str
    verdict_en: str
    reason: str
    at: datetime
    answered: datetime | None


class PublicAnswers(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[PublicAnswer, ...]
    total: int


class OwnComment(msgspec.Struct, frozen=True, kw_only=True):
    """What became of something one said: `verdict` empty while it waits, `aside` where it is not dealt with."""

    id: UUID
    number: str
    project: UUID
    draft: str
    article: str
    text: str
    verdict: str
    reason: str
    at: datetime
    answered: datetime | None


class PublicCall(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    title: str
    text: str
    begins: date
    ends: date


def facts_of(row: Any) -> Project:
    facts: Project = shapes_of(LEGISLATION.name).loaded(row["body"], 0).facts
    return facts


def is_open(row: Any, facts: Project, today: date) -> bool:
    return row["state"] == "comment" and facts.comment_until is not None and today <= facts.comment_until


async def drafts(conn: Connection, today: date) -> list[PublicDraft]:
    """Those that are open, the first to close first; then those that were, the latest first."""
    rows = [(row, facts_of(row)) for row in await conn.fetch(Q["projects"], True)]
    shown = [(row, facts) for row, facts in rows if facts.comment_until and facts.editions]
    names = await names_of(conn, {unit for row, _ in shown for unit in row["units"]})
    totals = await _totals(conn, [row["id"] for row, _ in shown])
    found = [_draft(row, facts, names, totals, today) for row, facts in shown]
    return sorted(found, key=lambda one: (not one.open, one.until.toordinal() * (1 if one.open else -1)))


async def _totals(conn: Connection, projects: Sequence[UUID]) -> dict[UUID, Any]:
    return {row["project"]: row for row in await conn.fetch(Q["comment_totals"], list(projects))}


def _draft(row: Any, facts: Project, names: Names, totals: dict[UUID, Any], today: date) -> PublicDraft:
    state, kind, counted = LEGISLATION.state(row["state"]), KINDS.get(facts.kind, (facts.kind, facts.kind)), totals.get(row["id"])
    return PublicDraft(
        id=row["id"], title=facts.title, number=row["number"], kind_zh=kind[0], kind_en=kind[1], state_zh=state.zh, state_en=state.en,
        unit_name="、".join(names.get(unit, unit) for unit in row["units"]), open=is_open(row, facts, today),
        until=facts.comment_until or today, **{name: counted[name] if counted else 0 for name in ("comments", "adopted", "partly", "refused")})


async def open_project(conn: Connection, project: UUID) -> tuple[Any, Project, Edition]:
    """Raises NotFound, alike for what is not there and what is not for the public."""
    row = await conn.fetchrow(Q["open_project"], project)
    facts = facts_of(row) if row else None
    edition = open_edition(facts) if facts and facts.comment_until else None
    if facts is None or edition is None:
        raise NotFound("没有这部公开征求意见的草案，可能已经撤回。", "There is no such draft open to the public.", code="no-draft")
    return row, facts, edition


async def text(conn: Connection, project: UUID, today: date) -> tuple[PublicText, tuple[UUID, ...]]:
    """The draft, and the files of its explanation."""
    row, facts, edition = await open_project(conn, project)
    names, totals = await names_of(conn, row["units"]), await _totals(conn, [project])
    said = Counter({one["article"]: one["comments"] for one in await conn.fetch(Q["said_of_articles"], project, edition.n)})
    law = law_text(edition.text)
    articles = tuple(PublicArticle(name=one.name, title=one.title, under=one.under, text=one.text, comments=said[one.name]) for one in law.articles)
    shown = PublicText(draft=_draft(row, facts, names, totals, today), preamble=law.preamble, articles=articles, whole=said[""], papers=(),
                       notice=facts.notice)
    return shown, _explanation(facts, edition)


def _explanation(facts: Project, edition: Edition) -> tuple[UUID, ...]:
    """Of the text itself, or of the one before that had one."""
    return next((one.files for one in reversed(facts.editions) if one.n <= edition.n and one.files), ())


async def answers(conn: Connection, project: UUID, article: str | None, page: int) -> PublicAnswers:
    _, _, edition = await open_project(conn, project)
    rows = await conn.fetch(Q["answered_comments"], project, edition.n, article, PAGE, (page - 1) * PAGE)
    return PublicAnswers(rows=tuple(map(_answer, rows)), total=rows[0]["total"] if rows else 0)


def _answer(row: Any) -> PublicAnswer:
    came, verdict = CAME.get(row["came"], ("公众", "Public")), VERDICTS[row["verdict"]]
    return PublicAnswer(
        id=row["number"], article=row["article"], came_zh=came[0], came_en=came[1], text="" if row["hidden"] else row["text"],
        verdict=row["verdict"], verdict_zh=verdict[0], verdict_en=verdict[1], reason=row["reason"], at=row["at"], answered=row["answered"])


async def own(conn: Connection, ids: Iterable[UUID]) -> list[OwnComment]:
    """By the numbers that only the sender's browser knows."""
    rows = await conn.fetch(Q["own_comments"], list(ids)[:MOST_OWN])
    return [OwnComment(**dict(row)) for row in rows]


async def calls(conn: Connection, today: date) -> list[PublicCall]:
    return [PublicCall(**dict(row)) for row in await conn.fetch(Q["open_calls"], today)]
