"""The whole city by one command: it starts, says what is taken, sends from a terminal, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import aiohttp
import pytest

from hub.access.seed import DEMO_PASSWORD
from hub.settings import environment as surroundings
from tests.patience import PATIENCE
from tests.places import roomy
from tests.ports import free_port

HUB_AND_CARRIERS = 2


async def hub(*arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code, and what was written."""
    process = await start(asyncio.subprocess.PIPE, *arguments, **environment)
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def start(out: int | IO[bytes], *arguments: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub", *arguments, env={**surroundings(), **environment}, stdin=asyncio.subprocess.DEVNULL,
        stdout=out, stderr=asyncio.subprocess.STDOUT)


@asynccontextmanager
async def city(data: Path, port: int, *more: str, year: bool = False) -> AsyncIterator[asyncio.subprocess.Process]:
    """Writes into a file: a pipe that nobody reads fills, and is open as long as any of its processes."""
    said = data.with_name("said.log")
    with said.open("wb") as log:
        process = await start(log, "up", "--port", str(port), "--data", str(data), *more, *([] if year else ["--no-year"]))
    try:
        async with asyncio.timeout(PATIENCE):
            while "running" not in said.read_text("utf-8"):
                assert process.returncode is None, f"the city ended while it started: {said.read_text('utf-8')}"
                await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            await process.wait()


def named(word: str) -> list[str]:
    """Processes whose command line holds the word."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if word in line:
            found.append(line)
    return found


async def gone(word: str, seconds: float = 10) -> None:
    try:
        async with asyncio.timeout(seconds):
            while named(word):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"still there after {seconds} s: {named(word)}") from None


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hub-up-", dir=roomy()) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "city"


async def test_a_city_sends_from_a_terminal_and_leaves_no_process(data: Path):
    port = free_port(HUB_AND_CARRIERS)
    who = {"HUB_URL": f"http://127.0.0.1:{port}", "HUB_LOGIN": "operator", "HUB_PASSWORD": DEMO_PASSWORD}

    async with city(data, port) as process:
        status = await hub("status", **who)
        sent = await hub("broadcast", "--to", "district:3", "--text", "请{name}确认", **who)
        nobody = await hub("broadcast", "--to", "tag:没有这个标签", "--text", "请确认", **who)
        await lists_told(f"http://127.0.0.1:{port + 1}")
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    checked = await hub("verify", "--data", str(data))

    assert (status[0], "73/74" in status[1]) == (0, True)
    assert (sent[0], bool(re.search(r"已发出 sent: [0-9a-f-]{36}，\d+ 人", sent[1]))) == (0, True)
    assert (nobody[0], "没有选中任何人" in nobody[1]) == (2, True)
    assert named(str(data)) == []
    assert (checked[0], "计数不符 0 处" in checked[1]) == (0, True)


async def lists_told(province: str) -> None:
    """Of a city without a year, from its start on."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as web:
        while True:
            async with web.get(f"{province}/control/province") as answer:
                if {"station", "deputy"} <= {one["kind"] for one in (await answer.json())["packages"]}:
                    return
            await asyncio.sleep(0.3)


async def test_a_second_hub_says_what_is_taken(data: Path):
    port, other = free_port(HUB_AND_CARRIERS), free_port(HUB_AND_CARRIERS)

    async with city(data, port):
        same_port = await hub("up", "--port", str(port), "--data", str(data.with_name("other")))
        same_folder = await hub("serve", "--port", str(other), "--data", str(data))

    assert (same_port[0], f"端口 {port} 已被占用" in same_port[1]) == (2, True)
    assert (same_folder[0], "正被另一个中枢使用" in same_folder[1]) == (2, True)


async def told_of_the_year(url: str) -> None:
    """The deputies' register is told first."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as web:
        async with web.post(f"{url}/api/sign-in", json={"login": "intake", "password": DEMO_PASSWORD}) as answer:
            assert answer.status == 200, await answer.text()
        while True:
            async with web.get(f"{url}/api/views/cases", params={"p": '{"stream": "mandates"}'}) as answer:
                if (await answer.json())["total"]:
                    return
            await asyncio.sleep(0.3)


async def test_a_city_of_two_processes_has_stations_and_a_year_and_takes_all_along_when_it_is_killed(data: Path):
    port = free_port(HUB_AND_CARRIERS)
    who = {"HUB_URL": f"http://127.0.0.1:{port}", "HUB_LOGIN": "operator", "HUB_PASSWORD": DEMO_PASSWORD}
    async with city(data, port, "--workers", "2", year=True) as process:
        async with asyncio.timeout(PATIENCE):
            while "73/74" not in (await hub("status", **who))[1]:
                await asyncio.sleep(0.3)
        async with asyncio.timeout(PATIENCE):
            await told_of_the_year(f"http://127.0.0.1:{port}")
        process.kill()
        await process.wait()

        await gone(str(data))


async def test_an_import_from_a_terminal_lists_every_bad_row(data: Path, tmp_path: Path):
    port = free_port(HUB_AND_CARRIERS)
    sheet = tmp_path / "people.csv"
    sheet.write_text("姓名,类别,所属单位,手机\n张三,代表,没有的站,1\n李四,代表,,\n", "utf-8")
    who = {"HUB_URL": f"http://127.0.0.1:{port}", "HUB_LOGIN": "admin", "HUB_PASSWORD": DEMO_PASSWORD}

    async with city(data, port):
        code, said = await hub("import", "people", str(sheet), "--apply", **who)

    assert (code, said.count("✗"), "未改动" in said) == (1, 3, True)
