"""What is appended to the journal, and what comes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from hub.kernel.errors import Broken, Conflict
from hub.record.database import Connection

T = TypeVar("T")

ANY, NEW, EXISTING = -1, 0, -2

EVENTS_PER_COMMAND = 20_000
BYTES_PER_EVENT = 1_000_000


class NewEvent(msgspec.Struct, frozen=True):
    """`data` is the encoded payload; `schema` counts its shapes (upcasters)."""

    type: str
    schema: int
    id: UUID
    data: bytes


class Entry(msgspec.Struct, frozen=True):
    """Events for one stream. `expected`: n exact, 0 new stream, -1 any, -2 must exist."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]


class Row(msgspec.Struct, frozen=True):
    """An event as it stands in the journal. `pos` is dense over all streams, `version` within one."""

    pos: int
    stream: str
    version: int
    type: str
    schema: int
    at: datetime
    id: UUID
    cmd: UUID
    actor: str
    meta: bytes
    data: bytes


class Append(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One command's outcome: all of it is recorded, or nothing.

    `body` is a hash of the command's content: the same `cmd` with another body is refused.
    `claims` are keys that only one command may ever take. `result` is given back when the same
    `cmd` comes again. `project` runs in the recording transaction, after the events stand.
    """

    cmd: UUID
    body: bytes
    actor: str
    at: datetime
    entries: tuple[Entry, ...] = ()
    claims: tuple[str, ...] = ()
    meta: bytes = b""
    result: bytes = b""
    project: Callable[[Connection, Sequence[Row]], Awaitable[T]] | None = None


class Appended(msgspec.Struct, Generic[T], frozen=True):
    """`pos` is the command's last position (the head when it wrote no event). `projected` is None
    when `repeated`."""

    pos: int
    repeated: bool
    result: bytes
    projected: T | None = None


class VersionConflict(Conflict):
    default_code = "version-conflict"

    def __init__(self, stream: str, actual: int) -> None:
        super().__init__(
            "刚才有人先改了同一条记录，请看过最新内容后再提交一次。",
            f"Somebody changed {stream} first (it is at version {actual}); look at it again and resubmit.",
        )
        self.stream = stream
        self.actual = actual


class Claimed(Conflict):
    default_code = "claimed"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"“{key}”已被占用，请换一个，或确认是否已经提交过。",
            f"'{key}' is already taken; choose another, or check whether it was submitted before.",
        )
        self.key = key


class DifferentBody(Conflict):
    default_code = "id-used-before"

    def __init__(self, cmd: UUID) -> None:
        super().__init__(
            "这个编号先前已用于另一份内容，请用新的编号重新提交。",
            f"Command id {cmd} was used before with other content; submit again under a new id.",
        )
        self.cmd = cmd


class LogCorrupt(Broken):
    default_code = "log-corrupt"

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(
            f"事件日志在第 {wanted} 条处断开（下一条是第 {found} 条），请停止使用并从备份核对。",
            f"The journal has a hole at position {wanted} (next is {found}); stop and compare with a backup.",
        )
        self.wanted = wanted
        self.found = found
