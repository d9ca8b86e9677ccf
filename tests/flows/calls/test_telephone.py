"""A telephone in a call, over the simulated carrier, the real plane and the real studio."""

from __future__ import annotations

import asyncio
import math
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from hub.access.seed import demo_device_keys, seed_demo_accounts
from hub.app import Hub, hub_on
from hub.kernel.actor import Actor, Role
from hub.kernel.clock import SystemClock
from hub.kernel.ids import derived
from media.calls.messages import commands as c
from media.calls.playing import Playing
from media.calls.words import CallKind
from media.plane.main import plane
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.people import Habits
from scripts.carriers_sim.world import World
from tests.flows.broadcast.stage import CALM, closed_port, person, phone, settings_for, settle_city
from tests.flows.media.stage import Caller, on_line, until
from tests.flows.studio.stage import studio
from tests.patience import PATIENCE

DUTY = Actor(id=f"account:{derived('account', 'operator')}", name="值班员", roles=(Role.OPERATOR,), scopes=("city",))
STATION, ANSWERS, BUSY = "station:17", f"phone:{person('李代表')}", f"phone:{person('王代表')}"


@dataclass
class Exchange:
    hub: Hub
    world: World
    web: aiohttp.ClientSession
    key: str

    async def do(self, shape: Any, **more: Any) -> Any:
        return await self.hub.desk.ask(shape(id=uuid4(), **more), DUTY)

    async def members(self, call: UUID) -> dict[str, Any]:
        view = self.hub.views.find("call_members", DUTY)
        return {row.id: row for row in (await self.hub.views.fetch(view, self.hub.views.params(view, {"call": str(call)}), DUTY)).rows}

    async def sound(self, pitch: int, seconds: float) -> UUID:
        """An uploaded file."""
        file, folder = uuid4(), self.hub.settings.data / "files"
        turn = 2 * math.pi * pitch / 16_000
        with wave.open(str(folder / f"{file}.wav"), "wb") as writer:
            writer.setparams((1, 2, 16_000, 0, "NONE", ""))
            writer.writeframes(array("h", (int(12_000 * math.sin(turn * at)) for at in range(int(16_000 * seconds)))).tobytes())
        async with self.hub.db.transaction() as conn:
            await conn.execute(
                "insert into files.file(id, name, mime, size, sha256, seconds, purpose, variants, by_id, at)"
                " values ($1, 'notice.wav', 'audio/wav', 1, '', $2, 'audio', $3, $4, now())", file, seconds, {"original": f"{file}.wav"}, DUTY.id)
        return file

    async def stops_playing(self, call: UUID) -> None:
        async with asyncio.timeout(PATIENCE), self.hub.db.read() as conn:
            while await conn.fetchval("select playing from media.call where id = $1", call):
                await asyncio.sleep(0.02)

    async def another_leads(self) -> None:
        """Another process says what should play, and knows nothing of what was begun."""
        hub, data = self.hub, self.hub.settings.data
        playing = Playing(hub.db, hub.media.engine, hub.media.studio, hub.desk.ask, files=data / "files", made=data / "playable", data=data,
                          clock=SystemClock())
        async with asyncio.TaskGroup() as tasks:
            leading = tasks.create_task(playing.run())
            await until(lambda: playing.begun)
            leading.cancel()

    async def nothing_plays(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while (await self.hub.media.engine.figures())["playing"]:
                await asyncio.sleep(0.02)

    async def becomes(self, call: UUID, *refs: str) -> list[tuple[str, bool, str]]:
        """What they are once nobody rings any more and sound comes from who has answered."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [(await self.members(call))[ref] for ref in refs]
                if all(one.connected == (one.state == "joined") and one.state != "ringing" for one in found):
                    return [(str(one.state), one.connected, one.why) for one in found]
                await asyncio.sleep(0.02)


@pytest.fixture
async def exchange(dsn: str, tmp_path: Path) -> AsyncIterator[Exchange]:
    plain, options = settings_for(tmp_path)
    settings, clock = msgspec.structs.replace(plain, media=True, media_port=closed_port()), SystemClock()
    settings.media_folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(plane(settings.media_folder / "plane.sock", "127.0.0.1", settings.media_port))
        await stack.enter_async_context(studio(settings.media_folder))
        world, _ = await stack.enter_async_context(running(options, turned(Knobs(), CALM), clock))
        web = await stack.enter_async_context(aiohttp.ClientSession())
        hub = await stack.enter_async_context(hub_on(dsn, settings, clock))
        await settle_city(hub)
        await seed_demo_accounts(hub.access, clock.now())
        keys = await demo_device_keys(hub.access, clock.now())
        await until(lambda: not hub.media.engine.away and not hub.media.studio.away)
        yield Exchange(hub, world, web, keys[STATION])


async def test_a_station_and_a_telephone_hear_each_other_until_they_are_taken_out(exchange: Exchange):
    exchange.world.store.habits[phone("王代表")] = msgspec.convert({"phone": "busy"}, Habits)
    call = UUID((await exchange.do(c.StartCall, kind=CallKind.CONFERENCE, targets=(STATION, ANSWERS, BUSY)))["call"])
    room, url, headers = f"call:{call}", exchange.hub.settings.url, {"Authorization": f"Device {exchange.key}"}
    present = partial(exchange.hub.media.engine.present, room)
    async with exchange.web.post(f"{url}/api/media/rooms/{room}/join", json={"offer": "v=0\r\n", "nonce": "x"}, headers=headers) as early:
        assert (await early.json())["code"] == "not-admitted"
    async with exchange.web.post(f"{url}/api/commands/AnswerCall", json={"id": str(uuid4()), "call": str(call)}, headers=headers) as told:
        assert told.status == 200
    async with on_line(Caller(exchange.web, url, room, headers, 1000)) as station:
        await station.hears(400)
        rung = next(iter(exchange.world.store.calls.newest(phone("李代表"))))
        await until(lambda: rung.streamed > 10)
        assert await exchange.becomes(call, STATION, ANSWERS, BUSY) == [
            ("joined", True, ""), ("joined", True, ""), ("declined", False, "declined：占线")]

        await exchange.do(c.MuteInCall, call=call, ref=STATION, on=True)
        await until(lambda: not next(peer.talk for peer in present() if peer.ref == STATION))
        await exchange.do(c.RemoveFromCall, call=call, ref=ANSWERS)
        await until(lambda: rung.status == "completed" and [peer.ref for peer in present()] == [STATION])

        await exchange.do(c.PlayInCall, call=call, file=await exchange.sound(700, seconds=2.0))
        await station.hears(700)
        await exchange.stops_playing(call)

        await exchange.do(c.HoldCall, call=call, on=True)
        await station.hears(900)
        await exchange.another_leads()
        assert (await exchange.hub.media.engine.figures())["playing"] == 1, "stated twice, and played once"
        await exchange.do(c.HoldCall, call=call, on=False)
        await exchange.nothing_plays()
        await exchange.do(c.TakeDown, call=call)
        await until(lambda: not present())
