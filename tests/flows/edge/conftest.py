from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from edge.agent import Agent
from edge.backoff import Backoff
from edge.fleet import fleet, run_agents
from edge.settings import Settings
from hub.kernel.clock import SystemClock
from tests.flows.edge.door import Door
from tests.patience import PATIENCE

KEYS = {f"station:{n}": f"dk_{n}" for n in range(1, 4)}
QUICK = Backoff(first=0.05, most=0.2, refused=60)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door(KEYS)
    await door.open()
    yield door
    await door.close()


@pytest.fixture
def settings(door: Door, tmp_path: Path) -> Settings:
    """One station whose loudspeaker is a folder of WAV files."""
    return Settings(hub=door.url, stations={"station:1": "dk_1"}, data=tmp_path / "data",
                    sink=f"wav:{tmp_path / 'heard'}", speed=4.0)


@asynccontextmanager
async def at_work(settings: Settings, backoff: Backoff = QUICK, **more: object) -> AsyncIterator[tuple[Agent, ...]]:
    settings = replace(settings, **more)  # type: ignore[arg-type] # names are checked when run
    async with fleet(settings, SystemClock(), backoff) as agents, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run_agents(agents))
        yield agents
        running.cancel()


def heard(tmp_path: Path, station: str = "station-1") -> dict[str, list[list[int]]]:
    """By delivery: the frames of each stretch that was played, in order."""
    stretches: dict[str, list[list[int]]] = {}
    folder = tmp_path / "heard" / station if station else tmp_path / "heard"
    for path in sorted(folder.glob("*.wav"), key=lambda p: int(p.stem.rpartition("-")[2])):
        if path.stat().st_size <= 44:
            continue
        with wave.open(str(path)) as file:
            samples = file.readframes(file.getnframes())
        frames = [int.from_bytes(samples[n:n + 2], "little") for n in range(0, len(samples), 2)]
        stretches.setdefault(path.stem.rpartition("-")[0], []).append(frames)
    return stretches


async def heard_more_than(tmp_path: Path, frames: int, station: str = "station-1") -> None:
    """A loudspeaker tells nobody what it plays: one has to listen from time to time."""
    async with asyncio.timeout(PATIENCE):
        while sum(len(f) for s in heard(tmp_path, station).values() for f in s) <= frames:
            await asyncio.sleep(0.05)
