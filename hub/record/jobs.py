"""Durable jobs and timers. (Signatures first; the body follows.)"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hub.kernel.clock import Clock
from hub.record.database import Connection, Database

Errand = Callable[[Any], Awaitable[None]]


class Job(msgspec.Struct, frozen=True):
    id: int
    kind: str
    key: str
    due: datetime
    payload: Any
    tries: int
    lease: int


class Jobs:
    def __init__(self, database: Database, clock: Clock) -> None:
        raise NotImplementedError

    @staticmethod
    async def put(connection: Connection, kind: str, key: str, due: datetime, payload: Any) -> None:
        raise NotImplementedError

    @staticmethod
    async def drop(connection: Connection, kind: str, key: str) -> None:
        raise NotImplementedError

    async def claim(self, kinds: Sequence[str], limit: int, lease: timedelta) -> list[Job]:
        raise NotImplementedError

    async def done(self, job: Job) -> None:
        raise NotImplementedError

    async def failed(self, job: Job, retry_at: datetime | None, error: str) -> None:
        """None: dead."""
        raise NotImplementedError

    def wake(self) -> None:
        raise NotImplementedError

    async def run(self, handlers: Mapping[str, Errand]) -> None:
        raise NotImplementedError
