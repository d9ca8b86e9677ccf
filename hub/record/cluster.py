"""A PostgreSQL data directory, apart from the process that serves it: making it, who may connect,
and what a dead server left in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from hub.kernel.errors import Refused
from hub.record.lodging import Lodging

OWNER = "hub"
IMPOSSIBLE_PID = 2**22 + 1
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def initdb(folder: Path, home: Lodging) -> None:
    """Makes the directory under another name first: a killed initdb leaves nothing that looks whole."""
    draft = home.home / "pgdata.new"
    shutil.rmtree(draft, ignore_errors=True)
    home.folder(draft)
    provider = ["--locale-provider=builtin"] if major_of(folder) >= 17 else []
    ran = subprocess.run(
        [folder / "initdb", "-D", draft, "-U", OWNER, "-E", "UTF8", *provider, "--locale=C.UTF-8",
         "--auth=peer", "--no-sync", "--no-instructions"],
        env=ENVIRONMENT, cwd=home.home, capture_output=True, text=True, check=False, timeout=120,
        **identity(home.user),
    )
    if ran.returncode:
        why = (ran.stderr.strip().splitlines() or ["?"])[-1]
        raise Refused(
            f"无法在 {home.home} 建立数据库：{why}",
            f"The database cannot be made in {home.home}: {why}",
            code="initdb-failed",
        )
    draft.replace(home.pgdata)


def major_of(folder: Path) -> int:
    said = subprocess.run(
        [folder / "postgres", "--version"], env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=30,
    ).stdout
    return int(said.split()[2].split(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz"))


def require_same_major(folder: Path, home: Lodging) -> int:
    ours, theirs = major_of(folder), int((home.pgdata / "PG_VERSION").read_text())
    if ours != theirs:
        raise Refused(
            f"数据目录 {home.pgdata} 由 PostgreSQL {theirs} 建立，而程序是 {ours}；请用 {theirs} 版的 pg_dump 导出后导入新目录。",
            f"The data directory {home.pgdata} was made by PostgreSQL {theirs}, the program is {ours}; dump it with pg_dump {theirs} and restore into a new directory.",
            code="other-major-version",
        )
    return ours


def admit(home: Lodging) -> None:
    """Only this process's user may connect, over the socket, as the owner: no password to keep."""
    person = pwd.getpwuid(os.getuid()).pw_name
    for name, line in (
        ("pg_hba.conf", f"local all {OWNER} peer map={OWNER}\n"),
        ("pg_ident.conf", f'{OWNER} "{person}" {OWNER}\n'),
    ):
        (home.pgdata / name).write_text(line)


async def clear_pidfile(pgdata: Path) -> None:
    """The lock is ours, so a server that still runs here is an orphan: it is asked to end.
    A pid that now names a stranger is made unusable, but the file stays: PostgreSQL uses the rest
    of it to see whether backends of the dead server still hold its memory."""
    pidfile = pgdata / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        lines = pidfile.read_text().splitlines()
        for attempt in range(600):
            if not runs_in(int(lines[0]), pgdata):
                break
            if attempt == 0:
                os.kill(int(lines[0]), signal.SIGINT)
            await asyncio.sleep(0.05)
        if pidfile.exists():
            pidfile.write_text("\n".join([str(IMPOSSIBLE_PID), *lines[1:]]) + "\n")


def runs_in(pid: int, pgdata: Path) -> bool:
    """False for strangers and for the dead that nobody reaped."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(pgdata)
    except OSError:
        return False
