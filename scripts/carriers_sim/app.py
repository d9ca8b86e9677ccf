"""Puts the simulator together; the tests start the same one on a free port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from hub.kernel.clock import Clock, SystemClock
from scripts.carriers_sim.agenda import Agenda
from scripts.carriers_sim.control import Control
from scripts.carriers_sim.gate import Gate
from scripts.carriers_sim.knobs import Knobs
from scripts.carriers_sim.ports import Ports
from scripts.carriers_sim.postman import Postman
from scripts.carriers_sim.province import Platform
from scripts.carriers_sim.province_control import ProvinceControl
from scripts.carriers_sim.reader import Reader
from scripts.carriers_sim.settings import Options
from scripts.carriers_sim.twilio_calls import Calls
from scripts.carriers_sim.twilio_messages import Messages
from scripts.carriers_sim.twilio_rest import TwilioDoors
from scripts.carriers_sim.wechat_api import WechatDoors
from scripts.carriers_sim.wechat_push import Pusher
from scripts.carriers_sim.world import World

LARGEST_REQUEST = 1024 * 1024


def build(world: World, postman: Postman, ports: Ports) -> web.Application:
    reader = Reader(world, postman)
    gate = Gate(world)
    calls = Calls(world, postman)
    pusher = Pusher(world, postman, reader)
    wechat = WechatDoors(world, gate, pusher)
    platform = Platform(world, gate, postman)
    twilio = TwilioDoors(world, gate, Messages(world, postman, reader), calls)
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.add_routes(twilio.routes())
    app.add_routes(wechat.routes())
    app.add_routes(platform.routes())
    app.add_routes(ProvinceControl(platform).routes())
    app.add_routes(Control(world, calls, wechat, pusher, reader, ports).routes())
    return app


@asynccontextmanager
async def running(
    options: Options, knobs: Knobs | None = None, clock: Clock | None = None
) -> AsyncIterator[tuple[World, int]]:
    """The world and the port it is served on (`options.port` 0 takes a free one)."""
    world = World(options, clock or SystemClock(), Agenda(), knobs or Knobs())
    postman = Postman(world)
    ports = Ports(options)
    runner = web.AppRunner(
        build(world, postman, ports),
        access_log=None,
        shutdown_timeout=0.5,
        handler_cancellation=True,
    )
    await runner.setup()
    site = web.TCPSite(runner, options.host, options.port, backlog=1024)
    try:
        await site.start()
        await ports.serve(runner, world.knobs)
        async with asyncio.TaskGroup() as group:
            work = group.create_task(world.agenda.run())
            yield world, runner.addresses[0][1]
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
    finally:
        await runner.cleanup()
        await postman.close()
