"""The audit log. (Signatures first; the body follows.)"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from hub.record.database import Connection, Database


class AuditLine(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    actor: str
    act: str
    object: str
    outcome: str
    address: str
    detail: Any


class Audit:
    def __init__(self, database: Database) -> None:
        raise NotImplementedError

    async def note(
        self, connection: Connection | None, *, at: datetime, actor: str, act: str, object: str = "",
        outcome: str = "ok", address: str = "", detail: Any = None,
    ) -> None:
        raise NotImplementedError

    @staticmethod
    async def page(
        connection: Connection, *, actor: str = "", act: str = "", outcome: str = "", text: str = "",
        since: datetime | None = None, until: datetime | None = None, before: int | None = None, limit: int = 100,
    ) -> Sequence[AuditLine]:
        """Newest first; `before` is the id of the last line seen."""
        raise NotImplementedError
