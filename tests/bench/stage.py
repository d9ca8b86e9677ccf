"""The stage of the dispatch benches: the real hub in a process of its own, and a console that watches it."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from adapters.hub import HubClient
from hub.access.seed import DEMO_PASSWORD
from hub.kernel.errors import HubError
from hub.settings import ROOT, environment
from tests.ports import free_port

HUB_AND_CARRIERS = 2
"""Ports in a row."""
READY_SECONDS = 60.0
STOP_SECONDS = 5.0
SESSION = re.compile(r"hub_session=([^;]+)")

Heard = Callable[[str, Mapping[str, Any], float], None]
"""(view, the rows changed by key, the hour they came): called for every change a console is told."""


@asynccontextmanager
async def process(log: Path, *arguments: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python program of ours with these settings in its environment; ended with the block, whatever happens."""
    with log.open("ab") as out:
        child = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out,
            env=dict(environment()) | settings)
    try:
        yield child
    finally:
        await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()


@asynccontextmanager
async def hub(task: str, folder: Path, dsn: str, **settings: str) -> AsyncIterator[tuple[str, int]]:
    """`task`: up (with the whole demo city, but for its year: that would be measured too) or serve. Yields its address and its process id once it answers."""
    port = free_port(HUB_AND_CARRIERS)
    url = f"http://127.0.0.1:{port}"
    given = ("-m", "hub", task, "--port", str(port), "--data", str(folder / "data"), *(["--no-year"] if task == "up" else []))
    (folder / "data").mkdir(exist_ok=True)
    async with process(folder / "hub.log", *given, HUB_DSN=dsn, HUB_TOTP="off", **settings) as child:
        await answers(url, child, folder / "hub.log")
        yield url, child.pid


async def answers(url: str, child: asyncio.subprocess.Process, log: Path) -> None:
    async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as web:
        while True:
            if child.returncode is not None:
                raise RuntimeError(log.read_text()[-2000:])
            with suppress(aiohttp.ClientError):
                async with web.get(f"{url}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def operator(url: str, login: str = "operator") -> AsyncIterator[HubClient]:
    """Signed in; waits until the demo accounts are there."""
    async with asyncio.timeout(READY_SECONDS):
        while True:
            client = HubClient(url, login=login, password=DEMO_PASSWORD)
            try:
                await client.__aenter__()
                break
            except HubError:
                await asyncio.sleep(0.3)
    try:
        yield client
    finally:
        await client.__aexit__()


class Console:
    """What a browser's console holds: watched views as rows by key, kept by the changes it is told."""

    def __init__(self, heard: Heard | None = None) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.frames = 0
        self._heard = heard
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._client.on("tell", self._told)

    async def watch(self, view: str, **params: Any) -> None:
        said = await self._client.call("watch", {"view": view, "params": params}, timeout=20)
        if not said.get("ok"):
            raise RuntimeError(str(said))
        rows = self.rows.setdefault(view, {})
        rows |= {str(row["id"]): row for row in said["rows"]}

    def _told(self, tell: Any, _offset: str) -> None:
        at = time.time()
        self.frames += 1
        changes = dict(tell["changes"])
        self.rows.setdefault(tell["view"], {}).update(changes)
        if self._heard is not None:
            self._heard(tell["view"], changes, at)


@asynccontextmanager
async def console(url: str, heard: Heard | None = None, login: str = "operator") -> AsyncIterator[Console]:
    """A real socket with a real session, as the browser has it."""
    async with aiohttp.ClientSession() as web, web.post(
            f"{url}/api/sign-in", json={"login": login, "password": DEMO_PASSWORD}) as answer:
        found = SESSION.search(answer.headers["Set-Cookie"])
    assert found
    watching = Console(heard)
    await watching._client.connect(url, headers={"Cookie": f"hub_session={found[1]}"}, transports=["websocket"])
    try:
        yield watching
    finally:
        await watching._client.disconnect()


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used until now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
