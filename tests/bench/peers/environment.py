"""The peers' own environments: what we measure against is no dependency of ours."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOME = ROOT / "var" / "bench-env"
PEERS = ("eventsourcing[postgres]==9.5.6", "psycopg[binary]>=3.2", "python-socketio==5.18.1", "aiohttp==3.14.5")
NODE = Path(__file__).parent / "node"
MADE = "made"
INSTALL_SECONDS = 180


async def python() -> Path:
    """The interpreter that has the peers; installs them the first time."""
    stamp = HOME / hashlib.sha256(repr(PEERS).encode()).hexdigest()[:16]
    interpreter = HOME / "bin" / "python"
    if not await asyncio.to_thread(stamp.exists):
        await run(sys.executable, "-m", "venv", str(HOME))
        await run(str(interpreter), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS)
        await asyncio.to_thread(stamp.touch)
    return interpreter


async def node() -> Path:
    """The folder with the Node peer and what its lock names; installed the first time."""
    folder = await asyncio.to_thread(_node_folder)
    if not await asyncio.to_thread((folder / MADE).exists):
        await run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
        await asyncio.to_thread((folder / MADE).touch)
    return folder


def _node_folder() -> Path:
    made_of = b"".join((NODE / name).read_bytes() for name in ("package.json", "package-lock.json"))
    folder = HOME / "node" / hashlib.sha256(made_of).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(NODE / name, folder)
    return folder


async def run(*command: str, folder: Path | None = None) -> None:
    child = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(INSTALL_SECONDS):
            _, said = await child.communicate()
    except TimeoutError:
        child.kill()
        raise
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)}: {said.decode(errors='replace').strip()}")
