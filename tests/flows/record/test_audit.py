"""The audit log is found again by who, what, how it ended, words and time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from hub.kernel.errors import Malformed
from hub.record import Audit, Database
from tests.flows.record.writing import AT

HOUR = timedelta(hours=1)
LINES = [
    ("account:1", "SignIn", "", "ok", None),
    ("account:2", "SignIn", "", "wrong-credentials", {"login": "wang"}),
    ("account:1", "SendBroadcast", "broadcast:7", "ok", {"title": "防汛通知 100%"}),
    ("account:3", "SendBroadcast", "broadcast:8", "forbidden", None),
]


@pytest.fixture
async def audit(db: Database) -> Audit:
    audit = Audit(db)
    for n, (actor, act, thing, outcome, detail) in enumerate(LINES):
        await audit.note(
            None, at=AT + n * HOUR, actor=actor, act=act, object=thing, outcome=outcome, address="10.0.0.9", detail=detail,
        )
    return audit


@pytest.mark.parametrize(("filters", "found"), [
    ({}, [4, 3, 2, 1]),
    ({"actor": "account:1"}, [3, 1]),
    ({"act": "SendBroadcast"}, [4, 3]),
    ({"outcome": "ok"}, [3, 1]),
    ({"text": "防汛"}, [3]),
    ({"text": "100%"}, [3]),
    ({"text": "10_"}, []),
    ({"text": "BROADCAST:8"}, [4]),
    ({"since": AT + HOUR, "until": AT + 3 * HOUR}, [3, 2]),
    ({"limit": 2}, [4, 3]),
    ({"limit": 2, "before": 3}, [2, 1]),
    ({"actor": "account:1", "outcome": "forbidden"}, []),
])
async def test_lines_are_found_newest_first(audit: Audit, db: Database, filters: dict[str, Any], found: list[int]) -> None:
    async with db.read() as connection:
        lines = await Audit.page(connection, **filters)

    assert [line.id for line in lines] == found


async def test_a_line_keeps_all_it_was_told(audit: Audit, db: Database) -> None:
    async with db.read() as connection:
        line = (await Audit.page(connection, act="SendBroadcast", outcome="ok"))[0]

    assert (line.at, line.actor, line.object, line.address) == (AT + 2 * HOUR, "account:1", "broadcast:7", "10.0.0.9")
    assert line.detail == {"title": "防汛通知 100%"}


async def test_a_line_within_a_transaction_falls_with_it(audit: Audit, db: Database) -> None:
    async def note_and_fail() -> None:
        async with db.transaction() as connection:
            await audit.note(connection, at=AT, actor="account:9", act="Vanish")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await note_and_fail()

    async with db.read() as connection:
        assert await Audit.page(connection, actor="account:9") == []
        assert await Audit.page(connection, act="Vanish") == []


async def test_a_day_that_no_column_holds_is_refused_in_a_sentence(db: Database) -> None:
    with pytest.raises(Malformed) as refusal:
        async with db.read() as connection:
            await Audit.page(connection, until=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))
    assert refusal.value.zh.endswith("请改正后再提交。")
