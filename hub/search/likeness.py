"""What a draft resembles: by its letters (查重), and, where the extra is installed, by its meaning."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hub.kernel.actor import Actor
from hub.record import Connection
from hub.search.messages import PassageRow, Same, SimilarParams, SimilarRow
from hub.search.passages import Passage, Report, compare
from hub.search.store import Q
from hub.search.text import LONGEST_QUERY
from hub.search.views import seen_by
from hub.search.winnow import fingerprints
from hub.spoke import Page

CANDIDATES = 12
"""Documents with the most fingerprints of the draft: these are compared letter by letter."""
MOST = 5
LEAST_FIRM = 0.15
"""The part of a draft in firm passages below which it shares the phrases of its trade and nothing is said."""


async def similar(conn: Connection, params: SimilarParams, actor: Actor) -> Page:
    draft = params.text or params.title
    prints = await asyncio.to_thread(fingerprints, draft)
    if not prints:
        return Page([], 0)
    rows = await conn.fetch(Q["alike"], sorted(prints), *seen_by(actor), params.stream, params.case, CANDIDATES)
    theirs = await texts(conn, [row["id"] for row in rows])
    reports = await asyncio.to_thread(_compared, draft, [theirs[row["id"]] for row in rows])
    found = [_row(row, draft, theirs[row["id"]], report) for row, report in zip(rows, reports, strict=True) if report.firm >= LEAST_FIRM]
    found.sort(key=lambda one: -one.ratio)
    return Page(found[:MOST], len(found[:MOST]))


def _compared(draft: str, others: Sequence[str]) -> list[Report]:
    return [compare(draft, other) for other in others]


async def texts(conn: Connection, documents: Sequence[UUID]) -> dict[UUID, str]:
    """Their paragraphs, joined by line feeds; where a long one stands in pieces, whole again."""
    paragraphs = defaultdict[UUID, list[str]](list)
    for row in await conn.fetch(Q["texts"], documents) if documents else ():
        if row["start"]:
            paragraphs[row["document"]][-1] += row["text"][LONGEST_QUERY:]
        else:
            paragraphs[row["document"]].append(row["text"])
    return {one: "\n".join(paragraphs[one]) for one in documents}


def _row(row: Any, draft: str, other: str, report: Report) -> SimilarRow:
    return SimilarRow(
        id=row["id"], kind=row["kind"], stream=row["stream"], title=row["title"], at=row["at"], url=row["url"], ratio=round(report.ratio, 4),
        passages=tuple(_side_by_side(passage, draft, other) for passage in report.passages))


def _side_by_side(passage: Passage, draft: str, other: str) -> PassageRow:
    return PassageRow(
        mine=passage.start, mine_text=draft[passage.start:passage.end],
        theirs=passage.their_start, theirs_text=other[passage.their_start:passage.their_end],
        same=tuple(Same(run.ours, run.theirs, run.length) for run in passage.runs))
