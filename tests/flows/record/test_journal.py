"""The journal's promises, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from hub.kernel.errors import Malformed, TooLarge, TryAgain
from hub.record import (
    Append,
    Appended,
    Claimed,
    Connection,
    Database,
    DifferentBody,
    Entry,
    Journal,
    LogCorrupt,
    Row,
    VersionConflict,
)
from tests.flows.record.writing import AT, events, wish


async def gathered(journal: Journal, wishes: Sequence[Append]) -> list[Appended | BaseException]:
    return await asyncio.gather(*(journal.append(w) for w in wishes), return_exceptions=True)


async def positions(journal: Journal) -> list[int]:
    return [row.pos for row in await journal.read_all(0, 20_000)]


async def test_what_is_appended_is_read_back_whole(journal: Journal) -> None:
    facts = events(2)
    asked: Append[None] = Append(
        cmd=uuid4(), body=b"h", actor="account:1", at=AT, meta=b"m", entries=(Entry("proposal-1", 0, facts),), result=b"r",
    )

    done = await journal.append(asked)

    assert done == Appended(2, False, b"r", None)
    assert await journal.read("proposal-1") == [
        Row(n, "proposal-1", n, "ThingHappened", 1, AT, facts[n - 1].id, asked.cmd, "account:1", b"m", b"fact") for n in (1, 2)
    ]
    assert await journal.result(asked.cmd) == b"r"
    assert await journal.head() == 2


async def test_asking_twice_is_asking_once(journal: Journal) -> None:
    asked = wish(("a", 0, 3), claims=("seat:1",))

    first, *again = await gathered(journal, [asked] * 5)

    assert first == Appended(3, False, b"answer", None)
    assert again == [Appended(3, True, b"answer", None)] * 4
    assert await positions(journal) == [1, 2, 3]


async def test_an_id_that_was_used_for_other_content_is_refused(journal: Journal) -> None:
    cmd = uuid4()
    await journal.append(wish(("a", 0, 1), cmd=cmd, content=b"one"))

    with pytest.raises(DifferentBody):
        await journal.append(wish(("b", 0, 1), cmd=cmd, content=b"two"))

    assert await positions(journal) == [1]


async def test_of_many_who_saw_the_same_version_one_wins(journal: Journal) -> None:
    await journal.append(wish(("a", 0, 4)))

    outcomes = await gathered(journal, [wish(("a", 4, 1)) for _ in range(20)])

    lost = [o for o in outcomes if isinstance(o, VersionConflict)]
    assert [o.pos for o in outcomes if isinstance(o, Appended)] == [5]
    assert {(o.stream, o.actual) for o in lost} == {("a", 5)}
    assert len(lost) == 19


@pytest.mark.parametrize(("expected", "exists", "accepted"), [
    (0, False, True), (0, True, False), (-1, False, True), (-1, True, True), (-2, False, False), (-2, True, True), (7, True, False),
])
async def test_the_expected_version_is_kept(journal: Journal, expected: int, exists: bool, accepted: bool) -> None:
    if exists:
        await journal.append(wish(("a", 0, 1)))

    [outcome] = await gathered(journal, [wish(("a", expected, 1))])

    assert isinstance(outcome, Appended if accepted else VersionConflict)


async def test_a_claim_is_taken_once_and_hurts_nobody_else(journal: Journal) -> None:
    wishes = [wish((f"s-{n}", 0, 1), claims=(f"seat:{n % 3}", f"own:{n}")) for n in range(12)]

    outcomes = await gathered(journal, wishes)

    assert [type(o) for o in outcomes[:3]] == [Appended] * 3
    assert {o.key for o in outcomes[3:] if isinstance(o, Claimed)} == {"seat:0", "seat:1", "seat:2"}
    assert await positions(journal) == [1, 2, 3]


async def test_several_streams_stand_or_fall_together(journal: Journal) -> None:
    await journal.append(wish(("b", 0, 1)))

    with pytest.raises(VersionConflict) as refused:
        await journal.append(wish(("a", 0, 2), ("b", 0, 1), ("c", 0, 1)))
    done = await journal.append(wish(("a", 0, 2), ("b", 1, 1), ("c", -1, 3)))

    assert (refused.value.stream, refused.value.actual) == ("b", 1)
    assert done.pos == 7
    assert [(r.stream, r.version) for r in await journal.read_all(1, 100)] == [
        ("a", 1), ("a", 2), ("b", 2), ("c", 1), ("c", 2), ("c", 3),
    ]


async def test_a_command_without_events_is_remembered(journal: Journal) -> None:
    asked = wish(result=b"nothing to do")

    outcomes = [await journal.append(asked), await journal.append(asked)]

    assert outcomes == [Appended(0, False, b"nothing to do", None), Appended(0, True, b"nothing to do", None)]


async def test_the_projection_writes_in_the_same_transaction(journal: Journal, db: Database) -> None:
    async with db.transaction() as connection:
        await connection.execute("create table seen (pos bigint, stream text, version bigint)")

    async def project(connection: Connection, rows: Sequence[Row]) -> int:
        await connection.executemany("insert into seen values ($1, $2, $3)", [(r.pos, r.stream, r.version) for r in rows])
        return len(rows)

    outcomes = await gathered(journal, [wish((f"s-{n}", 0, n), project=project) for n in range(1, 9)])

    async with db.read() as connection:
        seen = [tuple(row) for row in await connection.fetch("select * from seen order by pos")]
    assert [o.projected for o in outcomes if isinstance(o, Appended)] == list(range(1, 9))
    assert seen == [(r.pos, r.stream, r.version) for r in await journal.read_all(0, 100)]


async def test_poison_in_a_batch_hurts_only_itself(journal: Journal) -> None:
    async def burst(connection: Connection, rows: Sequence[Row]) -> None:
        raise ZeroDivisionError("a bug in a projection")

    wishes = [wish((f"s-{n}", 0, 1)) for n in range(100)]
    wishes[13] = wish(("s-13", 0, 1), project=burst)
    wishes[57] = wish(("nul-\x00", 0, 1))

    outcomes = await gathered(journal, wishes)

    assert isinstance(outcomes[13], ZeroDivisionError)
    assert isinstance(outcomes[57], asyncpg.PostgresError)
    assert sum(isinstance(o, Appended) for o in outcomes) == 98
    assert await positions(journal) == list(range(1, 99))


async def test_a_caller_who_leaves_does_not_take_the_append_along(journal: Journal) -> None:
    asked = wish(("a", 0, 1))
    async with asyncio.TaskGroup() as group:
        caller = group.create_task(journal.append(asked))
        await asyncio.sleep(0)
        caller.cancel()
    again = await journal.append(asked)

    assert again == Appended(1, True, b"answer", None)


async def test_too_many_or_too_large_events_are_refused_before_anything_is_queued(journal: Journal) -> None:
    with pytest.raises(TooLarge):
        await journal.append(wish(("a", 0, 20_001)))
    with pytest.raises(TooLarge):
        await journal.append(Append(cmd=uuid4(), body=b"", actor="a", at=AT, entries=(Entry("a", 0, events(1, b"x" * 1_000_001)),)))
    with pytest.raises(Malformed):
        await journal.append(wish(("a", 0, 1), ("a", 1, 1)))

    assert await journal.head() == 0


async def test_twenty_thousand_events_are_one_command(journal: Journal) -> None:
    done = await journal.append(wish(*((f"s-{n}", 0, 2_000) for n in range(10))))

    assert done.pos == 20_000
    assert await positions(journal) == list(range(1, 20_001))


async def test_a_full_queue_answers_at_once(db: Database) -> None:
    async with Journal.open(db, queue=8) as journal:
        outcomes = await gathered(journal, [wish((f"s-{n}", 0, 1)) for n in range(20)])

    assert [type(o) for o in outcomes] == [Appended] * 8 + [TryAgain] * 12


async def test_what_is_queued_is_written_before_the_journal_closes(db: Database) -> None:
    async with asyncio.TaskGroup() as group, Journal.open(db) as journal:
        callers = [group.create_task(journal.append(wish((f"s-{n}", 0, 1)))) for n in range(10)]
        await asyncio.sleep(0)

    assert sorted(caller.result().pos for caller in callers) == list(range(1, 11))


@pytest.mark.parametrize("change", [
    "update es.events set data = ''", "delete from es.events", "truncate es.events",
    "update work.audit set act = ''", "delete from work.audit", "truncate work.audit",
])
async def test_facts_cannot_be_changed(journal: Journal, db: Database, change: str) -> None:
    await journal.append(wish(("a", 0, 1)))

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        async with db.transaction() as connection:
            await connection.execute(change)


async def test_a_hole_in_the_log_stops_the_reader(journal: Journal, db: Database) -> None:
    await journal.append(wish(("a", 0, 5)))
    async with db.transaction() as connection:
        await connection.execute("alter table es.events disable trigger append_only")
        await connection.execute("delete from es.events where pos = 3")

    with pytest.raises(LogCorrupt):
        await journal.verify()
    with pytest.raises(LogCorrupt) as corrupt:
        async for _ in journal.subscribe("reader", after=0):
            pass

    assert (corrupt.value.wanted, corrupt.value.found) == (3, 4)


async def test_another_isolation_level_is_refused(db: Database) -> None:
    empty: list[object] = []
    with pytest.raises(asyncpg.RaiseError, match="read committed"):
        async with db.read() as connection, connection.transaction(isolation="repeatable_read"):
            await connection.fetch(f"select es.append({', '.join(f'${n}' for n in range(1, 19))})", *([empty] * 18))


async def test_a_subscriber_in_another_process_is_woken(dsn: str, journal: Journal) -> None:
    async def first_batch(other: Journal) -> list[int]:
        async with aclosing(other.subscribe("reader", after=0)) as reader:
            return [row.pos for row in await anext(reader)]

    async with Database.open(dsn) as elsewhere, Journal.open(elsewhere) as other, asyncio.TaskGroup() as group:
        reading = group.create_task(first_batch(other))
        await asyncio.sleep(0)
        await journal.append(wish(("a", 0, 1)))

    assert reading.result() == [1]


async def test_lost_backends_are_replaced_and_nothing_is_lost_or_doubled(journal: Journal, dsn: str) -> None:
    killer = await asyncpg.connect(dsn)
    outcomes: list[Appended] = []

    async def write(worker: int) -> None:
        outcomes.extend([await journal.append(wish((f"s-{worker}", n, 1))) for n in range(40)])

    async with asyncio.TaskGroup() as group:
        for worker in range(8):
            group.create_task(write(worker))
        for _ in range(5):
            await asyncio.sleep(0.02)
            await killer.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            )
    await killer.close()

    assert sorted(done.pos for done in outcomes) == list(range(1, 321))
    assert not any(done.repeated for done in outcomes)


async def test_a_whole_log_is_verified_up_to_its_head(journal: Journal) -> None:
    await gathered(journal, [wish((f"s-{n % 5}", -1, n)) for n in range(1, 9)])

    assert await journal.verify() == 36


async def test_a_pruned_command_id_asks_anew(journal: Journal) -> None:
    asked = wish(("a", -1, 1))
    await journal.append(asked)

    pruned = await journal.prune(AT + timedelta(days=90))

    assert pruned == 1
    assert await journal.append(asked) == Appended(2, False, b"answer")


async def test_two_processes_agree_on_ids_versions_and_claims(journal: Journal, dsn: str) -> None:
    asked = wish(("same-id", 0, 2), claims=("receipt:1",))
    rivals = [wish(("same-stream", 0, 1)) for _ in range(2)]
    seats = [wish((f"seat-{n}", 0, 1), claims=("seat:7",)) for n in range(2)]

    async with Database.open(dsn) as elsewhere, Journal.open(elsewhere) as other:
        outcomes = await asyncio.gather(
            *(store.append(w) for pair in zip([asked, *rivals[:1], *seats[:1]], [asked, *rivals[1:], *seats[1:]], strict=True)
              for store, w in zip((journal, other), pair, strict=True)),
            return_exceptions=True,
        )

    first, again = sorted(outcomes[:2], key=lambda o: isinstance(o, Appended) and o.repeated)
    assert (first, again) == (Appended(first.pos, False, b"answer"), Appended(first.pos, True, b"answer"))  # type: ignore[union-attr]
    assert sorted(type(o).__name__ for o in outcomes[2:4]) == ["Appended", "VersionConflict"]
    assert sorted(type(o).__name__ for o in outcomes[4:]) == ["Appended", "Claimed"]
    assert await positions(journal) == [1, 2, 3, 4]


def told(pid: int, kind: signal.Signals) -> bool:
    """False where it has just ended: a connection that was closed is listed a moment longer."""
    try:
        os.kill(pid, kind)
    except ProcessLookupError:
        return False
    return True


async def test_a_stopped_server_only_delays(journal: Journal, dsn: str) -> None:
    probe = await asyncpg.connect(dsn)
    backends = [row["pid"] for row in await probe.fetch(
        "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
    ) if told(row["pid"], signal.SIGSTOP)]
    try:
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(journal.append(wish((f"s-{n}", 0, 1)))) for n in range(10)]
            await asyncio.wait(waiting, timeout=0.3)
            for pid in backends:
                told(pid, signal.SIGCONT)
    finally:
        await probe.close()

    assert sorted(task.result().pos for task in waiting) == list(range(1, 11))
