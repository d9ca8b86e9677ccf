"""Jobs run at least once, not before they are due, and a crash does not lose them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.kernel.clock import SetClock
from hub.record import Database, Errand, Job, Jobs, Journal
from tests.flows.record.writing import AT, wish
from tests.patience import PATIENCE

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(AT)


@pytest.fixture
def jobs(db: Database, clock: SetClock) -> Jobs:
    return Jobs(db, clock, most_tries=3)


async def put(db: Database, key: str, *, minutes: int = 0, payload: Any = None) -> None:
    async with db.transaction() as connection:
        await Jobs.put(connection, "call", key, AT + minutes * MINUTE, payload)


async def claimed(jobs: Jobs, limit: int = 10) -> list[Job]:
    return await jobs.claim(["call"], limit, MINUTE)


def keys(found: list[Job]) -> list[str]:
    return [job.key for job in found]


async def test_only_due_jobs_are_claimed_in_their_order(db: Database, jobs: Jobs, clock: SetClock) -> None:
    await put(db, "later", minutes=5)
    await put(db, "second", minutes=-1)
    await put(db, "first", minutes=-2, payload={"to": ["138"], "字": 1})

    found = await claimed(jobs)
    clock.at += 5 * MINUTE

    assert keys(found) == ["first", "second"]
    assert found[0].payload == {"to": ["138"], "字": 1}
    assert "later" in keys(await claimed(jobs))


async def test_two_claimants_never_get_the_same_job(db: Database, jobs: Jobs) -> None:
    for n in range(40):
        await put(db, f"j{n}")

    found = await asyncio.gather(*(claimed(jobs, 7) for _ in range(8)))

    every = [job.key for some in found for job in some]
    assert len(every) == len(set(every))


async def test_a_job_whose_runner_died_runs_again_when_the_lease_ends(db: Database, jobs: Jobs, clock: SetClock) -> None:
    await put(db, "j")
    [first] = await claimed(jobs)
    nobody = await claimed(jobs)
    clock.at += MINUTE
    [again] = await claimed(jobs)

    assert nobody == []
    assert (again.id, again.tries) == (first.id, 2)
    assert not await jobs.done(first)
    assert await jobs.done(again)
    clock.at += 9 * MINUTE
    assert await claimed(jobs) == []


async def test_a_moved_timer_fires_at_its_new_time_only(db: Database, jobs: Jobs, clock: SetClock) -> None:
    await put(db, "deadline", minutes=1)
    await put(db, "deadline", minutes=3, payload="moved")

    clock.at += 2 * MINUTE
    early = await claimed(jobs)
    clock.at += MINUTE
    [due] = await claimed(jobs)

    assert early == []
    assert due.payload == "moved"


async def test_a_job_that_is_moved_while_it_runs_runs_again(db: Database, jobs: Jobs, clock: SetClock) -> None:
    await put(db, "j", payload=1)
    [running] = await claimed(jobs)
    await put(db, "j", minutes=1, payload=2)

    assert not await jobs.done(running)
    clock.at += MINUTE
    assert [job.payload for job in await claimed(jobs)] == [2]


async def test_a_dropped_job_does_not_run(db: Database, jobs: Jobs) -> None:
    await put(db, "j")
    async with db.transaction() as connection:
        await Jobs.drop(connection, "call", "j")

    assert await claimed(jobs) == []


async def test_a_job_stands_or_falls_with_its_transaction(db: Database, jobs: Jobs) -> None:
    async def put_and_fail() -> None:
        async with db.transaction() as connection:
            await Jobs.put(connection, "call", "j", AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await put_and_fail()

    assert await claimed(jobs) == []


async def running(jobs: Jobs, handlers: dict[str, Errand], until: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        runner = group.create_task(jobs.run(handlers))
        settled = 0
        while settled < 5:  # what should not run had five chances to
            await asyncio.sleep(0.01)
            settled += await until()
        runner.cancel()


async def test_the_runner_starts_a_job_as_soon_as_its_transaction_commits(
    db: Database, jobs: Jobs, journal: Journal,
) -> None:
    ran: list[Any] = []

    async def call(payload: Any) -> None:
        ran.append(payload)

    async def project(connection: Any, rows: Any) -> None:
        await Jobs.put(connection, "call", "from-journal", AT, [row.pos for row in rows])

    async def both() -> bool:
        return len(ran) == 2

    async with asyncio.TaskGroup() as group:
        group.create_task(running(jobs, {"call": call}, both))
        await put(db, "plain", payload="plain")
        await journal.append(wish(("a", 0, 2), project=project))

    assert sorted(ran, key=str) == [[1, 2], "plain"]
    assert await jobs.dead() == []


async def test_a_failing_job_is_tried_again_and_in_the_end_is_dead_with_its_reason(
    db: Database, jobs: Jobs, clock: SetClock,
) -> None:
    tries: list[Any] = []

    async def call(payload: Any) -> None:
        tries.append(payload)
        raise ConnectionError("the carrier is away")

    await put(db, "j", payload="x")

    waited = [0, 0, 0, 0]

    async def dead_as_time_passes() -> bool:
        """Longer than the pauses, and shorter than the lease, however long a try takes here."""
        if waited[len(tries)] < 20:
            waited[len(tries)] += 1
            clock.at += timedelta(seconds=1)
        jobs.wake()
        return bool(await jobs.dead())

    await running(jobs, {"call": call}, dead_as_time_passes)

    [dead] = await jobs.dead()
    assert (dead.key, dead.tries, dead.error) == ("j", 3, "ConnectionError('the carrier is away')")
    await put(db, "j")
    assert await jobs.dead() == []


async def test_a_job_that_kills_its_process_every_time_is_dead_in_the_end(
    db: Database, jobs: Jobs, clock: SetClock,
) -> None:
    await put(db, "j")
    for _ in range(3):
        await claimed(jobs)
        clock.at += MINUTE
    ran: list[Any] = []

    async def call(payload: Any) -> None:
        ran.append(payload)

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        runner = group.create_task(jobs.run({"call": call}))
        while not await jobs.dead():
            await asyncio.sleep(0.01)
        runner.cancel()

    assert ran == []


async def test_no_more_than_the_limit_run_at_once(db: Database, clock: SetClock) -> None:
    jobs = Jobs(db, clock, concurrency=3)
    most = now = over = 0

    async def call(payload: Any) -> None:
        nonlocal most, now, over
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        over += 1

    async def all_over() -> bool:
        return over == 12

    for n in range(12):
        await put(db, f"j{n}")
    await running(jobs, {"call": call}, all_over)

    assert most == 3


STEPS = st.lists(st.sampled_from(["put", "move", "claim", "done", "crash", "drop", "pass"]), max_size=12)


@given(steps=STEPS)
@settings(max_examples=15, deadline=None)
def test_whatever_happens_a_job_is_neither_lost_nor_run_after_it_is_done(playground: str, steps: list[str]) -> None:
    asyncio.run(played(playground, steps))


async def played(dsn: str, steps: list[str]) -> None:
    """A model of one job beside the real one: `due` None means there is no job, `latest` that who
    holds it may finish it, also after his lease when nobody else has claimed it."""
    clock = SetClock(AT)
    due: Any = None
    held: Job | None = None
    latest = leased = False
    async with Database.open(dsn, size=2) as db:
        jobs = Jobs(db, clock)
        async with db.transaction() as connection:
            await connection.execute("delete from work.jobs")
        for step in steps:
            if step in ("put", "move"):
                due = clock.at + (2 * MINUTE if step == "move" else timedelta())
                latest = leased = False
                async with db.transaction() as connection:
                    await Jobs.put(connection, "call", "j", due)
            elif step == "claim":
                found = await claimed(jobs)
                assert bool(found) == (due is not None and due <= clock.at and not leased)
                if found:
                    held, latest, leased = found[0], True, True
            elif step == "done" and held:
                assert await jobs.done(held) == latest
                due, latest, leased = (None, False, False) if latest else (due, latest, leased)
            elif step == "drop":
                due, latest, leased = None, False, False
                async with db.transaction() as connection:
                    await Jobs.drop(connection, "call", "j")
            elif step in ("pass", "crash"):
                clock.at += MINUTE
                leased = False
