"""Presence of a hub that is several processes: each holds a lease, and says who is with it.

Whoever's lease runs out is dead: another process sweeps his. While the server is away, arrivals
are told at once (they are true) and leaves wait (he may be with another process).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hub.presence.here import Here
from hub.presence.port import LINGER, Seen

log = structlog.get_logger()

SCRIPTS = {name: Path(__file__).with_name(f"{name}.lua").read_text("utf-8") for name in ("move", "sweep")}
COUNTS, NODES, CHANGES = "hub:here", "hub:here:nodes", "hub:here:changes"
LOOK_SECONDS = 60.0
"""So often everybody is looked up anew, in case a word was lost."""
LEASE_SECONDS, BEAT_SECONDS = 10.0, 3.0
AT_ONCE = 500
BREATH = 0.02
ANSWER_SECONDS = 2.0
LONGEST_LIST = 30.0


class ValkeyPresence:
    def __init__(self, server: Redis, linger: float, lease: float, beat: float, within: float) -> None:
        self._server, self._linger, self._lease, self._beat_every, self._within = server, linger, lease, beat, within
        self._node = secrets.token_hex(8)
        self._here = Here(self._moved, linger)
        self._changed: dict[str, tuple[bool, datetime]] = {}
        self._wake = asyncio.Event()
        self._talking = asyncio.Lock()
        """What is here and what was said of it are compared while nothing is being said."""
        self._told: list[Callable[[Seen], None]] = []
        self._scripts = {name: server.register_script(text) for name, text in SCRIPTS.items()}
        self._everywhere: set[str] = set()
        """What the changes told by all processes add up to."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, linger: float = LINGER, lease: float = LEASE_SECONDS, beat: float = BEAT_SECONDS, within: float = ANSWER_SECONDS,
    ) -> AsyncIterator[ValkeyPresence]:
        """A server that does not answer `within` so many seconds is away."""
        # No socket_timeout: the client waits for it with a wait_for that can swallow a cancellation.
        server = Redis.from_url(url, socket_connect_timeout=within, socket_timeout=None, protocol=2, decode_responses=True)
        try:
            yield cls(server, linger, lease, beat, within)
        finally:
            await server.aclose()

    def arrive(self, ref: str, connection: str, at: datetime) -> None:
        self._here.arrive(ref, connection, at)

    def leave(self, ref: str, connection: str, at: datetime) -> None:
        self._here.leave(ref, connection, at)

    def count(self) -> int:
        return max(len(self._everywhere), len(self._here))

    def online(self, ref: str) -> bool:
        return ref in self._here or ref in self._everywhere

    async def everyone(self) -> frozenset[str]:
        """Raises OSError when the server is away."""
        try:
            async with asyncio.timeout(LONGEST_LIST):
                return frozenset([ref async for ref, _ in self._server.hscan_iter(COUNTS, count=AT_ONCE)])
        except RedisError as error:
            raise OSError(str(error)) from error

    def on_change(self, told: Callable[[Seen], None]) -> None:
        self._told.append(told)

    async def run(self, *, sweeping: Callable[[], bool]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._say_all())
                group.create_task(self._beat_all(sweeping))
                group.create_task(self._hear_all())
        finally:
            await self._take_leave()

    # --- what changes here ------------------------------------------------------------------------

    def _moved(self, ref: str, online: bool, at: datetime) -> None:
        self._changed[ref] = (online, at)
        self._wake.set()

    async def _say_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with self._talking:
                await self._say_what_changed()
            await asyncio.sleep(BREATH)

    async def _say_what_changed(self) -> None:
        changed, self._changed = self._changed, {}
        try:
            for online in (True, False):
                await self._say(online, [ref for ref, (now, _) in changed.items() if now is online])
        except (RedisError, OSError) as error:
            log.warning("presence waits", error=str(error), refs=len(changed))
            self._tell_what_is_true(changed)
            self._changed = changed | self._changed
            self._wake_later()

    def _wake_later(self) -> None:
        asyncio.get_running_loop().call_later(self._beat_every, self._wake.set)

    async def _say(self, online: bool, refs: Sequence[str]) -> None:
        for start in range(0, len(refs), AT_ONCE):
            some = refs[start:start + AT_ONCE]
            async with asyncio.timeout(self._within):
                seconds, micros, *moved = await self._scripts["move"](
                    keys=[f"{COUNTS}:{self._node}", COUNTS, NODES, f"{COUNTS}:{self._node}:lease"],
                    args=[int(online), self._node, int(self._lease * 1000), *some])
            # Whoever was here before may have died before he told of it.
            self._tell(some if online else moved, online, _time(seconds, micros))

    def _tell_what_is_true(self, changed: dict[str, tuple[bool, datetime]]) -> None:
        for ref, (online, at) in changed.items():
            if online:
                self._tell([ref], online, at)

    def _tell(self, refs: Sequence[str], online: bool, at: datetime) -> None:
        for ref in refs:
            for told in self._told:
                told(Seen(ref, online=online, at=at))

    # --- what changes anywhere --------------------------------------------------------------------

    async def _hear_all(self) -> None:
        while True:
            try:
                async with self._server.pubsub() as feed:
                    async with asyncio.timeout(self._within):
                        await feed.subscribe(CHANGES)
                    self._everywhere = set(await self.everyone())
                    await self._hear(feed)
            except (RedisError, OSError) as error:
                log.warning("presence is deaf", error=str(error))
            await asyncio.sleep(self._beat_every)

    async def _hear(self, feed: Any) -> None:
        again = asyncio.get_running_loop().time() + LOOK_SECONDS
        while asyncio.get_running_loop().time() < again:
            message = await feed.get_message(ignore_subscribe_messages=True, timeout=self._beat_every)
            if message is not None:
                online, *refs = message["data"].split("\n")
                (self._everywhere.update if online == "1" else self._everywhere.difference_update)(refs)

    # --- leases -----------------------------------------------------------------------------------

    async def _beat_all(self, sweeping: Callable[[], bool]) -> None:
        while True:
            try:
                async with self._talking:
                    await self._beat()
                if sweeping():
                    await self._sweep_all()
            except (RedisError, OSError) as error:
                log.warning("presence has no lease", error=str(error))
            await asyncio.sleep(self._beat_every)

    async def _beat(self) -> None:
        async with asyncio.timeout(self._within), self._server.pipeline(transaction=False) as pipe:
            pipe.set(f"{COUNTS}:{self._node}:lease", "1", px=int(self._lease * 1000))
            pipe.sadd(NODES, self._node)
            pipe.scard(f"{COUNTS}:{self._node}")
            _, _, held = await pipe.execute()
        if held < len(self._here) - len(self._changed):
            # Swept while this process stood still, or the server lost its memory.
            await self._say(online=True, refs=sorted(self._here.refs))

    async def _sweep_all(self) -> None:
        async with asyncio.timeout(LONGEST_LIST):
            for node in await _members(self._server, NODES):
                if node != self._node and not await self._server.exists(f"{COUNTS}:{node}:lease"):
                    await self._sweep(node)
                    await _remove(self._server, NODES, node)

    async def _sweep(self, node: str) -> None:
        left = 1
        while left:
            seconds, micros, left, *gone = await self._scripts["sweep"](
                keys=[f"{COUNTS}:{node}", COUNTS, f"{COUNTS}:{node}:lease"], args=[AT_ONCE])
            left = int(left)
            self._tell(gone, online=False, at=_time(seconds, micros))
        log.info("swept", node=node)

    async def _take_leave(self) -> None:
        """The lease is let go: the others need not wait until it runs out. Guests have LINGER to come back."""
        try:
            async with asyncio.timeout(self._within):
                await self._server.pexpire(f"{COUNTS}:{self._node}:lease", max(1, int(self._linger * 1000)))
        except (RedisError, OSError):
            return


def _time(seconds: Any, micros: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros))


async def _members(server: Redis, key: str) -> set[str]:
    found: Any = server.smembers(key)
    return set(await found)


async def _remove(server: Redis, key: str, member: str) -> None:
    removed: Any = server.srem(key, member)
    await removed
