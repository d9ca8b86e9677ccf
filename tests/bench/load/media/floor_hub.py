"""The floor asked for over HTTP of a whole hub with the demo city."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

from hub.record import PostgresServer, run_migrations
from tests.bench.figure import Figure, percentile
from tests.bench.load.media.caller import Caller
from tests.bench.stage import HUB_AND_CARRIERS, hub, operator
from tests.flows.gateway.visitor import Visitor
from tests.ports import free_port

WARM = 20


async def floor_through_hub(folder: Path, turns: int) -> list[Figure]:
    port = str(free_port(HUB_AND_CARRIERS))
    home = folder / "hub"
    home.mkdir()
    async with PostgresServer(home / "postgres") as server:
        await run_migrations(server.dsn)
        settings = {"HUB_MEDIA": "on", "HUB_MEDIA_PORT": port}
        async with hub("up", home, server.dsn, **settings) as (url, _), operator(url), Visitor.of(url, "operator") as asker:
            took = await _asked(asker, turns)
    slow = percentile(sorted(took), 0.99)
    return [Figure(name="floor granted, asked by HTTP of the whole hub, p99", value=round(slow, 2), unit="ms"),
            Figure(name="the same, median", value=round(percentile(sorted(took), 0.5), 2), unit="ms")]


async def _asked(asker: Visitor, turns: int) -> list[float]:
    call = (await asker.ask("StartCall", kind="ptt", targets=["station:1"]))["result"]["call"]
    room = f"call:{call}"
    caller = Caller("audio sendonly")
    await caller.connect((await _joined(asker, room, caller))["answer"])
    took: list[float] = []
    for _ in range(turns + WARM):
        began = perf_counter()
        await asker.ask("AskFloor", room=room)
        took.append(1000 * (perf_counter() - began))
        await asker.ask("ReleaseFloor", room=room)
    caller.close()
    return took[WARM:]


async def _joined(asker: Visitor, room: str, caller: Caller) -> Any:
    wish = {"offer": caller.offer(), "nonce": "bench", "roles": {"0": "mic"}}
    async with asker.web.post(
            f"{asker.url}/api/media/rooms/{room}/join", json=wish, headers={"X-Hub-CSRF": asker.csrf}) as answer:
        answer.raise_for_status()
        return await answer.json()
