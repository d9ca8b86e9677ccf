"""Programs of ours beside the hub; they end with us, whatever becomes of us."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from hub.settings import ROOT

STOP_SECONDS = 1.0
PR_SET_PDEATHSIG = 1


class Children:
    def __init__(self) -> None:
        self._processes: list[asyncio.subprocess.Process] = []

    async def start(self, log: Path, module: str, *arguments: str) -> None:
        with log.open("ab") as out:
            self._processes.append(await spawn(out, [sys.executable, "-m", module, *arguments]))

    async def end(self) -> None:
        """All at once; who does not listen is killed."""
        await asyncio.gather(*(ended(process, STOP_SECONDS) for process in self._processes))


async def spawn(
    out: IO[bytes] | None, command: list[str], environment: Mapping[str, str] | None = None, pass_fds: tuple[int, ...] = (),
) -> asyncio.subprocess.Process:
    """In a session of its own, so that a terminal's Ctrl-C is ours alone to pass on; it gets SIGTERM when we die."""
    return await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, env=environment, pass_fds=pass_fds,
        preexec_fn=follower(os.getpid()), start_new_session=True)


async def ended(process: asyncio.subprocess.Process, seconds: float) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(seconds):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def follower(parent: int) -> Callable[[], None] | None:
    """Runs in the child before exec: asks the kernel for SIGTERM when the parent is gone."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return follow
