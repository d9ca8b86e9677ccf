"""A hub that is one process ends, also without a word, and comes back: its guests resume."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.gateway.live.connection import Connection
from hub.gateway.live.disk import Disk
from hub.gateway.live.knock import Knock
from hub.gateway.live.server import Entered, LiveServer
from tests.flows.cluster.guest import Guest
from tests.flows.live.nodes import hears, numbers
from tests.flows.live.test_resume import stock_client
from tests.patience import PATIENCE
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


class House:
    """A live server with a disk. Who asks `join` joins; who asks `tell` tells everybody."""

    def __init__(self, folder: Path) -> None:
        self.disk = Disk(folder)
        self.live = LiveServer(bus=self.disk.bus, keep=self.disk, enter=self._enter, answer=self._answer, left=lambda _: None)
        self.disk.restore(self.live.sessions, self.live.rooms, time.monotonic())

    async def _enter(self, connection: Connection, _knock: Knock, auth: Mapping[str, Any]) -> Entered:
        return Entered("guest", str(auth["who"]))

    async def _answer(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        if event == "join":
            self.live.join(connection, "hall")
        else:
            for number in arguments[0]:
                self.disk.bus.tell("hall", json.dumps({"n": number}).encode())
        return {"ok": True}


async def serve(folder: Path, port: int) -> None:
    house = House(folder)
    server = await asyncio.get_running_loop().create_server(house.live.protocol, "127.0.0.1", port, reuse_address=True)
    async with server:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await house.live.run()


class Life:
    """The house in a process of its own, which may be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.flows.live.test_restart", str(self._folder), str(self.port), cwd=ROOT,
            stdout=asyncio.subprocess.PIPE)
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            await self._process.stdout.readline()

    async def end(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()


@asynccontextmanager
async def life_in(folder: Path) -> AsyncIterator[Life]:
    life = Life(folder)
    await life.begin()
    try:
        yield life
    finally:
        await life.end()


async def gone(guest: Guest) -> None:
    while guest.here.is_set():
        await asyncio.sleep(0.005)


async def test_who_was_cut_off_by_a_killed_hub_resumes_after_its_restart(tmp_path: Path):
    async with life_in(tmp_path) as life, Guest(life.port, {"who": "a"}).staying() as guest, \
            Guest(life.port, {"who": "b"}).staying() as silent:
        for one in (guest, silent):
            await one.call("join", 0)
        await guest.call("tell", [1, 2, 3])
        await hears(guest, 3)
        await hears(silent, 3)
        for first in (4, 14):
            await life.end()
            for one in (guest, silent):
                await gone(one)
            await life.begin()
            await guest.call("tell", [*range(first, first + 10)])
            await hears(guest, first + 9)
            await hears(silent, first + 9)

    assert numbers(guest) == numbers(silent) == [*range(1, 24)]
    assert guest.recovered == silent.recovered == [False, True, True]


async def test_so_does_the_stock_client_and_hears_what_was_told_while_it_was_away(tmp_path: Path):
    async with life_in(tmp_path) as life, stock_client(f"http://127.0.0.1:{life.port}") as stock, \
            Guest(life.port, {"who": "a"}).staying() as guest:
        await stock.until(connected=True)
        stock.ask("join")
        await stock.until(answered=True)
        stock.lead_to(1)
        stock.cut()
        await stock.until(connected=False)
        await guest.call("tell", [1, 2])
        await life.end()
        await gone(guest)
        await life.begin()
        await guest.call("tell", [3])
        stock.lead_to(life.port)

        assert (await stock.until(connected=True))["recovered"] is True
        await stock.hears(3)

    assert stock.told == [1, 2, 3]


def test_what_is_torn_is_not_believed(tmp_path: Path):
    house = House(tmp_path)
    for number in range(5):
        house.disk.bus.tell("hall", b"%d" % number)
    house.disk.close()
    (segment,) = tmp_path.glob("*.live")
    segment.write_bytes(segment.read_bytes()[:-3])

    found = Disk(tmp_path).found

    assert [told.number for told in found.told] == [1, 2, 3, 4]
    assert found.number == 4


def test_what_was_told_after_the_clock_was_put_back_is_read_after_what_was_told_before(tmp_path: Path):
    first = House(tmp_path)
    first.disk.bus.tell("hall", b"1")
    first.disk.close()
    (segment,) = tmp_path.glob("*.live")
    segment.rename(tmp_path / f"{time.time_ns() + 10**15:020}.live")

    second = House(tmp_path)
    second.disk.bus.tell("hall", b"2")
    second.disk.close()

    assert [told.number for told in Disk(tmp_path).found.told] == [1, 2]


def test_after_the_machine_started_anew_it_begins_anew(tmp_path: Path):
    first = Disk(tmp_path)
    first.bus.tell("hall", b"1")
    first.close()
    for segment in tmp_path.glob("*.live"):
        segment.write_bytes(b"")

    assert Disk(tmp_path).bus.epoch != first.bus.epoch


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
