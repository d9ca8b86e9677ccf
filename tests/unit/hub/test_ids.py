"""Derived ids are the same on every side: the planner has the database make them."""

from datetime import UTC, datetime

from hub.kernel.ids import derived, uuid7
from hub.record import Database


async def test_the_database_derives_the_same_ids(db: Database):
    parts = ("0193f7a0-0000-7000-8000-000000000000", "person:ö/人", "wechat", 0, 1, 1)

    async with db.read() as conn:
        made = await conn.fetchval("select md5(array_to_string($1::text[], '/'))::uuid", [str(part) for part in parts])

    assert derived(*parts) == made


def test_ids_made_later_sort_later():
    earlier, later = uuid7(datetime(2026, 1, 1, tzinfo=UTC)), uuid7(datetime(2026, 1, 2, tzinfo=UTC))

    assert (earlier < later, earlier.version) == (True, 7)
