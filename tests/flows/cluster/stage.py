"""The hub as several processes, started by its own command on a fresh database with a demo city."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.access.secret_key import secret_key
from hub.access.seed import demo_device_keys, seed_demo_accounts
from hub.access.work import Access
from hub.directory.city import load_demo_city
from hub.record import Audit, Database, Journal
from hub.settings import environment
from tests.flows.cluster.guest import Guest
from tests.patience import PATIENCE
from tests.ports import free_port

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Cluster:
    port: int
    dsn: str
    data: Path
    process: asyncio.subprocess.Process
    keys: dict[str, str]
    said: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def valkey(self) -> str:
        return f"unix://{self.data / 'valkey' / 'valkey.sock'}"

    def workers(self) -> list[int]:
        def works(pid: int) -> bool:
            with suppress(OSError):
                return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return False

        return sorted(filter(works, children_of(self.process.pid)))

    def worker_of(self, guest: Guest) -> int | None:
        """The process that serves this guest; None while the kernel or nobody does."""
        return self.worker_at(guest.local_port)

    def listens(self, pid: int) -> bool:
        """Whether this process still takes guests in."""
        return any(_has(pid, inode) for inode in _listening(self.port))

    def worker_at(self, local_port: int) -> int | None:
        inode = _inode(self.port, local_port)
        return next((pid for pid in self.workers() if inode and _has(pid, inode)), None)

    async def says(self, words: str, times: int = 1) -> None:
        def enough() -> bool:
            return sum(words in line for line in self.said) >= times

        await until(lambda: enough() or self.process.returncode is not None)
        assert enough(), f"it ended without saying {words!r}"

    def upgrade(self) -> None:
        self.process.send_signal(signal.SIGHUP)


async def until(so: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := so()):
            await asyncio.sleep(0.02)
    return found


@asynccontextmanager
async def cluster(dsn: str, data: Path, workers: int = 2, **more: str) -> AsyncIterator[Cluster]:
    async with Database.open(dsn, size=2) as db, Journal.open(db) as journal:
        access = Access(db=db, audit=Audit(db), key=secret_key(data), totp=False)
        await load_demo_city(db, journal, NOW)
        await seed_demo_accounts(access, NOW)
        keys = await demo_device_keys(access, NOW)
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", "serve", "--workers", str(workers), "--port", str(port), "--data", str(data),
        env={**environment(), "HUB_DSN": dsn, "HUB_TOTP": "off", "HUB_VALKEY": ""} | more,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    one = Cluster(port, dsn, data, process, keys, [])
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_listen(one))
            await one.says("running")
            yield one
            if process.returncode is None:
                process.terminate()
    except BaseException:
        sys.stderr.write("".join(one.said))
        raise
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listen(one: Cluster) -> None:
    assert one.process.stdout is not None
    while line := await one.process.stdout.readline():
        one.said.append(re.sub(r"\x1b\[[0-9;]*[mK]", "", line.decode()))


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _sockets() -> list[list[str]]:
    return [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]


def _listening(here: int) -> list[str]:
    return [parts[9] for parts in _sockets() if parts[3] == "0A" and int(parts[1].rpartition(":")[2], 16) == here]


def _inode(here: int, there: int) -> str:
    for parts in _sockets():
        if int(parts[1].rpartition(":")[2], 16) == here and int(parts[2].rpartition(":")[2], 16) == there:
            return parts[9]
    return ""


def _has(pid: int, inode: str) -> bool:
    """False also for a process that has just ended."""
    with suppress(OSError):
        for handle in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                if os.readlink(f"/proc/{pid}/fd/{handle}") == f"socket:[{inode}]":
                    return True
    return False
