"""Argon2id, in threads of its own: a flood of sign-ins waits there and not in the event loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from hub.kernel.errors import TryAgain

T = TypeVar("T")

THREADS = 2
WAITING = 64


class Passwords:
    """`hasher` defaults to RFC 9106's second choice (64 MiB, 3 passes). `close()` ends the threads."""

    def __init__(self, hasher: PasswordHasher | None = None, waiting: int = WAITING) -> None:
        self._hasher = hasher or PasswordHasher()
        self._waiting = waiting
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._jobs: set[Future[object]] = set()

    @classmethod
    def costing(cls, passes: int, kib: int, lanes: int) -> Passwords:
        return cls(PasswordHasher(time_cost=passes, memory_cost=kib, parallelism=lanes))

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(password))

    async def holds(self, password: str, hashed: str | None) -> bool:
        """Without a hash the same work is done on one that nobody's password opens."""
        right = await self._run(lambda: self._verify(hashed, password))
        return right and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))

    def _verify(self, hashed: str | None, password: str) -> bool:
        nobodys = self._nobodys  # made with the first password of all, whoever's that is
        try:
            return self._hasher.verify(hashed or nobodys, password)
        except (Argon2Error, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        """A caller that goes away leaves its work in the queue; that is why futures are counted
        and not callers."""
        self._jobs = {job for job in self._jobs if not job.done()}
        if len(self._jobs) >= self._waiting:
            raise TryAgain(
                "此刻登录的人太多，请几秒后再试。", "Too many people are signing in at this moment; try again in a few seconds.",
                code="sign-in-busy",
            )
        job = self._pool.submit(work)
        self._jobs.add(job)  # type: ignore[arg-type]  # only asked whether it is done
        return await asyncio.wrap_future(job)
