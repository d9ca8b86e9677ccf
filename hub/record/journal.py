"""The journal. (Signatures first; the body follows.)"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from uuid import UUID

from hub.record.database import Database
from hub.record.entries import Append, Appended, Row

T = TypeVar("T")


class Journal:
    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, *, queue: int = 4096, deadline: float = 15.0) -> AsyncIterator[Journal]:
        raise NotImplementedError
        yield cls()

    async def append(self, append: Append[T]) -> Appended[T]:
        raise NotImplementedError

    async def result(self, cmd: UUID) -> bytes | None:
        raise NotImplementedError

    async def read(self, stream: str, after: int = 0) -> Sequence[Row]:
        raise NotImplementedError

    async def read_all(self, after: int, limit: int) -> Sequence[Row]:
        raise NotImplementedError

    async def head(self) -> int:
        raise NotImplementedError

    def subscribe(self, name: str, after: int | None = None, batch: int = 500) -> AsyncIterator[Sequence[Row]]:
        raise NotImplementedError
