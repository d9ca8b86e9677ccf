"""Ten thousand deputies at their pages say within ten seconds what has reached them: how soon they are answered, and whether
the counters add up."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec

from adapters.hub import HubClient
from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.commands.maintenance import MISCOUNTED, WRONG_SUMS
from hub.kernel.clock import SystemClock
from hub.record import PostgresServer
from tests.bench.city import WATCH, prepared
from tests.bench.figure import Figure, at_most, scratch
from tests.bench.load.crowd import Heard, crowd
from tests.bench.load.limits import AS_SETTING
from tests.bench.load.wire import mark
from tests.bench.stage import hub, operator
from tests.bench.talk import fresh_id

PEOPLE, QUICK = 10_000, 1000
NAMES = UUID("5d7c1d2e-0000-4000-8000-000000000002")
TAG = "压测"
SPREAD = 10.0
P99_MS = 50.0
WAIT = 60.0
LINK_LIFE = timedelta(days=1)

THERE = """
insert into directory.person(id, code, kind, name, org, path, tags, version)
select x.id, 'R' || n, 'deputy', '代表' || n, o.id, o.path, $2, 1
  from unnest($1::uuid[]) with ordinality x(id, n) join directory.organisation o on o.id = 'station:' || n % 73 + 1
"""


class Counted(msgspec.Struct, frozen=True):
    delivered: int
    wrong: int
    seconds: float
    """From the last answer until the counters stood still."""


async def run(quick: bool) -> list[Figure]:
    count = QUICK if quick else PEOPLE
    with scratch() as folder:
        async with PostgresServer(folder / "postgres") as server:
            (folder / "data").mkdir()
            await prepared(server.dsn, folder / "data")
            auths = await people(server.dsn, folder / "data", count)
            async with hub("serve", folder, server.dsn, HUB_LIMITS=AS_SETTING) as (url, _), crowd() as load, operator(url) as asker:
                await load.open(count, int(url.rpartition(":")[2]), auths=auths, watch=WATCH, seconds=WAIT, exact=True)
                which = await broadcast(asker)
                told = await load.until(1, seconds=WAIT)
                await load.clear()
                heard = await load.acknowledge(spread=SPREAD, seconds=SPREAD + WAIT)
                counted = await counters(server.dsn, which, count)
    return figures(count, told, heard, counted)


async def people(dsn: str, data: Path, count: int) -> list[dict[str, Any]]:
    """They stand in the directory, each with a link of his own."""
    ids = [uuid5(NAMES, f"person {n}") for n in range(count)]
    conn = await asyncpg.connect(dsn)
    try:
        await conn.execute(THERE, ids, [TAG])
        await conn.execute("analyze")
    finally:
        await conn.close()
    key, at = await asyncio.to_thread(secret_key, data), SystemClock().now()
    return [{"link": make_link(key, one, None, at, LINK_LIFE)} for one in ids]


async def broadcast(asker: HubClient) -> str:
    which = fresh_id()
    await asker.ask("SendBroadcast", {"id": which, "title": "回执压测", "text": mark(time.monotonic_ns(), 1),
                                      "priority": "ordinary", "audience": {"tags": [TAG]}})
    return which


async def counters(dsn: str, which: str, count: int) -> Counted:
    begun, seen = time.monotonic(), -1
    conn = await asyncpg.connect(dsn)
    try:
        while seen < count and time.monotonic() < begun + WAIT:
            seen = int(await conn.fetchval(
                "select coalesce(sum(n), 0) from dispatch.count where broadcast = $1 and kind = 'outcome' and state = 'delivered'",
                UUID(which)))
            await asyncio.sleep(0.01)
        seconds = time.monotonic() - begun
        return Counted(seen, len(await conn.fetch(MISCOUNTED)) + len(await conn.fetch(WRONG_SUMS)), seconds)
    finally:
        await conn.close()


def figures(count: int, told: Heard, heard: Heard, counted: Counted) -> list[Figure]:
    at = f"{count:,} acknowledgements in {SPREAD:g} s"
    return [
        at_most(f"{at}: answered, p99", heard.percentile(0.99), "ms", P99_MS),
        Figure(name="the same, p50", value=round(heard.percentile(0.5), 2), unit="ms"),
        at_most("not answered", count - heard.answers, "acknowledgements", 0),
        at_most("people whose delivery is not counted", count - counted.delivered, "people", 0),
        at_most("counters that differ from the rows", counted.wrong, "counters", 0),
        Figure(name="all counted after the last answer", value=round(counted.seconds, 2), unit="s"),
        Figure(name="told to everybody after the command: the last", value=round(told.percentile(1.0)), unit="ms"),
    ]
