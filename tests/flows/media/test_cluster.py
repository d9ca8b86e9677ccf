"""Two processes of the hub, one plane, and the real rooms of calls."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from hub.record import Database, Journal
from tests.flows.broadcast.stage import closed_port
from tests.flows.cluster.stage import cluster
from tests.flows.gateway.visitor import Visitor
from tests.flows.media.stage import Caller, on_line
from tests.patience import PATIENCE

A, B = "station:1", "station:17"


async def test_members_on_several_processes_share_the_room_and_one_turn_is_recorded_once(dsn: str, tmp_path: Path) -> None:
    port = str(closed_port())
    async with cluster(dsn, tmp_path / "d", 2, HUB_MEDIA="on", HUB_MEDIA_PORT=port) as one, Visitor.of(one.url, "operator") as operator, AsyncExitStack() as stack:
        started = await operator.ask("StartCall", kind="ptt", targets=[A, B], title="防汛对讲")
        call = started["result"]["call"]
        room = f"call:{call}"
        callers = []
        for number, station in enumerate((A, B)):
            web = await stack.enter_async_context(aiohttp.ClientSession())
            headers = {"Authorization": f"Device {one.keys[station]}"}
            await ask(web, one.url, headers, "AnswerCall", call=call)
            callers.append(await stack.enter_async_context(on_line(Caller(web, one.url, room, headers, 400 + 500 * number))))
        a, b = callers
        granted = await asked(a, "AskFloor", room)
        await b.hears(400)
        await asked(a, "ReleaseFloor", room, grant=granted["state"]["grant"])
        await asked(b, "AskFloor", room)
        await a.hears(900)
        await asked(b, "ReleaseFloor", room)

        async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:
            await turns(journal, room, 2)
            metrics = await operator.get("/metrics")
            assert len(await journal.read(f"floor-{room}")) == 2
        assert metrics.count(b"hub_media_peers{") == 2 or b"hub_media_peers" in metrics


async def asked(caller: Caller, command: str, room: str, **more: Any) -> Any:
    return await ask(caller.web, caller.url, caller.headers, command, room=room, **more)


async def ask(web: aiohttp.ClientSession, url: str, headers: dict[str, str], command: str, **body: Any) -> Any:
    async with web.post(f"{url}/api/commands/{command}", json={"id": str(uuid4())} | body, headers=headers) as answer:
        told = await answer.json()
        assert answer.status == 200, told
        return told["result"]


async def turns(journal: Journal, room: str, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(await journal.read(f"floor-{room}")) < number:
            await asyncio.sleep(0.05)
