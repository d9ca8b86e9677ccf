"""The database stands still or dies: what is live goes on, and what was asked succeeds later under the same id."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from uuid import uuid4

from hub.record import PostgresServer
from tests.flows.broadcast.stage import Stage
from tests.flows.cluster.guest import Guest
from tests.flows.faults.outage import cut_and_back, hears, standing_still, until_done, wish
from tests.flows.gateway.visitor import Visitor


async def test_while_the_database_stands_still_signals_and_resumption_go_on_and_a_command_waits(stage: Stage, server: PostgresServer):
    async with AsyncExitStack() as stack:
        operator = await stack.enter_async_context(Visitor.of(stage.hub.settings.url, "operator"))
        port, which = stage.hub.port, str(uuid4())
        guest = await stack.enter_async_context(Guest(port, {}, operator.cookie).staying())
        asker = await stack.enter_async_context(Guest(port, {}, operator.cookie).staying())
        room = (await guest.call("watch", {"view": "stations", "params": {}}))["room"]

        async with asyncio.TaskGroup() as group:
            with standing_still(server):
                asked = group.create_task(until_done(asker, wish(which)))
                await stage.hub.bus.publish(room, b'{"n":1}')
                await hears(guest, 1)
                await cut_and_back(guest)
                await stage.hub.bus.publish(room, b'{"n":2}')
                await hears(guest, 2)
                healthy = await operator.get("/healthz")
                waits = not asked.done()
        again = await asker.call("ask", wish(which))

    assert (healthy, waits, guest.recovered) == ({"ok": True}, True, [False, True])
    assert again == asked.result()[1]


async def test_a_database_that_dies_makes_nobody_ask_twice_in_vain(stage: Stage, server: PostgresServer):
    async with Visitor.of(stage.hub.settings.url, "operator") as operator, Guest(stage.hub.port, {}, operator.cookie).staying() as guest:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        wishes = [wish(str(uuid4())) for _ in range(10)]

        answers = [await until_done(guest, one) for one in wishes]
        again = [await guest.call("ask", one) for one in wishes]

    refused = {said["problem"]["status"] for said, _ in answers if not said["ok"]}
    assert refused <= {503}
    assert [late["result"] for _, late in answers] == [said["result"] for said in again]
    assert await stage.value("select count(*) from dispatch.broadcast") == len(wishes)


async def test_a_clock_that_jumps_disturbs_nobody(stage: Stage):
    """The wall clock only: what waits, waits by the other one."""
    async with Visitor.of(stage.hub.settings.url, "operator") as operator, Guest(stage.hub.port, {}, operator.cookie).staying() as guest:
        room = (await guest.call("watch", {"view": "stations", "params": {}}))["room"]
        for hours in (5, -5):
            stage.later(hours=hours)
            await cut_and_back(guest)
            await stage.hub.bus.publish(room, b'{"n":1}')
        answer = await guest.call("ask", wish(str(uuid4())))

    assert (guest.recovered, answer["ok"], guest.closes) == ([False, True, True], True, [])
