"""Pure parts of the group commit: which commands go together, and how they look to es.append."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.kernel.errors import Broken, Malformed, TooLarge
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
RECORDED, REPEATED, CONFLICT, CLAIMED, DIFFERENT = range(5)


class Pending:
    """A queued command and the caller who waits for it. `doubtful` once its commit was asked for."""

    __slots__ = ("append", "deadline", "doubtful", "events", "future", "projected")

    def __init__(self, append: Append[Any], future: asyncio.Future[Appended[Any]], deadline: float) -> None:
        self.append = append
        self.future = future
        self.deadline = deadline
        self.events = sum(len(entry.events) for entry in append.entries)
        self.projected: Any = None
        self.doubtful = False


def check(append: Append[Any]) -> None:
    """Limits that hold before anything is queued."""
    streams = [entry.stream for entry in append.entries]
    if len(set(streams)) != len(streams):
        raise Malformed("同一条命令不能两次写入同一个流。", "A command may name a stream once only.", code="stream-twice")
    if sum(len(entry.events) for entry in append.entries) > EVENTS_PER_COMMAND:
        raise TooLarge(
            f"一次操作最多记录 {EVENTS_PER_COMMAND} 条事件，请分批进行。",
            f"One command records at most {EVENTS_PER_COMMAND} events; split it.",
        )
    if any(len(event.data) > BYTES_PER_EVENT for entry in append.entries for event in entry.events):
        raise TooLarge(
            "单条事件超过 1 MB，请把大段内容作为附件上传。",
            "An event is larger than 1 MB; put large content into a file.",
        )


def names(append: Append[Any]) -> Iterable[object]:
    """What two commands of one batch must not share."""
    yield append.cmd
    for entry in append.entries:
        yield "s", entry.stream
    for key in append.claims:
        yield "k", key


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
        wanted = tuple(names(pending.append))
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
        [c for c, _ in entries], [e.stream for _, e in entries], [e.expected for _, e in entries],
        [len(e.events) for _, e in entries],
        [s for s, _, _ in events], [i for _, i, _ in events], [e.type for _, _, e in events],
        [e.schema for _, _, e in events], [e.id for _, _, e in events], [e.data for _, _, e in events],
        [c for c, _ in claims], [key for _, key in claims],
    )


def rows_of(pending: Pending, verdict: Mapping[str, Any]) -> list[Row]:
    """The recorded command's events as they now stand in the journal."""
    append, pos = pending.append, verdict["pos"] - pending.events
    rows: list[Row] = []
    for entry, version in zip(append.entries, verdict["currents"] or (), strict=True):
        for n, event in enumerate(entry.events, 1):
            pos += 1
            rows.append(Row(
                pos, entry.stream, version + n, event.type, event.schema, append.at, event.id,
                append.cmd, append.actor, append.meta, event.data,
            ))
    return rows


def outcome(pending: Pending, verdict: Mapping[str, Any]) -> Appended[Any] | Exception:
    append, status = pending.append, verdict["status"]
    if status == RECORDED:
        return Appended(verdict["pos"], False, append.result, pending.projected)
    if status == REPEATED:  # after a lost answer our own commit looks like a repeat
        return Appended(verdict["pos"], not pending.doubtful, verdict["result"], pending.projected)
    if status == CONFLICT:
        return VersionConflict(verdict["why"], verdict["actual"])
    if status == CLAIMED:
        return Claimed(verdict["why"])
    if status == DIFFERENT:
        return DifferentBody(append.cmd)
    return Broken("事件日志给出了无法识别的答复。", f"es.append answered with status {status}.")
