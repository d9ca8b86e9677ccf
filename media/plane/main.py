"""`python -m media plane --socket PATH --port N`: the packet process. Runs until its parent ends it."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from hub.kernel.clock import SystemClock
from media.plane.control import HubLine
from media.plane.plane import Plane
from media.plane.requests import Requests
from media.plane.switch import Switch

log = structlog.get_logger()


def main(arguments: Sequence[str]) -> int:
    told = argparse.ArgumentParser(prog="python -m media plane", description=__doc__)
    told.add_argument("--socket", type=Path, required=True, help="the Unix socket on which hub processes ask")
    told.add_argument("--host", default="127.0.0.1")
    told.add_argument("--port", type=int, default=0, help="UDP and TCP")
    told.add_argument("--public", default="", help="addresses under which clients reach it, with commas")
    given = told.parse_args(arguments)
    public = [one.strip() for one in given.public.split(",") if one.strip()]
    asyncio.run(_serve(given.socket, given.host, given.port, public))
    return 0


async def _serve(socket: Path, host: str, port: int, public: Sequence[str]) -> None:
    over = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, over.set)
    async with plane(socket, host, port, public) as opened:
        gc.collect()
        gc.freeze()
        log.info("plane runs", port=opened)
        await over.wait()


@asynccontextmanager
async def plane(socket: Path, host: str, port: int, public: Sequence[str] = ()) -> AsyncIterator[int]:
    """Yields the port of packets."""
    requests: list[Requests] = []
    rooms = Plane(lambda told: requests[0].tell(told), SystemClock().now())
    requests.append(Requests(rooms))
    switch = rooms.patch.switch = Switch(rooms, socket.parent / "built")
    opened = await switch.open(host, port, public)
    await asyncio.to_thread(socket.unlink, missing_ok=True)
    server = await asyncio.get_running_loop().create_unix_server(lambda: HubLine(requests[0]), str(socket))
    try:
        yield opened
    finally:
        server.close()
        requests[0].playout.close()
        await switch.close()
