"""Tasks on the database itself: migrate, verify; and the contract for the browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import msgspec

from dispatch.byhand import ByHand
from dispatch.conversations.marks import Marks
from dispatch.receipts import Receipts
from dispatch.words import Channel
from hub.access.work import Access
from hub.app import spokes_of
from hub.commands.database import database
from hub.gateway.openapi import document
from hub.kernel.clock import SystemClock
from hub.record import Bell, Database, Journal, load_sql, run_migrations
from hub.settings import ROOT, read
from media.hosts import Hosts

CONTRACT = ROOT / "web" / "packages" / "contract" / "openapi.json"
BATCH = 5000
WRONG_NUMBERS = load_sql("dispatch.conversations")["wrong_numbers"]

Task = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def add_tasks(tasks: Any) -> None:
    for name, words in (("migrate", "bring the database's schema up to date"),
                        ("verify", "the journal without holes, the counters equal to the rows")):
        task = tasks.add_parser(name, help=words)
        task.add_argument("--data", type=lambda text: Path(text).absolute())
    contract = tasks.add_parser("contract", help="write the contract that the web's types are made from")
    contract.add_argument("--check", action="store_true", help="only say whether it is stale")


async def migrate(told: argparse.Namespace) -> int:
    async with database(read(data=told.data)) as dsn:
        for name in await run_migrations(dsn):
            sys.stdout.write(f"✓ {name}\n")
    return 0


async def verify(told: argparse.Namespace) -> int:
    """0 when all holds; 1 with a line for each thing that does not."""
    async with database(read(data=told.data)) as dsn, Database.open(dsn, size=2) as db, Journal.open(db) as journal:
        events = await _read_whole(journal)
        async with db.read() as conn:
            wrong = await conn.fetch(MISCOUNTED)
            sums = [*await conn.fetch(WRONG_SUMS), *await conn.fetch(WRONG_NUMBERS)]
    for row in (*wrong, *sums):
        sys.stdout.write(f"✗ {dict(row)}\n")
    sys.stdout.write(f"{'✗' if wrong or sums else '✓'} 日志 {events} 条连续无缺；计数不符 {len(wrong) + len(sums)} 处\n"
                     f"  journal: {events} events, dense; counters that differ: {len(wrong) + len(sums)}\n")
    return 1 if wrong or sums else 0


async def _read_whole(journal: Journal) -> int:
    """Raises LogCorrupt at a hole."""
    position = 0
    while rows := await journal.read_all(position, BATCH):
        position = rows[-1].pos
    return position


MISCOUNTED = """
with truth as (
  select broadcast, 'outcome' as kind, '' as key, outcome as state, count(*)::int as n from dispatch.delivery group by 1, 4
  union all select broadcast, 'district', district, outcome, count(*)::int from dispatch.delivery group by 1, 3, 4
  union all select broadcast, 'station', station, outcome, count(*)::int from dispatch.delivery group by 1, 3, 4
  union all select broadcast, 'road', channel, state, count(*)::int from dispatch.attempt group by 1, 3, 4)
select coalesce(t.broadcast, c.broadcast)::text as broadcast, coalesce(t.kind, c.kind) as kind, coalesce(t.key, c.key) as key,
       coalesce(t.state, c.state) as state, coalesce(t.n, 0) as rows, coalesce(c.n, 0) as counted
  from truth t full join (select * from dispatch.count where kind in ('outcome', 'district', 'station', 'road') and n > 0) c
    using (broadcast, kind, key, state)
 where coalesce(t.n, 0) <> coalesce(c.n, 0)"""

WRONG_SUMS = """
select b.id::text as broadcast, b.total, coalesce(sum(c.n), 0)::int as counted
  from dispatch.broadcast b left join dispatch.count c on c.broadcast = b.id and c.kind = 'outcome'
 group by b.id having b.total <> coalesce(sum(c.n), 0)"""


async def contract(told: argparse.Namespace) -> int:
    written = contract_text()
    stale = not CONTRACT.exists() or CONTRACT.read_text("utf-8") != written
    if told.check:
        if stale:
            sys.stdout.write(f"✗ {CONTRACT.relative_to(ROOT)} is stale; run python -m hub contract\n")
        return int(stale)
    CONTRACT.write_text(written, "utf-8")
    return 0


def contract_text() -> str:
    """No room is opened: the shapes alone are asked for."""
    clock: Any = SystemClock()
    nowhere: Any = None
    receipts = Receipts(nowhere, clock, lambda touched: None)
    access = Access(db=nowhere, audit=nowhere, key=b"")
    marks = Marks(nowhere, nowhere, nowhere)
    spokes = spokes_of(access, receipts, ByHand(nowhere, receipts, Bell()), marks, nowhere, nowhere, clock, frozenset(Channel), nowhere,
                       Hosts())
    described = document([rule for spoke in spokes for rule in spoke.commands],
                         [view for spoke in spokes for view in spoke.views])
    return msgspec.json.format(msgspec.json.encode(described), indent=1).decode() + "\n"


TASKS: dict[str, Task] = {"migrate": migrate, "verify": verify, "contract": contract}
