"""Stations without a screen take the calls of a real hub; the packet process runs beside it."""

from __future__ import annotations

import asyncio
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from edge.agent import Agent
from edge.calls.rules import CallPolicy
from edge.calls.telephone import Telephone
from edge.settings import Settings
from tests.flows.edge.conftest import at_work
from tests.flows.gateway.visitor import Visitor
from tests.flows.media.stage import Caller, Studio, on_line, pitch_of, studio, until
from tests.patience import PATIENCE

STATIONS = ("station:1", "station:17", "station:18")
VOICE, TONE = 900, 400


def telephone(agent: Agent) -> Telephone:
    return agent.telephones[0]


@asynccontextmanager
async def stations(on_air: Studio, folder: Path, always: bool = False, **more: Any) -> AsyncIterator[tuple[Agent, ...]]:
    settings = Settings(
        hub=on_air.url, stations={name: on_air.keys[name] for name in STATIONS}, data=folder / "edge",
        sink=f"wav:{folder / 'heard'}", calls=CallPolicy(always), voice=f"tone:{TONE}", **more)
    async with at_work(settings) as agents:
        await until(lambda: all(agent.link.joined.is_set() for agent in agents))
        yield agents


def heard(folder: Path, station: str) -> set[int]:
    found: set[int] = set()
    for path in (folder / "heard" / station.replace(":", "-")).glob("*.wav"):
        with wave.open(str(path)) as file:
            sound = array("h", file.readframes(file.getnframes()))
        for at in range(0, len(sound) - 4800, 4800):
            found |= pitch_of(sound[at : at + 4800])
    return found


async def states(operator: Visitor, call: str) -> dict[str, str]:
    rows = (await operator.see("call_members", call=call))["rows"]
    return {row["id"]: row["state"] for row in rows if row["id"] in STATIONS}


async def until_all(operator: Visitor, call: str, state: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while set((await states(operator, call)).values()) != {state}:
            await asyncio.sleep(0.05)


async def test_three_stations_are_called_answer_hear_the_voice_are_heard_and_hang_up(dsn: str, tmp_path: Path) -> None:
    async with studio(dsn, tmp_path / "hub") as on_air, Visitor.of(on_air.url, "operator") as operator, stations(on_air, tmp_path, always=True) as agents:
        call = (await operator.ask("StartCall", kind="group", targets=STATIONS, title="防汛"))["result"]["call"]
        speaker = Caller(operator.web, on_air.url, f"call:{call}", {"X-Hub-CSRF": operator.csrf}, VOICE)
        async with on_line(speaker):
            await until(lambda: all(VOICE in heard(tmp_path, station) for station in STATIONS))
            await speaker.hears(TONE)
            await until_all(operator, call, "joined")

            for agent in agents:
                await telephone(agent).hang_up(call)
            await until(lambda: not any(telephone(agent).talking for agent in agents))

        await until_all(operator, call, "left")
        assert all(telephone(agent).heard.audible for agent in agents)


async def test_a_station_lets_a_call_ring_that_the_hub_does_not_have_answered_by_itself(dsn: str, tmp_path: Path) -> None:
    async with studio(dsn, tmp_path / "hub") as on_air, Visitor.of(on_air.url, "operator") as operator, stations(on_air, tmp_path) as agents:
        rings = (await operator.ask("StartCall", kind="group", targets=STATIONS, options={"ring_seconds": 300}))["result"]["call"]
        await until(lambda: all(telephone(agent).calls for agent in agents))
        assert set((await states(operator, rings)).values()) == {"ringing"}
        announced = (await operator.ask("StartCall", kind="announce", targets=STATIONS))["result"]["call"]

        await until(lambda: all(telephone(agent).talking for agent in agents))

        assert set((await states(operator, rings)).values()) == {"ringing"}
        await until_all(operator, announced, "joined")


async def test_stations_without_a_screen_come_into_a_round_show_a_test_card_and_see_and_hear_each_other(dsn: str, tmp_path: Path) -> None:
    async with studio(dsn, tmp_path / "hub") as on_air, Visitor.of(on_air.url, "operator") as operator, stations(
            on_air, tmp_path, always=True, rounds=True, camera="test", watch=1) as agents:
        meeting = (await operator.ask("OpenMeeting", title="汛情会商", targets=STATIONS))["result"]["meeting"]
        rounds = [agent.telephones[1] for agent in agents]
        await until(lambda: all(one.talking and one.seen and one.seen.frames > 5 for one in rounds))
        await until(lambda: all(TONE in heard(tmp_path, station) for station in STATIONS))

        await operator.ask("EndMeeting", meeting=meeting)
        await until(lambda: not any(one.talking for one in rounds))
