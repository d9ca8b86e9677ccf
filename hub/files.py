"""When the files of conversations are looked through: those that stand in no message any more go."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.record import Connection, Jobs

SWEEP = "files.sweep"
SWEPT_AFTER = timedelta(days=2)


async def sweep_later(conn: Connection, at: datetime) -> None:
    """One job for each day on which a file may have lost its message, or may never get one."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    await Jobs.put(conn, SWEEP, f"{day:%Y-%m-%d}", day + SWEPT_AFTER, "")
