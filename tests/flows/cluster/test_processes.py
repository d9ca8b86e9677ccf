"""Two processes on one port are one hub."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

from hub.kernel.clock import SystemClock
from tests.flows.cluster.guest import Guest
from tests.flows.cluster.stage import Cluster, children_of, until
from tests.flows.gateway.visitor import Visitor
from tests.patience import PATIENCE

CROWD = 8


async def one_on_each(stack: AsyncExitStack, two: Cluster, auth: dict[str, Any], cookie: str = "") -> list[Guest]:
    """Guests with the same rights, one on each process: as many knock as it takes."""
    found: dict[int | None, Guest] = {}
    while len(found.keys() - {None}) < 2:
        guest = await stack.enter_async_context(Guest(two.port, auth, cookie).staying())
        found.setdefault(two.worker_of(guest), guest)
        await asyncio.sleep(0.01)  # whose turn it is to take one in may stand still
    return [guest for worker, guest in found.items() if worker is not None]


async def send(operator: Visitor, station: str) -> str:
    which = str(uuid4())
    await operator.ask("SendBroadcast", id=which, title="防汛通知", text="请立即到岗。", audience={"recipients": [station]})
    return which


async def first_row(screen: Guest) -> Any:
    return await screen.until(lambda: next(iter(rows_told(screen)), None))


async def sees_confirmed(desk: Guest) -> None:
    await desk.until(lambda: any(row["outcomes"].get("confirmed") == 1 for row in rows_told(desk)))


def rows_told(guest: Guest) -> list[Any]:
    return [row for told in guest.told for _, row in told["changes"] if row]


async def test_what_is_sent_through_one_process_reaches_the_other_and_is_answered_there(two: Cluster):
    station = "station:17"
    async with AsyncExitStack() as stack:
        operator = await stack.enter_async_context(Visitor.of(two.url, "operator"))
        screens = await one_on_each(stack, two, {"device": two.keys[station]})
        desks = await one_on_each(stack, two, {}, operator.cookie)
        for screen in screens:
            assert (await screen.call("watch", {"view": "inbox", "params": {}}))["ok"]
        which = await send(operator, station)
        for desk in desks:
            assert (await desk.call("watch", {"view": "broadcast", "params": {"broadcast": which}}))["ok"]

        row, _ = [await first_row(screen) for screen in screens]
        answer = await screens[0].call("ask", {"type": "ReportReceipts", "id": str(uuid4()), "items": [
            {"delivery": row["id"], "state": "confirmed", "at": SystemClock().now().isoformat(), "reply": "received"}]})

        assert answer["ok"], answer
        for desk in desks:
            await sees_confirmed(desk)


async def test_when_the_leader_is_killed_the_works_go_on_and_clients_come_back(two: Cluster):
    async with AsyncExitStack() as stack:
        operator = await stack.enter_async_context(Visitor.of(two.url, "operator"))
        screen = await stack.enter_async_context(Guest(two.port, {"device": two.keys["station:17"]}).staying())
        await screen.call("watch", {"view": "inbox", "params": {}})
        killed = await until(lambda: leader_of(two))

        os.kill(killed, signal.SIGKILL)
        await until(lambda: killed not in two.workers() and len(two.workers()) == 2)
        await two.says("leads  ", times=2)
        async with asyncio.timeout(PATIENCE):
            while (await screen.call("watch", {"view": "inbox", "params": {}})).get("ok") is not True:
                await asyncio.sleep(0.05)
        which = await send(operator, "station:17")

        await screen.until(lambda: any(row["broadcast"] == which for row in rows_told(screen)))


def leader_of(two: Cluster) -> int | None:
    """Whoever died is known by whose place was taken; the first to lead says so in the log."""
    return next((pid for pid in two.workers() if pid in leaders(two)), None)


def leaders(two: Cluster) -> set[int]:
    return {int(line.rpartition("pid=")[2]) for line in two.said if "leads" in line and "pid=" in line}


async def test_all_processes_end_with_the_supervisor(two: Cluster):
    family = children_of(two.process.pid)

    two.process.terminate()
    async with asyncio.timeout(PATIENCE):
        await two.process.wait()

    await until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in family))


async def test_a_killed_supervisor_takes_all_along(two: Cluster):
    family = children_of(two.process.pid)

    two.process.kill()

    await until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in family))
