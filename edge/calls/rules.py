"""What a station does about a call that rings for it or that it is in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

RINGING = "ringing"
ON_LINE = frozenset({"joined", "held"})
"""On hold the connection stays: the plane moves it, nothing is negotiated anew."""
ENDED = "ended"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the view `my_calls`. States are plain words, so that a newer hub may know more of them."""

    id: UUID
    state: str
    call_state: str
    room: str
    kind: str = ""
    title: str = ""
    owner_name: str = ""
    auto_answer: bool = False
    may_talk: bool = False


@dataclass(frozen=True)
class CallPolicy:
    """`always`: answers whatever rings, not only where the hub says so. `talk_seconds`: hangs up by itself after that."""

    always: bool = False
    talk_seconds: float | None = None


def must_answer(call: Call, policy: CallPolicy) -> bool:
    return call.state == RINGING and call.call_state != ENDED and (call.auto_answer or policy.always)


def on_line(call: Call) -> bool:
    return call.state in ON_LINE and call.call_state != ENDED


def attended(calls: Mapping[UUID, Call], policy: CallPolicy) -> set[UUID]:
    return {call.id for call in calls.values() if on_line(call) or must_answer(call, policy)}


def listed(rows: Iterable[Any]) -> dict[UUID, Call]:
    """Raises msgspec.ValidationError."""
    return {call.id: call for call in (msgspec.convert(row, Call) for row in rows)}


def changed(calls: Mapping[UUID, Call], changes: Iterable[tuple[UUID, Any]]) -> dict[UUID, Call]:
    """Raises msgspec.ValidationError."""
    rows = dict(changes)
    kept = {id_: call for id_, call in calls.items() if id_ not in rows}
    return kept | listed(row for row in rows.values() if row is not None)
