"""`python -m media studio FOLDER`: runs until its parent ends it; sockets in FOLDER."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
from collections.abc import Sequence
from pathlib import Path

import structlog
import uvloop

from hub.kernel.clock import SystemClock
from media.studio.desk import Desk
from media.studio.files import Writer
from media.studio.taps import TapConnection
from media.wires_studio import CONTROL_SOCKET, TAP_SOCKET

log = structlog.get_logger("media.studio")


def main(arguments: Sequence[str]) -> int:
    told = argparse.ArgumentParser(prog="python -m media studio", description=__doc__)
    told.add_argument("folder", type=Path)
    folder: Path = told.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    uvloop.run(serve(folder))
    return 0


async def serve(folder: Path) -> None:
    over = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, over.set)
    writer = Writer()
    async with asyncio.TaskGroup() as group:
        desk = Desk(writer, SystemClock(), group)
        control = await asyncio.start_unix_server(desk.serve, fresh(folder / CONTROL_SOCKET))
        taps = await asyncio.get_running_loop().create_unix_server(lambda: TapConnection(desk), fresh(folder / TAP_SOCKET))
        gc.collect()
        gc.freeze()
        log.info("studio runs", folder=str(folder))
        await over.wait()
        taps.close()
        await desk.stop()
        control.close()
        await asyncio.sleep(0.05)  # for what was said last
    writer.stop()


def fresh(path: Path) -> Path:
    """A socket that a killed studio left behind takes no calls."""
    path.unlink(missing_ok=True)
    return path
