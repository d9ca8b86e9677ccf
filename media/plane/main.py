"""`python -m media plane --socket PATH --port N`: the packet process. Runs until its parent ends it.

With `--turn FILE` it makes everything ready and serves only when no other one with this file does (`turn.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from hub.kernel.clock import SystemClock
from media.plane.control import HubLine
from media.plane.dtls import Identity
from media.plane.fanout_c import compiled
from media.plane.plane import Plane
from media.plane.pulse import pulse
from media.plane.requests import Requests
from media.plane.switch import Switch
from media.plane.turn import own_turn

log = structlog.get_logger()

TRIES, PAUSE = 40, 0.025
"""Of who takes another one's place: the port of one that has just died is free a moment later."""
FIRST = -10
BUILT = "built"


def main(arguments: Sequence[str]) -> int:
    told = argparse.ArgumentParser(prog="python -m media plane", description=__doc__)
    told.add_argument("--socket", type=Path, required=True, help="the Unix socket on which hub processes ask")
    told.add_argument("--host", default="127.0.0.1")
    told.add_argument("--port", type=int, default=0, help="UDP and TCP")
    told.add_argument("--public", default="", help="addresses under which clients reach it, with commas")
    told.add_argument("--turn", type=Path, help="a file; of all who name it one serves at a time")
    told.add_argument("--first-number", type=int, help="with which all that goes out begins, instead of one by chance")
    asyncio.run(_until_ended(told.parse_args(arguments)))
    return 0


async def _until_ended(given: argparse.Namespace) -> None:
    over = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, over.set)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(_serve(given))
        await over.wait()
        serving.cancel()


async def _serve(given: argparse.Namespace) -> None:
    with suppress(OSError):  # only who may is allowed to; then voices come before all other work of the machine
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    public = [one.strip() for one in given.public.split(",") if one.strip()]
    identity = Identity()
    await asyncio.to_thread(compiled, given.socket.parent / BUILT)
    gc.collect()
    gc.freeze()
    if given.turn is not None:
        log.info("plane is ready")
        await own_turn(given.turn)
    async with plane(given.socket, given.host, given.port, public, identity, given.first_number) as opened:
        log.info("plane runs", port=opened)
        await asyncio.Event().wait()


@asynccontextmanager
async def plane(
    socket: Path, host: str, port: int, public: Sequence[str] = (), identity: Identity | None = None, first: int | None = None,
) -> AsyncIterator[int]:
    """Yields the port of packets."""
    requests: list[Requests] = []
    rooms = Plane(lambda told: requests[0].tell(told), SystemClock().now())
    requests.append(Requests(rooms))
    switch = rooms.patch.switch = Switch(rooms, socket.parent / BUILT, identity, first)
    opened = await _opened(switch, host, port, public)
    await asyncio.to_thread(socket.unlink, missing_ok=True)
    server = await asyncio.get_running_loop().create_unix_server(lambda: HubLine(requests[0]), str(socket))
    beats = await pulse(socket.parent)
    try:
        yield opened
    finally:
        beats.close()
        server.close()
        requests[0].playout.close()
        await switch.close()


async def _opened(switch: Switch, host: str, port: int, public: Sequence[str]) -> int:
    for _ in range(TRIES if port else 0):
        try:
            return await switch.open(host, port, public)
        except OSError:
            await asyncio.sleep(PAUSE)
    return await switch.open(host, port, public)
