"""Embedded PostgreSQL, supervised: one server per data directory, gone when the hub is gone.

The server is our foreground child in a session of its own. On Linux it gets SIGINT when this
process dies in whatever way. A second hub on the same data directory attaches to the first's.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

import asyncpg
import structlog

from hub.kernel.errors import Refused
from hub.record.cluster import (
    ENVIRONMENT,
    OWNER,
    admit,
    clear_pidfile,
    identity,
    initdb,
    require_same_major,
)
from hub.record.lodging import Lodging, home_of, lodging, programs

log = structlog.get_logger()

DATABASE = "hub"
PROFILE = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "unix_socket_permissions": "0700",
    "log_min_messages": "warning",
    "jit": "off",
}
LOG_BYTES = 5_000_000
STOP_SECONDS = 30.0
START_TRIES = 150
"""A tenth of a second and more each: where the machine is full, backends of a killed server take long to leave."""
NOT_YET = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InvalidCatalogNameError,
           asyncpg.InternalClientError)
PR_SET_PDEATHSIG = 1


class PostgresServer:
    """`async with PostgresServer(data_dir) as server: server.dsn`.

    Restarts the server when it dies. `attached` is True when another process runs it.
    """

    def __init__(
        self, data_dir: Path, bin: Path | None = None, settings: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.attached = False
        self.dsn = ""
        self._given = bin
        self._settings = PROFILE | dict(settings or {})
        self._child: subprocess.Popen[bytes] | None = None
        self._ended = asyncio.Event()
        self._stopping = False
        self._unsynced: list[str] = []
        self._sockets: Path | None = None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._lock = stack.enter_context(open_lock(self.data_dir))
            self.attached = not await self._locked()
            if not self.attached:
                stack.push_async_callback(self._stop)
                await self._start()
                group = await stack.enter_async_context(asyncio.TaskGroup())
                for work in (self._watch(), self._sync()):
                    stack.callback(group.create_task(work).cancel)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._stopping = True
        await self._stack.__aexit__(*error)

    async def _locked(self) -> bool:
        """True with the lock in hand; False once the holder's server answers."""
        for _ in range(600):
            if _flock(self._lock):
                self._lock.truncate(0)
                self._lock.write(f"{os.getpid()}\n")
                self._lock.flush()
                return True
            if await self._answers_elsewhere():
                return False
            await asyncio.sleep(0.1)
        holder = (self.data_dir / "lock").read_text().strip() or "?"
        raise Refused(
            f"数据目录 {self.data_dir} 正被进程 {holder} 占用，而它的数据库没有应答；请先结束该进程。",
            f"The data directory {self.data_dir} is held by process {holder}, whose database does not answer; end that process first.",
            code="data-dir-taken",
        )

    async def _answers_elsewhere(self) -> bool:
        with contextlib.suppress(OSError, IndexError):
            pidfile = home_of(self.data_dir) / "pgdata" / "postmaster.pid"
            socket_folder = Path(pidfile.read_text().splitlines()[4])
            self.dsn = dsn_of(socket_folder, DATABASE)
            return socket_folder.is_absolute() and await answers(self.dsn)
        return False

    async def _start(self) -> None:
        home = lodging(self.data_dir)
        folder = programs(self._given, home)
        if not (home.pgdata / "PG_VERSION").exists():
            await asyncio.to_thread(initdb, folder, home)
            self._unsynced = [str(folder / "initdb"), "--sync-only", "-D", str(home.pgdata)]
        major = require_same_major(folder, home)
        admit(home)
        await clear_pidfile(home.pgdata)
        socket_folder = self._sockets = home.socket_folder()
        self.dsn = dsn_of(socket_folder, DATABASE)
        options = self._settings | {"unix_socket_directories": str(socket_folder)}
        if major >= 18:
            options = {"io_method": "sync"} | options
        await self._spawn_until_ready(folder, home, options, dsn_of(socket_folder, "postgres"))

    async def _spawn_until_ready(
        self, folder: Path, home: Lodging, options: Mapping[str, str], first: str,
    ) -> None:
        command = [str(folder / "postgres"), "-D", str(home.pgdata)]
        command += [f"--{name}={value}" for name, value in options.items()]
        for _ in range(START_TRIES):
            self._spawn(command, home)
            asked = 0
            while not self._ended.is_set():
                if await answers(first) and await created(first):
                    return
                asked += 1
                await asyncio.sleep(0.01 if asked < 20 else 0.05)  # recovery may take its time
            await asyncio.sleep(0.1)  # backends of a killed server need a moment to leave
        raise Refused(
            f"内置数据库无法启动：{last_line(home.log)}（日志在 {home.log}）",
            f"The embedded database does not start: {last_line(home.log)} (log: {home.log})",
            code="postgres-does-not-start",
        )

    def _spawn(self, command: list[str], home: Lodging) -> None:
        """Forks in this thread: the death signal is tied to the thread that forks."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        self._ended = ended
        with open_log(home) as output:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=ENVIRONMENT,
                start_new_session=True, preexec_fn=follower(os.getpid()), **identity(home.user),
            )
        self._child = child

        def reap() -> None:
            child.wait()
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=reap, name="postgres-reaper", daemon=True).start()

    async def _watch(self) -> None:
        while True:
            await self._ended.wait()
            if self._stopping:
                return
            log.warning("postgres_ended", pid=self.pid, directory=str(self.data_dir))
            await self._start()

    async def _sync(self) -> None:
        """A new directory is brought to the disk while the server already runs."""
        if not self._unsynced:
            return
        # Not asyncio's own subprocess: uvloop's knows no `user`.
        child = subprocess.Popen(  # noqa: ASYNC220 - forks a small process, once in the life of a directory
            self._unsynced, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **identity(lodging(self.data_dir).user),
        )
        try:
            await asyncio.to_thread(child.wait)
        finally:
            child.kill()
            # The thread above may never have come to wait; and who syncs a slow disk dies late.
            threading.Thread(target=child.wait, name="sync-reaper", daemon=True).start()

    async def _stop(self) -> None:
        for kind in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._child is None or self._ended.is_set():
                return
            self._child.send_signal(kind)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self._ended.wait()
                    self._leave()

    def _leave(self) -> None:
        """A socket directory outside the data directory is not left behind."""
        if self._sockets and not self._sockets.is_relative_to(lodging(self.data_dir).home):
            with contextlib.suppress(OSError):
                self._sockets.rmdir()


def open_lock(data_dir: Path) -> IO[str]:
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True, mode=0o711 if os.getuid() == 0 else 0o700)
        return (data_dir / "lock").open("a+")
    except OSError as error:
        raise Refused(
            f"无法写入数据目录 {data_dir}：{error.strerror}；请换一个目录或检查权限。",
            f"The data directory {data_dir} cannot be written: {error.strerror}; choose another or check its permissions.",
            code="data-dir-unwritable",
        ) from error


def _flock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def follower(parent: int) -> Callable[[], None] | None:
    """Runs in the child before exec: asks the kernel for SIGINT when the parent is gone."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def open_log(home: Lodging) -> IO[bytes]:
    too_long = home.log.exists() and home.log.stat().st_size > LOG_BYTES
    return home.log.open("wb" if too_long else "ab")


def last_line(path: Path) -> str:
    lines = path.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "?"


def dsn_of(socket_folder: Path, database: str) -> str:
    return f"postgresql:///{database}?host={quote(str(socket_folder))}&user={OWNER}"


async def answers(dsn: str) -> bool:
    """True when a real connection works; False while it starts or recovers."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
        await connection.close(timeout=5)
    except NOT_YET:
        return False
    return True


async def created(dsn: str) -> bool:
    """False where the server, or this process, was held up meanwhile: it is asked again."""
    try:
        await create_database(dsn)
    except NOT_YET:
        return False
    return True


async def create_database(dsn: str) -> None:
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        if not await connection.fetchval("select 1 from pg_database where datname = $1", DATABASE):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close(timeout=5)
