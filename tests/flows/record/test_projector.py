"""A read model that follows by itself sees every event once, and one bad event stops only its stream."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from hub.kernel.errors import Broken
from hub.record import Connection, Database, Journal, Projector, Row
from tests.flows.record.writing import wish
from tests.patience import PATIENCE


class Seen:
    """A read model: one row per event. `bad` streams cannot be applied."""

    def __init__(self) -> None:
        self.bad: set[str] = set()

    async def apply(self, connection: Connection, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.stream in self.bad and row.version == 2:
                raise ValueError(f"cannot read {row.pos}")
            await connection.execute("insert into seen values ($1, $2)", row.pos, row.stream)


@pytest.fixture
async def seen(db: Database) -> Seen:
    async with db.transaction() as connection:
        await connection.execute("create table seen (pos bigint primary key, stream text)")
    return Seen()


async def positions(db: Database) -> list[int]:
    async with db.read() as connection:
        return [row["pos"] for row in await connection.fetch("select pos from seen order by pos")]


async def checkpoint(db: Database, name: str) -> int:
    async with db.read() as connection:
        return int(await connection.fetchval("select coalesce(max(pos), 0) from es.checkpoints where name = $1", name))


async def followed(db: Database, *projectors: Projector, name: str = "seen", to: int) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        tasks = [group.create_task(projector.run()) for projector in projectors]
        while await checkpoint(db, name) < to:
            await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()


async def test_two_projectors_of_one_name_apply_every_event_once(journal: Journal, db: Database, seen: Seen) -> None:
    twins = [Projector(journal, "seen", seen.apply, batch=7) for _ in range(2)]
    for n in range(20):
        await journal.append(wish((f"s-{n}", 0, 5)))

    await followed(db, *twins, to=100)

    assert await positions(db) == list(range(1, 101))


async def test_it_goes_on_where_it_stopped(journal: Journal, db: Database, seen: Seen) -> None:
    await journal.append(wish(("a", 0, 3)))
    await followed(db, Projector(journal, "seen", seen.apply), to=3)
    await journal.append(wish(("a", 3, 3)))
    await followed(db, Projector(journal, "seen", seen.apply), to=6)

    assert await positions(db) == [1, 2, 3, 4, 5, 6]


async def test_poison_parks_its_stream_and_the_others_go_on(journal: Journal, db: Database, seen: Seen) -> None:
    seen.bad = {"b"}
    projector = Projector(journal, "seen", seen.apply)
    for n in range(4):
        await journal.append(wish(("a", n, 1), ("b", n, 1)))

    await followed(db, projector, to=8)
    before = await positions(db)
    still = await projector.retry(4)
    seen.bad = set()
    applied = await projector.retry(4)

    assert before == [1, 2, 3, 5, 7]
    assert (still, applied) == (0, 3)
    assert await positions(db) == list(range(1, 9))


async def test_another_version_begins_at_the_first_event(journal: Journal, db: Database, seen: Seen) -> None:
    await journal.append(wish(("a", 0, 3)))
    await followed(db, Projector(journal, "seen", seen.apply), to=3)
    async with db.transaction() as connection:
        await connection.execute("truncate seen")
    await journal.append(wish(("a", 3, 1)))

    await followed(db, Projector(journal, "seen", seen.apply, version=2), to=4)

    assert await positions(db) == [1, 2, 3, 4]


async def test_too_much_poison_stops_it(journal: Journal, db: Database, seen: Seen) -> None:
    seen.bad = {f"s-{n}" for n in range(101)}
    await journal.append(wish(*((f"s-{n}", 0, 2) for n in range(101))))

    with pytest.raises(Broken, match="101 events"):
        await Projector(journal, "seen", seen.apply).run()

    async with db.read() as connection:
        assert await connection.fetchval("select status from es.checkpoints where name = 'seen'") == "stopped"
