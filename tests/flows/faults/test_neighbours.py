"""In a hub of several processes each has shown something to somebody: while the database is away they know together."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from hub.record import PostgresServer, run_migrations
from tests.flows.cluster.stage import cluster
from tests.flows.cluster.test_processes import one_on_each
from tests.flows.faults.outage import standing_still
from tests.flows.gateway.visitor import Visitor

STATIONS = {"view": "stations", "params": {}}


async def test_who_is_known_to_one_process_comes_in_and_reads_on_at_the_others(server: PostgresServer, tmp_path: Path):
    await run_migrations(server.dsn)
    async with cluster(server.dsn, tmp_path) as two, AsyncExitStack() as stack:
        operator = await stack.enter_async_context(Visitor.of(two.url, "operator"))
        before = await operator.see("stations")

        with standing_still(server):
            assert (await operator.see("stations"))["as_of"]
            desks = await one_on_each(stack, two, {}, operator.cookie)
            shown = [await desk.call("watch", STATIONS) for desk in desks]

    assert [one["rows"] == before["rows"] for one in shown] == [True, True]
    assert all(one["as_of"] for one in shown)
