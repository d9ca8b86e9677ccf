"""Which commands may go together in one transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from hub.record import Append, Entry, NewEvent
from hub.record.batch import COMMANDS_PER_BATCH, EVENTS_PER_BATCH, Pending, columns, names, take

AT = datetime(2026, 11, 21, tzinfo=UTC)
SMALL = st.integers(0, 5)
WISHES = st.lists(
    st.tuples(SMALL, st.lists(st.tuples(SMALL, st.integers(0, 30)), unique_by=lambda s: s[0], max_size=3), st.sets(SMALL, max_size=2)),
    max_size=40,
)


def pending(cmd: int, streams: list[tuple[int, int]], claims: set[int]) -> Pending:
    append: Append[None] = Append(
        cmd=UUID(int=cmd), body=b"", actor="a", at=AT, claims=tuple(f"k{key}" for key in sorted(claims)),
        entries=tuple(Entry(f"s{s}", -1, tuple(NewEvent("T", 1, uuid4(), b"") for _ in range(n))) for s, n in streams),
    )
    loop = asyncio.new_event_loop()
    future = loop.create_future()
    loop.close()
    return Pending(append, future, 0)


@given(WISHES)
def test_commands_of_one_batch_share_nothing_and_keep_their_order(
    wishes: list[tuple[int, list[tuple[int, int]], set[int]]],
) -> None:
    queue = deque(pending(*wish) for wish in wishes)
    asked = list(queue)
    written: list[Pending] = []

    while queue:
        batch = take(queue)
        shared = [name for p in batch for name in set(names(p.append))]
        assert len(shared) == len(set(shared))
        assert 0 < len(batch) <= COMMANDS_PER_BATCH
        written.extend(batch)

    for name in {name for p in asked for name in names(p.append)}:
        assert [p for p in written if name in names(p.append)] == [p for p in asked if name in names(p.append)]
    assert set(map(id, written)) == set(map(id, asked))


def test_a_batch_has_a_largest_size_but_a_large_command_still_goes_alone() -> None:
    queue = deque(pending(n, [(n, 11_000)], set()) for n in range(3))

    assert [len(take(queue)) for _ in range(3)] == [1, 1, 1]
    assert EVENTS_PER_BATCH == 20_000


def test_the_columns_run_in_step() -> None:
    found = columns([pending(1, [(1, 2), (2, 1)], {1}), pending(2, [], set()), pending(3, [(3, 1)], {2, 3})])

    assert found[6:10] == ([3, 0, 1], [1, 1, 3], ["s1", "s2", "s3"], [-1, -1, -1])
    assert found[10:12] == ([1, 1, 2, 3], [1, 2, 1, 1])
    assert found[16:] == ([1, 3, 3], ["k1", "k2", "k3"])
