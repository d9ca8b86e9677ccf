"""What a stream's errands ask of the desk for others: a refusal is an outcome, and the job is done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import structlog

from hub.cases.shapes import shapes_of
from hub.desk import Desk
from hub.kernel.actor import Actor
from hub.kernel.errors import Refused
from hub.record import Connection, VersionConflict

log = structlog.get_logger()

OWN_FILES = "select c.file from cases.file c join files.file f on f.id = c.file where c.case_id = $1 and f.by_id = $2 order by c.file"


async def take(desk: Desk, stream: str, name: str, actor: Actor, plain: Any) -> None:
    """A step of another stream's case."""
    await say(desk, msgspec.convert(plain, shapes_of(stream).commands[name]), actor)


async def say(desk: Desk, command: Any, actor: Actor) -> None:
    try:
        await desk.ask(command, actor)
    except VersionConflict:
        raise  # others were faster again and again: the job is tried later
    except Refused as refusal:
        log.info("errand_refused", command=type(command).__name__, why=refusal.en)


async def files_of(conn: Connection, case: UUID, actor: Actor) -> list[str]:
    """Those that the actor sent with it."""
    return [str(row["file"]) for row in await conn.fetch(OWN_FILES, case, actor.id)]
