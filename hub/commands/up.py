"""`python -m hub up`: the whole city on one machine, in the foreground."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec

from hub.access.seed import (
    DEMO_ACCOUNTS,
    DEMO_PASSWORD,
    demo_device_keys,
    ensure_first_admin,
    seed_demo_accounts,
)
from hub.access.work import Access
from hub.app import Hub, hub_on
from hub.commands.children import Children
from hub.commands.database import database, own_folder
from hub.commands.ending import until_told
from hub.commands.media import media_in
from hub.directory.city import load_demo_city
from hub.gateway.server import port_taken
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Refused, TryAgain
from hub.record import Journal
from hub.settings import Settings

LAST_SECONDS = 30.0
"""For the database on a slow disk to shut down."""
MAIN_STATION = "station:0"
FLEET_KEYS = "fleet-keys.json"
DEMO_PROVINCE = {"key": "05365ca12e05c1e9aa29b0b179049ef36b8cedae959a97d2a074649e2d6e6589", "code": "330100"}
"""The simulator's (scripts/carriers_sim/settings.py)."""
DEMO_MOODS = '{"province": {"rejects": 0.05, "guides": 0.08, "slow": 0.4}}'
"""Some of what is told comes back with faults, on some guidance follows."""


class Steps:
    """One tidy line a step."""

    @asynccontextmanager
    async def step(self, label: str) -> AsyncIterator[None]:
        began = time.monotonic()
        if sys.stderr.isatty():
            say(f"… {label}", end="\r")
        yield
        say(f"✓ {label:<28}{time.monotonic() - began:6.1f} s")


def say(words: str, end: str = "\n") -> None:
    sys.stderr.write(f"\x1b[K{words}{end}" if sys.stderr.isatty() else f"{words}\n")
    sys.stderr.flush()


async def up(settings: Settings) -> None:
    """Until Ctrl-C or SIGTERM, also in the middle of the start; then everything ends within three seconds."""
    await until_told(_city(where_free(settings)), LAST_SECONDS)


def where_free(settings: Settings) -> Settings:
    """With the carriers of a demo on the next port. Raises Refused with what is taken."""
    require_free(settings.host, settings.port)
    if not settings.demo:
        return settings
    require_free(settings.host, settings.port + 1)
    carriers = f"http://{settings.host}:{settings.port + 1}"
    return msgspec.structs.replace(settings, carriers=carriers, totp=False, province={"url": carriers, **DEMO_PROVINCE})


async def _city(settings: Settings) -> None:
    steps = Steps()
    async with AsyncExitStack() as stack:
        stack.enter_context(own_folder(settings.data))
        async with steps.step("PostgreSQL 数据库 database"):
            dsn = await stack.enter_async_context(database(settings))
        await stack.enter_async_context(media_in(settings))
        async with steps.step("中枢 hub"):
            hub = await stack.enter_async_context(hub_on(dsn, settings))
        children = Children()
        stack.push_async_callback(children.end)
        stack.callback(say, "正在停止 stopping …")
        await (_demo(hub, steps, children) if settings.demo else _real(hub))
        say(welcome(settings))
        await _show(hub)


async def _demo(hub: Hub, steps: Steps, children: Children) -> None:
    async with steps.step("演示城市 demo city"):
        stations = await demo_city(hub.journal, hub.access, hub.settings.data)
    async with steps.step("运营商模拟 carriers"):
        await start_carriers(hub.settings, children)
    async with steps.step(f"{stations} 个站点 station agents"):
        await start_stations(hub.settings, stations, children)
        await _joined(hub, stations)
    await hub.exchange.begin(waits=hub.settings.year)  # the city came past the desk, when the hub had begun already


async def demo_city(journal: Journal, access: Access, data: Path) -> int:
    """How many stations there are; the keys of their agents lie in `data`."""
    at = SystemClock().now()
    await load_demo_city(access.db, journal, at)
    await seed_demo_accounts(access, at)
    keys = await demo_device_keys(access, at)
    del keys[MAIN_STATION]
    _write_keys(data / FLEET_KEYS, keys)
    return len(keys)


async def start_carriers(settings: Settings, children: Children) -> None:
    await children.start(settings.data / "carriers.log", "scripts.carriers_sim", "--port", str(settings.port + 1),
                         "--hub", here(settings), "--knobs", DEMO_MOODS)


async def start_stations(settings: Settings, stations: int, children: Children) -> None:
    data = settings.data
    await children.start(
        data / "fleet.log", "edge", "--fleet", str(stations), "--hub", here(settings), "--keys", str(data / FLEET_KEYS),
        "--data", str(data / "fleet"), "--auto-confirm", "20", "--answer-rate", "0.95")


async def _real(hub: Hub) -> None:
    first = await ensure_first_admin(hub.access, SystemClock().now())
    if first:
        say(f"首个管理员 first administrator: {first[0]} / {first[1]}（首次登录须修改 change it at the first sign-in）")


def _write_keys(path: Path, keys: dict[str, str]) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(keys))
    return path


async def _joined(hub: Hub, wanted: int) -> None:
    """A station that is slow to come joins later; the map shows it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(10):
            while await online(hub) < wanted:  # noqa: ASYNC110 - presence has no bell, and this is asked once
                await asyncio.sleep(0.1)


async def online(hub: Hub) -> int:
    return sum(ref.startswith("station:") for ref in await hub.presence.everyone())


def require_free(host: str, port: int) -> None:
    """Raises Refused with what is taken, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise port_taken(port) from error


def here(settings: Settings) -> str:
    """Where programs on this machine find the hub, whatever browsers see."""
    return f"http://{settings.host}:{settings.port}"


def welcome(settings: Settings) -> str:
    url = here(settings)
    lines = [
        "", f"  调度台 console     {url}/", f"  站点屏 station     {url}/station/",
        f"  公众页 public      {url}/public/", f"  接口   API         {url}/api/docs",
    ]
    if settings.demo:
        lines += [
            f"  模拟手机 phones    {settings.carriers}/",
            f"  账号   accounts    {' · '.join(login for login, *_ in DEMO_ACCOUNTS)}", f"  密码   password    {DEMO_PASSWORD}",
        ]
    return "\n".join([*lines, "  Ctrl-C 停止 stop", ""])


async def _show(hub: Hub) -> None:
    last = ""
    while True:
        line = await _status_line(hub)
        if line != last and (sys.stderr.isatty() or not last):
            say(line, end="\r")
        last = line
        await asyncio.sleep(1)


async def _status_line(hub: Hub) -> str:
    try:
        async with hub.db.read() as conn:
            row = await conn.fetchrow(
                "select count(distinct b.id) as open, coalesce(sum(c.n), 0) as total,"
                " coalesce(sum(c.n) filter (where c.state in ('delivered', 'read', 'confirmed')), 0) as reached"
                " from dispatch.broadcast b left join dispatch.count c on c.broadcast = b.id and c.kind = 'outcome'"
                " where b.state = 'sending'")
    except (TryAgain, Refused) as away:
        return f"● {away.zh}"
    assert row is not None
    return (f"● 运行中 running   站点 stations {await online(hub)}   在线 online {hub.presence.count()}   "
            f"进行中 open {row['open']}   送达 reached {row['reached']}/{row['total']}")
