"""python-socketio on aiohttp, as both come: `python -m tests.bench.peers.stock_socketio PORT`, in the peers' environment."""

from __future__ import annotations

import asyncio
import resource
import sys
import time

import socketio
from aiohttp import web

from tests.bench.load.wire import text_of
from tests.bench.peers.lines import obey

ROOM, SIZE = "all", 200


async def main(port: int) -> None:
    server = socketio.AsyncServer()

    async def come(sid: str, _environ: object) -> None:
        await server.enter_room(sid, ROOM)

    async def tell(number: int) -> None:
        await server.emit("tell", text_of(SIZE, time.monotonic_ns(), number), room=ROOM)

    server.on("connect", come)
    app = web.Application()
    server.attach(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=4096).start()
    await obey(tell, port=port)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(int(sys.argv[1])))
