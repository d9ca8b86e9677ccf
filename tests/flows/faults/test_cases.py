"""Whoever dies in the middle of a case: what was decided stands once, and each is told of it once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import asyncpg
import msgspec

from hub.access.secret_key import secret_key
from hub.access.tokens import make_link
from hub.cases.shapes import LIVES
from hub.kernel.errors import TryAgain
from hub.record import PostgresServer, run_migrations
from hub.settings import environment
from tests.flows.broadcast.stage import MORNING, person
from tests.flows.cases.stage import HANDLER, OFFICE, CaseStage, on_stage
from tests.flows.gateway.visitor import Visitor
from tests.patience import PATIENCE
from tests.ports import free_port


@dataclass(kw_only=True)
class Mortal:
    """A hub in a process of its own, and a second look into its database."""

    process: asyncio.subprocess.Process
    url: str
    conn: Any

    async def dies(self) -> None:
        self.process.kill()
        await self.process.wait()

    async def until(self, sql: str, *arguments: Any) -> Any:
        async with asyncio.timeout(PATIENCE):
            while not (found := await self.conn.fetchval(sql, *arguments)):
                assert self.process.returncode is None
                await asyncio.sleep(0.02)
        return found

    @asynccontextmanager
    async def shut(self, *tables: str) -> AsyncIterator[None]:
        """Whoever writes into these waits."""
        async with self.conn.transaction():
            await self.conn.execute(f"lock table {', '.join(tables)} in exclusive mode")
            yield

    async def waits_at(self, table: str) -> None:
        await self.until("select count(*) from pg_locks where relation = $1::regclass and not granted", table)


@asynccontextmanager
async def mortal(dsn: str, data: Path) -> AsyncIterator[Mortal]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.faults.case_hub", str(port), str(data), dsn, MORNING.isoformat(),
        env=environment(), stdout=asyncio.subprocess.PIPE)
    conn = await asyncpg.connect(dsn)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await process.stdout.readline() == b"running\n"
        yield Mortal(process=process, url=f"http://127.0.0.1:{port}", conn=conn)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await conn.close()


async def submitted(hub: Mortal, data: Path) -> str:
    case, link = str(uuid4()), make_link(secret_key(data), person("李代表"), None, MORNING, timedelta(hours=1))
    async with Visitor.of(hub.url, Authorization=f"Link {link}") as deputy, Visitor.of(hub.url, "intake") as intake:
        await deputy.ask("SubmitWish", case=case, form={"title": "关于修路的心愿", "text": "路不平。"})
        await intake.ask("AcceptWish", case=case)
    return case


async def unanswered(office: Visitor, wish: dict[str, Any]) -> bool:
    with suppress(aiohttp.ClientError):
        await office.ask("AssignWish", **wish)
        return False
    return True


SENT = "select count(*) from dispatch.broadcast where text like '%交办%'"


async def test_a_hub_killed_before_its_answer_and_before_the_notice_s_road_does_both_once_after_the_start(server: PostgresServer, tmp_path: Path):
    await run_migrations(server.dsn)
    async with mortal(server.dsn, tmp_path) as hub, Visitor.of(hub.url, "govoffice") as office:
        wish: dict[str, Any] = {"id": str(uuid4()), "case": await submitted(hub, tmp_path), "form": {"unit": "department:5"}}
        await hub.until("select not exists(select from work.jobs where kind = 'case.tell')")
        async with asyncio.TaskGroup() as group, hub.shut("work.audit", "dispatch.broadcast"):
            asked = group.create_task(unanswered(office, wish))
            await hub.until("select count(*) from es.events where type = 'WishAssigned'")
            await hub.waits_at("dispatch.broadcast")
            await hub.dies()
        assert asked.result(), "it was killed before it had answered"
        assert (await hub.conn.fetchval("select count(*) from es.events where type = 'WishAssigned'"), await hub.conn.fetchval(SENT)) == (1, 0)

    async with on_stage(server.dsn, tmp_path, settled=True) as stage:
        stage.later(minutes=2)
        command = msgspec.convert(wish, LIVES["wishes"].commands["AssignWish"])
        again = await stage.ask(command, OFFICE)
        assert (again["state"], await stage.ask(command, OFFICE)) == ("handling", again)

        async def all_told() -> bool:
            return not await stage.value("select count(*) from work.jobs where kind = 'case.tell'")

        await stage.until(all_told)
        [broadcast] = await stage.rows("select id from dispatch.broadcast where text like '%交办%'")
        assert await stage.value("select count(*) from es.events where type = 'WishAssigned'") == 1
        assert set(await stage.who(broadcast["id"])) == {"周经办", "李代表"}


async def test_a_database_killed_in_the_middle_of_a_step_has_it_once_when_it_is_asked_again(server: PostgresServer, tmp_path: Path):
    async with on_stage(server.dsn, tmp_path) as stage:
        case = await stage.in_hand()
        wish = msgspec.convert({"id": uuid4(), "case": case, "form": {"reply": "已修好。"}}, LIVES["wishes"].commands["ReplyWish"])
        await killed_in_the_middle(stage, server, wish)
        answer = await until_granted(stage, wish)
        assert answer["state"] == "replied"
        assert await until_granted(stage, wish) == answer
        assert await stage.value("select count(*) from es.events where type = 'WishReplied'") == 1
        assert await stage.value("select count(*) from cases.notice where zh like '%答复，现为%'") == 1


async def killed_in_the_middle(stage: CaseStage, server: PostgresServer, wish: Any) -> None:
    """Its event is written and not committed."""
    conn = await asyncpg.connect(server.dsn)
    await conn.execute("begin; lock table cases.notice in exclusive mode")
    async with asyncio.TaskGroup() as group:
        group.create_task(asked_in_need(stage, wish))
        async with asyncio.timeout(PATIENCE):
            while not await conn.fetchval("select count(*) from pg_locks where relation = 'cases.notice'::regclass and not granted"):
                await asyncio.sleep(0.02)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
    conn.terminate()


async def asked_in_need(stage: CaseStage, wish: Any) -> None:
    """Refused, unless the database is back before anybody has noticed."""
    with suppress(TryAgain):
        await stage.ask(wish, HANDLER)


async def until_granted(stage: CaseStage, wish: Any) -> Any:
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(TryAgain):
                return await stage.ask(wish, HANDLER)
            await asyncio.sleep(0.1)
