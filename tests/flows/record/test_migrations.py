"""Migrations are applied once, in order, and never changed afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from hub.kernel.errors import Refused
from hub.record import run_migrations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0901_one.sql").write_text("create table one (n int);")
    (tmp_path / "0905_five.sql").write_text("create table five (n int);")
    return tmp_path


@pytest.fixture
async def empty(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    await connection.execute("drop table public.hub_migrations")
    await connection.close()
    return dsn


async def test_each_is_applied_once_even_when_several_processes_start(empty: str, folder: Path) -> None:
    results = await asyncio.gather(*(run_migrations(empty, folder) for _ in range(4)))

    assert sorted(results) == [[], [], [], ["0901_one.sql", "0905_five.sql"]]


async def test_a_room_may_add_a_lower_number_later(empty: str, folder: Path) -> None:
    await run_migrations(empty, folder)
    (folder / "0903_three.sql").write_text("create table three (n int);")

    assert await run_migrations(empty, folder) == ["0903_three.sql"]


async def test_a_changed_file_is_refused(empty: str, folder: Path) -> None:
    await run_migrations(empty, folder)
    (folder / "0901_one.sql").write_text("create table one (n bigint);")

    with pytest.raises(Refused, match=r"0901_one\.sql was changed"):
        await run_migrations(empty, folder)


async def test_a_newer_database_is_refused(empty: str, folder: Path) -> None:
    await run_migrations(empty, folder)
    (folder / "0905_five.sql").unlink()

    with pytest.raises(Refused, match="newer release"):
        await run_migrations(empty, folder)


async def test_a_failing_file_leaves_nothing(empty: str, folder: Path) -> None:
    (folder / "0906_bad.sql").write_text("create table six (n int); select 1/0;")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await run_migrations(empty, folder)
    connection = await asyncpg.connect(empty)
    there = await connection.fetchval("select to_regclass('six')")
    await connection.close()

    assert there is None
    (folder / "0906_bad.sql").write_text("create table six (n int);")
    assert await run_migrations(empty, folder) == ["0906_bad.sql"]


@pytest.mark.parametrize("name", ["1_short.sql", "0901_again.sql", "0902 space.sql"])
async def test_a_wrong_name_is_refused(empty: str, folder: Path, name: str) -> None:
    (folder / name).write_text("select 1;")

    with pytest.raises(ValueError, match="NNNN_name"):
        await run_migrations(empty, folder)
