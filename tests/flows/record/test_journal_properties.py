"""Whatever is asked at once, the answers are those of asking one after the other."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.record import Append, Appended, Claimed, Database, Journal, VersionConflict
from tests.flows.record.writing import wish

STREAM = st.integers(0, 3)
EXPECTED = st.integers(-2, 4)
WISHES = st.lists(
    st.tuples(
        st.lists(st.tuples(STREAM, EXPECTED, st.integers(0, 3)), unique_by=lambda s: s[0], max_size=3),
        st.sets(st.integers(0, 4), max_size=2),
    ),
    min_size=1, max_size=30,
)
Asked = tuple[list[tuple[int, int, int]], set[int]]


@given(wishes=WISHES)
@settings(max_examples=25, deadline=None)
def test_group_commit_answers_like_one_after_the_other(playground: str, wishes: list[Asked]) -> None:
    asyncio.run(compared(playground, wishes))


async def compared(dsn: str, wishes: list[Asked]) -> None:
    run = uuid4().hex
    appends: list[Append[Any]] = [
        wish(*((f"{run}-{s}", expected, n) for s, expected, n in entries), claims=tuple(f"{run}:{k}" for k in claims))
        for entries, claims in wishes
    ]
    async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:
        before = await journal.head()
        answers = await asyncio.gather(*(journal.append(a) for a in appends), return_exceptions=True)
        versions = Counter({f"{run}-{s}": len(await journal.read(f"{run}-{s}")) for s in range(4)})
        after = await journal.verify()

    expected, stands = modelled(appends)
    assert [type(answer) for answer in answers] == expected
    assert +versions == +stands
    assert after - before == stands.total()


def modelled(appends: list[Append[Any]]) -> tuple[list[type], Counter[str]]:
    versions: Counter[str] = Counter()
    taken: set[str] = set()
    answers: list[type] = []
    for append in appends:
        if taken & set(append.claims):
            answers.append(Claimed)
        elif not all(fits(entry.expected, versions[entry.stream]) for entry in append.entries):
            answers.append(VersionConflict)
        else:
            answers.append(Appended)
            taken |= set(append.claims)
            versions.update({entry.stream: len(entry.events) for entry in append.entries})
    return answers, versions


def fits(expected: int, version: int) -> bool:
    return {-1: True, -2: version > 0}.get(expected, expected == version)
