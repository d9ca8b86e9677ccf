"""The agents of many stations (`python -m edge`) are called at once through a whole hub; each hears and is heard."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path
from time import perf_counter

from hub.commands.up import FLEET_KEYS
from hub.record import PostgresServer, run_migrations
from tests.bench.figure import Figure, at_most
from tests.bench.stage import HUB_AND_CARRIERS, hub, operator, process
from tests.flows.gateway.visitor import Visitor
from tests.ports import free_port

AGENTS = 24
"""So many decode three voices each without filling two cores."""
TALK, PATIENCE = 5.0, 60.0


async def called_at_once(folder: Path) -> list[Figure]:
    port, home = str(free_port(HUB_AND_CARRIERS)), folder / "agents"
    home.mkdir()
    async with PostgresServer(home / "postgres") as server:
        await run_migrations(server.dsn)
        async with hub("up", home, server.dsn, HUB_MEDIA="on", HUB_MEDIA_PORT=port) as (url, _), operator(url), Visitor.of(url, "operator") as asker:
            async with process(home / "fleet.log", *_fleet(home, url)):
                took = await _joined(asker, list(_keys(home)))
            deaf = [station for station in _keys(home) if not _heard(home / "heard" / station.replace(":", "-"))]
    return [Figure(name=f"{AGENTS} agents are called at once: all have answered and are connected", value=round(took, 2), unit="s"),
            at_most("of them have heard nobody", len(deaf), "", 0)]


def _keys(home: Path) -> dict[str, str]:
    keys: dict[str, str] = json.loads((home / "data" / FLEET_KEYS).read_text())
    return dict(sorted(keys.items())[:AGENTS])


def _fleet(home: Path, url: str) -> tuple[str, ...]:
    """They take the place of the demo city's agents, who take no calls."""
    keys = home / "keys.json"
    keys.write_text(json.dumps(_keys(home)))
    keys.chmod(0o600)
    return ("-m", "edge", "--fleet", str(AGENTS), "--hub", url, "--keys", str(keys), "--data", str(home / "fleet"),
            "--calls", "--auto-answer", "--voice", "tone", "--sink", f"wav:{home / 'heard'}")


async def _joined(asker: Visitor, stations: list[str]) -> float:
    """Seconds until all who were called are in it; by the second call, since in the first some are still arriving."""
    await _called(asker, stations)
    return await _called(asker, stations, TALK)


async def _called(asker: Visitor, stations: list[str], talk: float = 0.0) -> float:
    call, began = (await asker.ask("StartCall", kind="conference", targets=stations))["result"]["call"], perf_counter()
    async with asyncio.timeout(PATIENCE):
        while await _states(asker, call, stations) != {"joined"}:
            await asyncio.sleep(0.02)
    took = perf_counter() - began
    await asyncio.sleep(talk)
    await asker.ask("EndCall", call=call)
    return took


async def _states(asker: Visitor, call: str, stations: list[str]) -> set[str]:
    return {row["state"] for row in (await asker.see("call_members", call=call))["rows"] if row["id"] in stations}


def _heard(folder: Path) -> bool:
    for path in folder.glob("*.wav"):
        with wave.open(str(path)) as file:
            if any(file.readframes(file.getnframes())):
                return True
    return False
