"""Pure parts of the group commit: which commands go together, and how they look to es.append."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hub.kernel.errors import Malformed, TooLarge
from hub.record.entries import (
    BYTES_PER_EVENT,
    EVENTS_PER_COMMAND,
    Append,
    Appended,
    Claimed,
    DifferentBody,
    Row,
    VersionConflict,
)

COMMANDS_PER_BATCH = 256
EVENTS_PER_BATCH = 20_000
LOOK_AHEAD = 1024
RECORDED, REPEATED = 0, 1


class Pending:
    """A queued command and the caller who waits for it. `sent`: its commit was asked for;
    `doubtful`: and the answer was lost."""

    __slots__ = ("append", "deadline", "doubtful", "events", "future", "projected", "sent")

    def __init__(self, append: Append[Any], future: asyncio.Future[Appended[Any]], deadline: float) -> None:
        self.append = append
        self.future = future
        self.deadline = deadline
        self.events = check(append)
        self.projected: Any = None
        self.sent = self.doubtful = False


def check(append: Append[Any]) -> int:
    """Limits that hold before anything is queued; returns the number of events."""
    events = 0
    for entry in append.entries:
        events += len(entry.events)
        for event in entry.events:
            if len(event.data) > BYTES_PER_EVENT:
                raise TooLarge(
                    "单条事件超过 1 MB，请把大段内容作为附件上传。",
                    "An event is larger than 1 MB; put large content into a file.",
                )
    if len(append.entries) > 1 and len({entry.stream for entry in append.entries}) < len(append.entries):
        raise Malformed("同一条命令不能两次写入同一个流。", "A command may name a stream once only.", code="stream-twice")
    if events > EVENTS_PER_COMMAND:
        raise TooLarge(
            f"一次操作最多记录 {EVENTS_PER_COMMAND} 条事件，请分批进行。",
            f"One command records at most {EVENTS_PER_COMMAND} events; split it.",
        )
    return events


def names(append: Append[Any]) -> list[object]:
    """What two commands of one batch must not share."""
    wanted: list[object] = [append.cmd]
    wanted += [entry.stream for entry in append.entries]
    wanted += [("claim", key) for key in append.claims]
    return wanted


def take(queue: deque[Pending]) -> list[Pending]:
    """The next batch; commands that share a stream, a claim or an id keep their order."""
    batch: list[Pending] = []
    behind: list[Pending] = []
    seen: set[object] = set()
    events = 0
    while queue and len(batch) < COMMANDS_PER_BATCH and len(behind) < LOOK_AHEAD:
        if batch and events + queue[0].events > EVENTS_PER_BATCH:
            break
        pending = queue.popleft()
        wanted = names(pending.append)
        clash = not seen.isdisjoint(wanted)
        seen.update(wanted)
        (behind if clash else batch).append(pending)
        events += 0 if clash else pending.events
    queue.extendleft(reversed(behind))
    return batch


def columns(batch: Sequence[Pending]) -> tuple[list[Any], ...]:
    """The arguments of es.append, in its order."""
    appends = [pending.append for pending in batch]
    entries = [(c, entry) for c, append in enumerate(appends, 1) for entry in append.entries]
    events = [
        (s, i, event) for s, (_, entry) in enumerate(entries, 1) for i, event in enumerate(entry.events, 1)
    ]
    claims = [(c, key) for c, append in enumerate(appends, 1) for key in dict.fromkeys(append.claims)]
    return (
        [a.cmd for a in appends], [a.body for a in appends], [a.at for a in appends],
        [a.actor for a in appends], [a.meta for a in appends], [a.result for a in appends],
        [pending.events for pending in batch],
        [c for c, _ in entries], [e.stream for _, e in entries], [e.expected for _, e in entries],
        [s for s, _, _ in events], [i for _, i, _ in events], [e.type for _, _, e in events],
        [e.schema for _, _, e in events], [e.id for _, _, e in events], [e.data for _, _, e in events],
        [c for c, _ in claims], [key for _, key in claims],
    )


class Verdict(NamedTuple):
    """What es.append said of one command. `pos`: its last position; `currents`: its streams'
    versions before; `why` and `actual` tell what stood in the way."""

    status: int
    pos: int
    currents: Sequence[int]
    why: str = ""
    actual: int = 0
    result: bytes = b""


def verdicts(batch: Sequence[Pending], said: Mapping[str, Any]) -> list[Verdict]:
    pos, seen, currents = said["head"], 0, said["currents"] or ()
    found: list[Verdict] = []
    for n, (pending, status) in enumerate(zip(batch, said["status"], strict=True)):
        mine = currents[seen : seen + len(pending.append.entries)]
        seen += len(mine)
        if status == RECORDED:
            pos += pending.events
            found.append(Verdict(RECORDED, pos, mine))
        elif status == REPEATED:
            found.append(Verdict(REPEATED, said["earlier_pos"][n], mine, result=said["earlier_result"][n]))
        else:
            found.append(Verdict(status, pos, mine, said["why"][n], said["actual"][n] or 0))
    return found


def rows_of(pending: Pending, verdict: Verdict) -> list[Row]:
    """The recorded command's events as they now stand in the journal."""
    append, pos = pending.append, verdict.pos - pending.events
    rows: list[Row] = []
    for entry, version in zip(append.entries, verdict.currents, strict=True):
        for n, event in enumerate(entry.events, 1):
            pos += 1
            rows.append(Row(
                pos, entry.stream, version + n, event.type, event.schema, append.at, event.id,
                append.cmd, append.actor, append.meta, event.data,
            ))
    return rows


def outcome(pending: Pending, verdict: Verdict) -> Appended[Any] | Exception:
    append = pending.append
    match verdict.status:
        case 0:
            return Appended(verdict.pos, False, append.result, pending.projected)
        case 1:  # after a lost answer our own commit looks like a repeat
            return Appended(verdict.pos, not pending.doubtful, verdict.result, pending.projected)
        case 2:
            return VersionConflict(verdict.why, verdict.actual)
        case 3:
            return Claimed(verdict.why)
        case _:
            return DifferentBody(append.cmd)
