"""The whole city for the browser tests: hub, database, carriers and 73 station agents.

The hub runs in a thread with a loop of its own; the agents are a process, as on a real machine.
"""

from __future__ import annotations

import asyncio
import queue
import shutil
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

import aiohttp
import msgspec

from dispatch.messages.commands import CancelBroadcast
from hub.access.seed import demo_device_keys, seed_demo_accounts
from hub.app import Hub, hub_on
from hub.commands.media import media_in
from hub.commands.up import DEMO_PROVINCE
from hub.directory.city import load_demo_city
from hub.kernel.actor import SYSTEM
from hub.kernel.clock import SystemClock
from hub.kernel.errors import Conflict
from hub.kernel.messages import Command
from hub.settings import Settings
from media.calls.messages.commands import TakeDown
from media.meetings.messages.commands import EndMeeting
from scripts.carriers_sim.app import running
from scripts.carriers_sim.knobs import Knobs, turned
from scripts.carriers_sim.settings import Options
from tests.patience import PATIENCE
from tests.places import CHEAP_PASSWORDS, fresh_database
from tests.ports import free_port

Found = TypeVar("Found")
APPS = ("console", "station", "deputy", "public")
AGENTS = 73
MAIN = "station:0"
"""Has no agent; its place is left to the kiosk of a test."""
EAGER: dict[str, Any] = {
    "delay": [0.02, 0.2], "think": [0.1, 1.0], "calls_per_second": 500,
    "mix": {"phone": {"press_1": 1}, "text": {"confirm": 1}, "wechat": {"confirm": 9, "leave": 1}},
}
"""Everybody answers by the first road that reaches him, within a second or so."""
OPEN: tuple[tuple[str, Callable[[UUID], Command]], ...] = (
    ("select id from dispatch.broadcast where state in ('sending', 'scheduled', 'awaiting_approval')",
     lambda which: CancelBroadcast(id=uuid4(), broadcast=which, reason="test ended")),
    ("select id from media.call where ended_at is null", lambda which: TakeDown(id=uuid4(), call=which, reason="test ended")),
    ("select id from media.meeting where ended_at is null", lambda which: EndMeeting(id=uuid4(), meeting=which)),
)
"""What goes on by itself, and how it ends."""


@dataclass(kw_only=True)
class City:
    hub: Hub
    simulator: str
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return self.hub.url

    async def inside(self, work: Callable[[], Awaitable[Found]]) -> Found:
        """Does it in the hub's own loop."""
        async def run() -> Found:
            return await work()

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run(), self.loop))

    async def habit(self, address: str, **habits: str) -> None:
        """How one phone or WeChat user behaves from now on; `by_hand` waits for us."""
        await self._simulator("PUT", f"people/{address}", habits)

    async def messages(self, address: str) -> list[dict[str, Any]]:
        """What came to this address, newest first."""
        answer = await self._simulator("GET", f"messages?to={quote(address)}", None)
        found: list[dict[str, Any]] = answer["messages"]
        return found

    async def province(self, path: str, **told: Any) -> None:
        """What the province does."""
        await self._simulator("POST", f"province/{path}", told)

    async def _simulator(self, method: str, path: str, body: object) -> Any:
        where = f"{self.simulator}/control/{path}"
        async with aiohttp.ClientSession() as web, web.request(method, where, json=body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json(content_type=None)

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        async def read() -> list[Any]:
            async with self.hub.db.read() as conn:
                return list(await conn.fetch(sql, *arguments))

        return await self.inside(read)

    async def end_all(self) -> None:
        """What a test began ends with it, where it has not just ended by itself."""
        for left, ending in OPEN:
            for row in await self.rows(left):
                with suppress(Conflict):
                    await self.inside(partial(self.hub.desk.ask, ending(row["id"]), SYSTEM))


@contextmanager
def standing(postgres: str, *, populated: bool, knobs: dict[str, Any] | None = None) -> Iterator[City]:
    """`populated`: the demo city with its carriers and agents; otherwise accounts alone, and TOTP on."""
    said: queue.Queue[City | Exception] = queue.Queue()
    end = threading.Event()
    data = Path(tempfile.mkdtemp(prefix="hub-browser-"))
    work = _stand(postgres, data, said, end, populated, turned(Knobs(), EAGER | (knobs or {})))
    thread = threading.Thread(target=lambda: asyncio.run(work), daemon=True)
    thread.start()
    try:
        answer = said.get(timeout=4 * PATIENCE)
        if isinstance(answer, Exception):
            raise answer
        yield answer
    finally:
        end.set()
        thread.join(timeout=PATIENCE)
        shutil.rmtree(data, ignore_errors=True)


async def _stand(postgres: str, data: Path, said: queue.Queue[City | Exception], end: threading.Event,
                 populated: bool, knobs: Knobs) -> None:
    try:
        async with AsyncExitStack() as stack:
            dsn = await stack.enter_async_context(fresh_database(postgres))
            options = Options(port=free_port())
            settings = Settings(port=free_port(), data=data, totp=not populated, argon2=CHEAP_PASSWORDS, web=apps_of(data), demo=populated,
                                carriers=f"http://127.0.0.1:{options.port}", media=populated, media_port=free_port(),
                                province={"url": f"http://127.0.0.1:{options.port}", **DEMO_PROVINCE} if populated else {})
            await stack.enter_async_context(media_in(settings))
            hub = await stack.enter_async_context(hub_on(dsn, settings))
            if populated:
                await _populate(hub, msgspec.structs.replace(options, hub=hub.url), knobs, stack)
            await seed_demo_accounts(hub.access, SystemClock().now())
            said.put(City(hub=hub, simulator=settings.carriers, loop=asyncio.get_running_loop()))
            await asyncio.to_thread(end.wait)
    except Exception as error:
        said.put(error)
        raise


async def _populate(hub: Hub, options: Options, knobs: Knobs, stack: AsyncExitStack) -> None:
    await load_demo_city(hub.db, hub.journal, SystemClock().now())
    keys = hub.settings.data / "keys.json"
    agents = await demo_device_keys(hub.access, SystemClock().now())
    del agents[MAIN]
    keys.write_bytes(msgspec.json.encode(agents))
    await stack.enter_async_context(running(options, knobs))
    await stack.enter_async_context(_process(
        "edge", "--fleet", str(AGENTS), "--hub", hub.url, "--keys", str(keys),
        "--data", str(hub.settings.data / "fleet"), "--auto-confirm", "1", "--speed", "inf"))
    async with asyncio.timeout(2 * PATIENCE):
        while hub.presence.count() < AGENTS:
            await asyncio.sleep(0.1)


@asynccontextmanager
async def _process(module: str, *arguments: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), timeout=PATIENCE)


def apps_of(data: Path) -> Path:
    """A copy, so that a build meanwhile does not take the pages from under a test."""
    for name in APPS:
        built = Settings().web / name / "dist"
        assert (built / "index.html").exists(), f"{name} is not built; npm --prefix web run build"
        shutil.copytree(built, data / "apps" / name / "dist")
    return data / "apps"
