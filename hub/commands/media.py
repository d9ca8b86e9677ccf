"""Voice and picture beside the hub: the plane (packets), one in reserve behind it, and the studio (files); one of each for
all workers, started again at once when it dies, gone when we are gone. When the plane dies, the reserve serves at once.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from hub.commands.children import ended, spawn
from hub.commands.pulse import Pulse
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
    async with asyncio.TaskGroup() as group:
        kept = Kept(settings)
        pulse = Pulse(folder)
        watches = [group.create_task(kept.run(name)) for name in ("plane", "studio")]
        watches += [group.create_task(pulse.watch()), group.create_task(_reserve(kept, pulse))]
        try:
            yield
        finally:
            for watch in watches:
                watch.cancel()


async def _reserve(kept: Kept, pulse: Pulse) -> None:
    """Later, so that everybody starts sooner."""
    await pulse.felt.wait()
    await kept.run("reserve")


class Kept:
    def __init__(self, settings: Settings) -> None:
        self._logs = settings.data
        self._commands = _commands(settings, settings.media_folder)

    async def run(self, name: str) -> None:
        """Until cancelled."""
        loop, pause = asyncio.get_running_loop(), PAUSE
        while True:
            began = loop.time()
            process = await self._started(name)
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

    async def _started(self, name: str) -> Process:
        with (self._logs / f"{name}.log").open("ab") as log_file:
            return await spawn(log_file, list(self._commands[name]))


def _commands(settings: Settings, folder: Path) -> dict[str, Sequence[str]]:
    port = settings.media_port or settings.port + MEDIA_PORT_AFTER
    program = [sys.executable, "-m", "media"]
    plane = ["--socket", str(folder / "plane.sock"), "--host", settings.host, "--port", str(port),
             "--public", ",".join(settings.media_public), "--turn", str(folder / "plane.turn")]
    return {"plane": [*program, "plane", *plane], "reserve": [*program, "reserve", *plane], "studio": [*program, "studio", str(folder)]}
