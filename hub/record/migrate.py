"""Numbered SQL files, each applied once, in one transaction, in the order of their numbers.

Every room has its range of numbers, so a file may be older than the newest one applied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from hub.kernel.errors import Refused
from hub.record.database import Connection, border, connect, hang_up, require_version

MIGRATIONS = Path(__file__).parent / "migrations"
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
LOCK = 1163084116
LONGEST_MILLIS = "600000"


class Migration(msgspec.Struct, frozen=True):
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


async def run_migrations(dsn: str, folder: Path = MIGRATIONS) -> list[str]:
    """Names of the files applied now. Several processes may call it at once: they queue."""
    wanted = migrations_in(folder)
    connection = await connect(dsn, statement_timeout=LONGEST_MILLIS)
    try:
        with border():
            await require_version(connection)
            await connection.execute("select pg_advisory_lock($1)", LOCK)
            todo = pending(wanted, await _applied(connection))
            for migration in todo:
                await _apply(connection, migration)
    finally:
        await hang_up(connection)
    return [migration.name for migration in todo]


def migrations_in(folder: Path) -> list[Migration]:
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        matched = NAME.fullmatch(path.name)
        if not matched or int(matched[1]) in found:
            raise ValueError(f"{path.name}: a migration is called NNNN_name.sql, and each number stands once")
        found[int(matched[1])] = Migration(int(matched[1]), path.name, path.read_text("utf-8"))
    return list(found.values())


def pending(wanted: list[Migration], applied: Mapping[int, tuple[str, str]]) -> list[Migration]:
    known = {migration.number: migration for migration in wanted}
    for number, (name, sha256) in applied.items():
        if number not in known:
            raise Refused(
                f"数据库已由更新的版本升级（{name}），本程序不认识它；请使用新版程序。",
                f"The database was upgraded by a newer release ({name}), which this program does not know; use the newer program.",
                code="database-newer",
            )
        if known[number].sha256 != sha256:
            raise Refused(
                f"升级脚本 {name} 在执行之后被改动过；请恢复原文件，改动应写成新的脚本。",
                f"The migration {name} was changed after it was applied; restore the file and put the change into a new one.",
                code="migration-changed",
            )
    return [migration for migration in wanted if migration.number not in applied]


async def _applied(connection: Connection) -> dict[int, tuple[str, str]]:
    await connection.execute(
        "create table if not exists public.hub_migrations (number int primary key, name text not null,"
        " sha256 text not null, at timestamptz not null default now())"
    )
    rows = await connection.fetch("select number, name, sha256 from public.hub_migrations order by number")
    return {row["number"]: (row["name"], row["sha256"]) for row in rows}


async def _apply(connection: Connection, migration: Migration) -> None:
    async with connection.transaction():
        await connection.execute(migration.sql, timeout=int(LONGEST_MILLIS) / 1000)
        await connection.execute(
            "insert into public.hub_migrations (number, name, sha256) values ($1, $2, $3)",
            migration.number, migration.name, migration.sha256,
        )
