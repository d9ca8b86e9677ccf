"""The peers' own Python environment: what we measure against is no dependency of ours."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOME = ROOT / "var" / "bench-env"
PEERS = ("eventsourcing[postgres]==9.5.6", "psycopg[binary]>=3.2")


async def python() -> Path:
    """The interpreter that has the peers; installs them the first time."""
    stamp = HOME / hashlib.sha256(repr(PEERS).encode()).hexdigest()[:16]
    interpreter = HOME / "bin" / "python"
    if not await asyncio.to_thread(stamp.exists):
        await _run(sys.executable, "-m", "venv", str(HOME))
        await _run(str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS)
        await asyncio.to_thread(stamp.touch)
    return interpreter


async def _run(*command: str) -> None:
    child = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: {said.decode(errors='replace').strip()}")
