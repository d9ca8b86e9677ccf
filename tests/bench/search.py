"""Search and duplicates on a month of the People's Daily: found beside LIKE, size, speed; copies and false alarms; and, where the
extra is installed, the same matter in other words. Texts stand in `load/prose.py`, pairs in `load/search/`."""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hub.kernel.actor import Actor, Permission, Role
from hub.kernel.clock import SetClock
from hub.kernel.ids import derived
from hub.record import Connection, Database, PostgresServer, run_migrations
from hub.record.audit import containing
from hub.search import Document, index
from hub.search.likeness import similar
from hub.search.meaning import Sentences
from hub.search.messages import SearchParams, SimilarParams, SimilarRow
from hub.search.store import Q, installed
from hub.search.text import LONGEST_QUERY, fold, query_of
from hub.search.views import search
from hub.search.winnow import letters
from tests.bench.figure import Figure, at_least, at_most, median, percentile, scratch
from tests.bench.load.prose import Copy, Copyist, Words, articles, paragraphs, sentences

AT = datetime(2026, 3, 2, tzinfo=UTC)
CLOCK = SetClock(AT)
DESK = Actor(id="account:desk", name="代表工委", roles=(Role.INTAKE,), scopes=("city",))
SEEN = (["account:desk"], [f"desk:{Permission.INTAKE}"], ["city"])
LIKE = "select document, place from search.paragraph where folded like $1"
ROWS = "select document, place from search.paragraph where search.pairs(folded) @@ $1::tsquery and strpos(folded, $2) > 0"
PAIRS = Path(__file__).parent / "load" / "search"
LEAST_CASE = 122
"""Characters of a case in the duplicate check, so that there are more than 8,000."""
COPIED_RUN = 13
"""Letters in a row that count as copied: a text without such a run copied nothing, and to name it is a false alarm."""


async def run(quick: bool) -> list[Figure]:
    prose = await paragraphs()
    with scratch() as folder:
        async with PostgresServer(folder / "server") as server:
            await run_migrations(server.dsn)
            async with Database.open(server.dsn) as db:
                figures = await finding(db, prose[:4_000] if quick else prose, quick)
                async with db.transaction() as conn:
                    await conn.execute("truncate search.document cascade")
                figures += await copying(db, prose, quick)
    return [*figures, *(meaning() if installed() else [])]


# --- finding --------------------------------------------------------------------------------------


async def finding(db: Database, prose: Sequence[Words], quick: bool) -> list[Figure]:
    """Documents of four paragraphs."""
    texts = ["".join(words) for words in prose]
    await put(db, [case(at, f"第{at}号", texts[at:at + 4], days=at / 10) for at in range(0, len(texts), 4)])
    dice = random.Random(1)
    async with db.read() as conn:
        sizes = [await found_beside_like(conn, size, texts, dice, 20 if quick else 100) for size in (*range(1, 9), 12, 20, 40, LONGEST_QUERY)]
        told, missed, wrong = (sum(counts) for counts in zip(*sizes, strict=True))
        words = sorted({fold(word) for paragraph in prose for word in paragraph if len(word) == 2})
        speed = await beside_like(conn, dice.sample(words, 100 if quick else 500))
        measure = await conn.fetchrow(
            "select pg_relation_size('search.paragraph_pairs')::float8 / sum(octet_length(coalesce(text, folded))) as share from search.paragraph")
    assert measure
    return [
        at_least("paragraphs", len(texts), "paragraphs", 0),
        at_least(f"recall beside LIKE, 1 to {LONGEST_QUERY} characters", told / (told + missed), "", 1.0),
        at_least("precision beside LIKE", told / (told + wrong), "", 1.0),
        *speed,
        at_most("index to text", measure["share"], "×", 4),
        await at_once(db),
    ]


async def found_beside_like(conn: Connection, size: int, texts: Sequence[str], dice: random.Random, many: int) -> tuple[int, int, int]:
    """Paragraphs that both find, that only LIKE finds, that only we find; and the documents must be the same."""
    told = missed = wrong = 0
    long = [text for text in texts if len(text) >= size]
    for _ in range(many):
        text = dice.choice(long)
        start = dice.randrange(len(text) - size + 1)
        word = fold(text[start:start + size]).strip() or "的"
        ours = await conn.fetch(Q["search"], [query_of(word)], [word], *SEEN, [], 100_000, 0, AT, 10)
        like = await conn.fetch(LIKE, containing(word))
        one, two = ({(row[name], row["place"]) for row in rows} for rows, name in ((ours, "id"), (like, "document")))
        told, missed, wrong = told + len(one & two), missed + len(two - one), wrong + len(one - two)
    return told, missed, wrong


async def beside_like(conn: Connection, words: Sequence[str]) -> list[Figure]:
    """By turns: LIKE; the same rows by the index; the whole view with rights, order, passages and marks."""
    like, rows, view = list[float](), list[float](), list[float]()
    for word in words:
        like.append(await seconds(conn.fetch, LIKE, containing(word)))
        rows.append(await seconds(conn.fetch, ROWS, query_of(word), word))
        view.append(await seconds(partial(search, clock=CLOCK), conn, SearchParams(q=word), DESK))
    return [
        at_least("two characters: times as fast as LIKE, p50", median(like) / median(rows), "×", 20),
        at_least("two characters, the whole view: times as fast as LIKE, p50", median(like) / median(view), "×", 0),
        at_most("two characters, the whole view, p50", median(view) * 1000, "ms", 20),
        at_most("two characters, the whole view, p99", percentile(sorted(view), 0.99) * 1000, "ms", 300),
    ]


async def seconds(ask: Callable[..., Awaitable[Any]], *given: Any) -> float:
    begun = time.perf_counter()
    await ask(*given)
    return time.perf_counter() - begun


async def at_once(db: Database) -> Figure:
    """From the wish to write to the first search that finds it, the longest of twenty."""
    took = []
    for turn in range(20):
        begun = time.perf_counter()
        await put(db, [case(-1 - turn, "新的一件", [f"关于第{turn}座骑楼修缮的建议甲{turn}乙"], days=0)])
        async with db.read() as conn:
            page = await search(conn, SearchParams(q=f"建议甲{turn}乙"), DESK, clock=CLOCK)
        assert page.total == 1
        took.append(time.perf_counter() - begun)
    return at_most("a new document is found", max(took), "s", 2)


def case(number: int, title: str, texts: Sequence[str], days: float) -> Document:
    return Document(kind="case", id=derived("bench", number), stream="proposals", title=title, paragraphs=tuple(texts),
                    at=AT - timedelta(days=days), desks=(Permission.INTAKE,))


async def put(db: Database, documents: Sequence[Document]) -> None:
    for document in documents:
        async with db.transaction() as conn:
            await index(conn, document)
    async with db.read() as conn:
        if len(documents) > 1:
            await conn.execute("vacuum analyze search.document, search.paragraph")


# --- copies ---------------------------------------------------------------------------------------


async def copying(db: Database, prose: Sequence[Words], quick: bool) -> list[Figure]:
    dice = random.Random(7)
    cases = articles(prose, LEAST_CASE)
    dice.shuffle(cases)
    apart, kept = cases[:600], cases[600:2_600] if quick else cases[600:]
    await put(db, [case(at, "", plain(one), days=at / 10) for at, one in enumerate(kept)])
    copyist = Copyist([sentence for one in apart for sentence in sentences(one)], seed=3)
    longer = [at for at, one in enumerate(kept) if len(sentences(one)) >= 3]
    chosen = dice.sample(longer, 40 if quick else 200)
    async with db.read() as conn:
        rounds = [await copied(conn, [(at, make(kept[at])) for at in chosen]) for make in (copyist.light, copyist.medium, copyist.heavy)]
        alarms, clean = await false_alarms(conn, apart, kept)
    took = sorted(one for _, _, _, times in rounds for one in times)
    return [
        at_least("cases", len(kept), "cases", 0 if quick else 8_000),
        at_least("copy found: 8 % of words, 10 % of sentences changed", rounds[0][0], "", 0.99),
        at_least("copy found: 30 % of sentences, 10 % of words changed, shuffled", rounds[1][0], "", 0.99),
        at_least("copy found: 35 % copied", rounds[2][0], "", 0.85),
        at_least("copied characters in the passages shown", sum(one[1] for one in rounds) / sum(one[2] for one in rounds), "", 0.95),
        at_most(f"false alarms among {clean} texts that share no {COPIED_RUN} letters in a row", alarms / clean, "", 0.01),
        at_most("duplicate check, longest", took[-1], "s", 1),
        at_most("duplicate check, p50", median(took) * 1000, "ms", 1000),
    ]


def plain(one: Sequence[Words]) -> list[str]:
    return ["".join(words) for words in one]


async def copied(conn: Connection, drafts: Sequence[tuple[int, Copy]]) -> tuple[float, int, int, list[float]]:
    """How many sources were named; of the copied characters those shown, and all; seconds."""
    named = shown = whole = 0
    took = []
    for at, draft in drafts:
        begun = time.perf_counter()
        rows: Sequence[SimilarRow] = (await similar(conn, SimilarParams(text=draft.text), DESK)).rows
        took.append(time.perf_counter() - begun)
        own = [row for row in rows if row.id == derived("bench", at)]
        named += len(own)
        places = {place for row in own for one in row.passages for place in range(one.mine, one.mine + len(one.mine_text))}
        shown += sum(place in places for place, taken in enumerate(draft.copied) if taken)
        whole += sum(draft.copied)
    return named / len(drafts), shown, whole, took


async def false_alarms(conn: Connection, apart: Sequence[Sequence[Words]], kept: Sequence[Sequence[Words]]) -> tuple[int, int]:
    """Texts of the same month that are not among the cases. News repeats itself: which of them share a run is counted here anew, by
    other means than the check's own."""
    runs = {run for one in kept for run in runs_of("\n".join(plain(one)))}
    clean = [text for text in ("\n".join(plain(one)) for one in apart) if not any(run in runs for run in runs_of(text))]
    alarms = [bool((await similar(conn, SimilarParams(text=text), DESK)).rows) for text in clean]
    return sum(alarms), len(clean)


def runs_of(text: str) -> list[str]:
    bare = letters(text)[0]
    return [bare[at:at + COPIED_RUN] for at in range(len(bare) - COPIED_RUN + 1)]


# --- other words ----------------------------------------------------------------------------------


def meaning() -> list[Figure]:
    """Of a hundred matters each in a deputy's words, in another's, and in a citizen's, among two hundred other matters in the same phrases."""
    rows = [line.split("\t") for line in (PAIRS / "paraphrases.tsv").read_text("utf-8").splitlines()]
    others = (PAIRS / "others.txt").read_text("utf-8").splitlines()
    model = Sentences()
    begun = time.perf_counter()
    known = model.vectors([row[0] for row in rows] + others)
    each = (time.perf_counter() - begun) / len(known)
    deputy, citizen = ([1 + [place for place, _ in model.nearest(row[column], known, len(known))].index(at) for at, row in enumerate(rows)]
                       for column in (1, 2))
    return [
        at_least(f"same matter among {len(known)} in another deputy's words, in the first three", first_three(deputy), "", 0.9),
        at_least("same matter in another deputy's words, mean reciprocal rank", sum(1 / rank for rank in deputy) / len(deputy), "", 0.8),
        at_least("same matter in a citizen's words, in the first three", first_three(citizen), "", 0),
        at_most("a sentence understood", each * 1000, "ms", 1000),
    ]


def first_three(ranks: Sequence[int]) -> float:
    return sum(rank <= 3 for rank in ranks) / len(ranks)
