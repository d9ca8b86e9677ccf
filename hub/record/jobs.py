"""Durable jobs and timers: a row until it is done, run at least once.

Put inside the transaction that wants it. A crash between claim and done lets the lease run out,
then the job is claimed again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import structlog

from hub.kernel.clock import Clock
from hub.kernel.errors import TryAgain
from hub.record.bell import heard
from hub.record.database import STIRRED, Connection, Database
from hub.record.sql import load_sql

log = structlog.get_logger()
queries = load_sql(__package__, "jobs.sql")

Errand = Callable[[Any], Awaitable[None]]

LEASE = timedelta(seconds=60)
MOST_TRIES = 20
CONCURRENCY = 16
POLL_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=10)
LONGEST_ERROR = 2000
NOTHING = (frozenset[str](), datetime.min.replace(tzinfo=UTC))
EVERYTHING = (None, datetime.max.replace(tzinfo=UTC))
SETTLED: dict[int, tuple[frozenset[str] | None, datetime]] = {}
"""By backend, kinds that its open transaction does not put (None: every kind), and until when."""


class Job(msgspec.Struct, frozen=True):
    """`lease` counts claims and moves: only the latest claimant may finish the job."""

    id: int
    kind: str
    key: str
    due: datetime
    payload: Any
    tries: int
    lease: int


class DeadJob(msgspec.Struct, frozen=True):
    id: int
    kind: str
    key: str
    payload: Any
    tries: int
    error: str
    dead: datetime


def pause(tries: int, chance: float) -> timedelta:
    """2 s doubling to 10 min, spread by ±25 % so that failures do not march in step."""
    plain = min(FIRST_PAUSE * (1 << min(max(tries, 1) - 1, 20)), LONGEST_PAUSE)
    return plain * (0.75 + chance / 2)


@contextmanager
def _spared(connection: Connection, what: tuple[frozenset[str] | None, datetime]) -> Iterator[None]:
    pid = connection.get_server_pid()
    SETTLED[pid] = what
    try:
        yield
    finally:
        del SETTLED[pid]


class Jobs:
    """`most_tries`: after so many failures a job is dead and waits for a person."""

    def __init__(
        self, database: Database, clock: Clock, *, lease: timedelta = LEASE, most_tries: int = MOST_TRIES,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lease = lease
        self._most_tries = most_tries
        self._concurrency = concurrency

    @staticmethod
    async def put(connection: Connection, kind: str, key: str, due: datetime, payload: Any = None) -> None:
        """One job per kind and key: putting it again moves it, also while it runs. Stands or
        falls with the transaction."""
        kinds, until = SETTLED.get(connection.get_server_pid(), NOTHING)
        if (kinds is None or kind in kinds) and due <= until:
            return
        await connection.execute(queries["put"], kind, key, due, payload)
        STIRRED.add(connection.get_server_pid())

    @staticmethod
    async def drop(connection: Connection, kind: str, key: str) -> None:
        """A run that has begun is not stopped."""
        await connection.execute(queries["drop"], kind, key)

    @staticmethod
    @contextmanager
    def settled(connection: Connection, kinds: Sequence[str], until: datetime) -> Iterator[None]:
        """What is put of these kinds meanwhile for an hour up to `until` was done long ago: it is not to be done again."""
        with _spared(connection, (frozenset(kinds), until)):
            yield

    @staticmethod
    @contextmanager
    def quiet(connection: Connection) -> Iterator[None]:
        """Nothing is put meanwhile: rows are written anew of what was done long ago."""
        with _spared(connection, EVERYTHING):
            yield

    async def claim(self, kinds: Sequence[str], limit: int, lease: timedelta) -> list[Job]:
        """Due jobs, nobody else's until the lease ends."""
        now = self._clock.now()
        async with self._database.transaction() as connection:
            rows = await connection.fetch(queries["claim"], list(kinds), limit, now, now + lease)
        return sorted((Job(*row) for row in rows), key=lambda job: (job.due, job.id))

    async def done(self, job: Job) -> bool:
        """False when the job was moved meanwhile, or claimed by another: it will run again."""
        async with self._database.read() as connection:
            return await connection.execute(queries["done"], job.id, job.lease) == "DELETE 1"

    async def failed(self, job: Job, retry_at: datetime | None, error: str) -> None:
        """`retry_at` None: dead, with `error` as the reason."""
        async with self._database.read() as connection:
            name, at = ("failed", retry_at) if retry_at else ("died", self._clock.now())
            await connection.execute(queries[name], job.id, job.lease, at, error[:LONGEST_ERROR])

    async def dead(self, limit: int = 100) -> list[DeadJob]:
        async with self._database.read() as connection:
            return [DeadJob(*row) for row in await connection.fetch(queries["dead"], limit)]

    def wake(self) -> None:
        """Look now: a job was put in another way, or the clock was moved."""
        self._database.jobs.ring()

    async def wait(self, kinds: Sequence[str], ringing: asyncio.Event) -> None:
        """Until a job may be due; `ringing` from `listen()` before the last claim."""
        async with self._database.read() as connection:
            due = await connection.fetchval(queries["next_due"], list(kinds))
        seconds = (due - self._clock.now()).total_seconds() if due else POLL_SECONDS
        await heard(ringing, min(max(seconds, 0.01), POLL_SECONDS))

    def listen(self) -> asyncio.Event:
        return self._database.jobs.listen()

    async def run(self, handlers: Mapping[str, Errand]) -> None:
        """Runs due jobs for ever, at most `concurrency` at a time. Cancel it to stop; what was
        running then runs again when its lease ends."""
        free = asyncio.Semaphore(self._concurrency)
        async with asyncio.TaskGroup() as group:
            while True:
                ringing = self.listen()
                try:
                    await self._round(handlers, free, group, ringing)
                except TryAgain:
                    log.info("jobs_wait_for_database")
                    await asyncio.sleep(POLL_SECONDS)

    async def _round(
        self, handlers: Mapping[str, Errand], free: asyncio.Semaphore, group: asyncio.TaskGroup,
        ringing: asyncio.Event,
    ) -> None:
        kinds = tuple(handlers)
        await free.acquire()
        free.release()
        room = max(1, free._value)  # noqa: SLF001 - how many more may run; the class does not say
        jobs = await self.claim(kinds, room, self._lease)
        for job in jobs:
            await free.acquire()
            group.create_task(self._one(job, handlers[job.kind], free))
        if not jobs:
            await self.wait(kinds, ringing)

    async def _one(self, job: Job, errand: Errand, free: asyncio.Semaphore) -> None:
        try:
            await self._attempt(job, errand)
        except TryAgain:  # the lease brings it back
            log.info("job_unfinished", kind=job.kind, key=job.key)
        finally:
            free.release()

    async def _attempt(self, job: Job, errand: Errand) -> None:
        if job.tries > self._most_tries:  # it took the process with it each time
            await self.failed(job, None, f"never ended in {self._most_tries} tries")
            return
        try:
            async with asyncio.timeout(self._lease.total_seconds()):
                await errand(job.payload)
        except Exception as error:  # noqa: BLE001 - kept with the job, which is tried again
            log.warning("job_failed", kind=job.kind, key=job.key, tries=job.tries, error=repr(error))
            again = self._clock.now() + pause(job.tries, random.random())
            await self.failed(job, again if job.tries < self._most_tries else None, repr(error))
        else:
            await self.done(job)
