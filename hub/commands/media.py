"""Voice and picture beside the hub: the plane (packets) and the studio (files), one of each for all workers,
started again at once when it dies, gone when we are gone.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from hub.commands.children import ended, spawn
from hub.settings import MEDIA_PORT_AFTER, Settings

log = structlog.get_logger()

STOP_SECONDS = 1.5
QUICKLY = 3.0
"""Who ends sooner than this after its start is started again only after a pause."""
PAUSE, LONGEST_PAUSE = 0.5, 10.0


@asynccontextmanager
async def media_in(settings: Settings) -> AsyncIterator[None]:
    """Does not wait until they answer: the hub is there before them, and after."""
    if not settings.media:
        yield
        return
    folder = settings.media_folder
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    logs = settings.data
    async with asyncio.TaskGroup() as group:
        watches = [group.create_task(_kept(name, logs / f"{name}.log", command)) for name, command in _commands(settings, folder)]
        try:
            yield
        finally:
            for watch in watches:
                watch.cancel()


def _commands(settings: Settings, folder: Path) -> list[tuple[str, list[str]]]:
    port = settings.media_port or settings.port + MEDIA_PORT_AFTER
    program = [sys.executable, "-m", "media"]
    return [
        ("plane", [*program, "plane", "--socket", str(folder / "plane.sock"), "--host", settings.host, "--port", str(port),
                   "--public", ",".join(settings.media_public)]),
        ("studio", [*program, "studio", str(folder)]),
    ]


async def _kept(name: str, out: Path, command: Sequence[str]) -> None:
    loop, pause = asyncio.get_running_loop(), PAUSE
    while True:
        began = loop.time()
        process = await _started(out, command)
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(ended(process, STOP_SECONDS))
        log.warning("ended; another takes its place", process=name, code=code)
        if loop.time() - began < QUICKLY:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            pause = PAUSE


async def _started(out: Path, command: Sequence[str]) -> asyncio.subprocess.Process:
    with out.open("ab") as log_file:
        return await spawn(log_file, list(command))
