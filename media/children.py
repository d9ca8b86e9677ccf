"""Child processes with an end: nothing here blocks the loop, outlives its time or its caller."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

AT_ONCE = 2

# A semaphore belongs to one loop; the key goes when the loop does.
_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: bytes
    err: str


async def run(
    argv: Sequence[str], *, stdin: bytes | None = None, within: float, cwd: Path | None = None
) -> Ended:
    """At most AT_ONCE run at a time; each `within` its seconds, not counting the wait. Raises TimeoutError."""
    async with _slots.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        child = await asyncio.create_subprocess_exec(
            *argv, stdin=DEVNULL if stdin is None else PIPE, stdout=PIPE, stderr=PIPE, cwd=cwd
        )
        try:
            async with asyncio.timeout(within):
                out, err = await child.communicate(stdin)
        finally:
            await _bury(child)
    return Ended(child.returncode or 0, out, err.decode(errors="replace"))


async def _bury(child: Process) -> None:
    if child.returncode is None:
        child.kill()
        await child.wait()
