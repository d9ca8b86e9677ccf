"""Published documents of the matter one writes about (相关文件): laws, news and papers whose titles share its rarer words. Pure but for the titles."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log
from typing import Any
from uuid import UUID

import msgspec

from hub.kernel.actor import Actor
from hub.record import Connection
from hub.search.messages import RelatedRow, SimilarParams
from hub.search.store import Q
from hub.search.text import fold
from hub.search.views import seen_by

MOST_TITLES = 5_000
MOST = 3
TRADE = re.compile("|".join((
    "关于", "进一步", "加强", "加快", "推进", "促进", "完善", "提升", "提高", "优化", "规范", "推动", "建立", "健全", "设立", "修改", "实施", "若干", "有关",
    "建议", "议案", "意见", "条例", "办法", "规定", "决定", "决议", "草案", "通知", "报告", "制定", "管理", "工作", "问题", "情况", "中华人民共和国", "中国",
    "的", "和", "与", "及", "对", "等", "全国", "全省", "全市", "我市", "本市", "城市", "浙江省", "省人民代表大会", "人民代表大会", "常务委员会", "人民政府", "人大常委会", "代表", "某市")))
"""Words that every title and every draft has: they say nothing of the matter."""
LEAST_RARE = 0.5
"""How much rarer than a word of every title the rarest shared word has to be: 1 is a word of one title alone."""
FROM_TITLE = 3.0
"""A word of the draft's own title says more of its matter than one of its text."""


class Kin(msgspec.Struct, frozen=True):
    """`place`: which of the titles. `words`: what it shares with the draft, as long as it goes on."""

    place: int
    score: float
    words: tuple[str, ...]


async def akin(conn: Connection, params: SimilarParams, actor: Actor) -> list[RelatedRow]:
    if not (params.title + params.text).strip():
        return []
    rows = await conn.fetch(Q["titles"], *seen_by(actor), MOST_TITLES)
    found = await asyncio.to_thread(nearest, params.title, params.text, [row["title"] for row in rows])
    return [_row(rows[one.place], one) for one in found]


def _row(row: Any, kin: Kin) -> RelatedRow:
    return RelatedRow(id=UUID(str(row["id"])), kind=row["kind"], stream=row["stream"], title=row["title"], at=row["at"], url=row["url"],
                      likeness=round(kin.score, 4), words=kin.words)


def nearest(title: str, text: str, titles: Sequence[str], most: int = MOST) -> list[Kin]:
    """The titles that share the draft's rarest words, the nearest first."""
    folded = [_matter(one) for one in titles]
    had = Counter(pair for one in folded for pair in set(pairs_of(one)))
    weights = dict.fromkeys(pairs_of(_matter(text)), 1.0) | dict.fromkeys(pairs_of(_matter(title)), FROM_TITLE)
    found = [kin for place, one in enumerate(folded) if (kin := _kin(place, one, weights, had, len(folded)))]
    return sorted(found, key=lambda one: -one.score)[:most]


def _matter(text: str) -> str:
    return TRADE.sub(" ", fold(text))


def _kin(place: int, title: str, weights: dict[str, float], had: Counter[str], of: int) -> Kin | None:
    shared = [pair for pair in dict.fromkeys(pairs_of(title)) if pair in weights]
    rare = {pair: 1 - log(had[pair]) / log(of + 1) for pair in shared}
    if not shared or max(rare.values()) < LEAST_RARE:
        return None
    score = sum(weights[pair] * rare[pair] ** 2 for pair in shared) / (1 + log(1 + len(title)))
    return Kin(place, score, tuple(_runs(title, {pair for pair in shared if rare[pair] >= LEAST_RARE})))


def pairs_of(folded: str) -> Iterator[str]:
    """Two letters or figures side by side; marks and blanks part words."""
    yield from (one + two for one, two in pairwise(folded) if one.isalnum() and two.isalnum())


def _runs(title: str, shared: set[str]) -> Iterator[str]:
    """Pairs that overlap are one word."""
    run = ""
    for one, two in pairwise(f"{title} "):
        if one + two in shared:
            run = run + two if run else one + two
        elif run:
            yield run
            run = ""
