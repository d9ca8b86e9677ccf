"""What a station does about a call that rings for it or that it is in. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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


Reads = Callable[[Any], Call]


def call_of(row: Any) -> Call:
    """Of `my_calls`. Raises msgspec.ValidationError."""
    return msgspec.convert(row, Call)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the view `my_meetings`."""

    id: UUID
    title: str
    state: str
    by_name: str = ""
    auto_answer: bool = False
    locked: bool = False


def round_of(row: Any) -> Call:
    """A video round is taken like a call. Raises msgspec.ValidationError."""
    one = msgspec.convert(row, Round)
    state = {"invited": RINGING, "in": "joined"}.get(one.state, one.state)
    return Call(id=one.id, state=state, call_state="open", room=f"meeting:{one.id}", kind="round", title=one.title, owner_name=one.by_name,
                auto_answer=one.auto_answer and not one.locked, may_talk=True)


def listed(rows: Iterable[Any], read: Reads = call_of) -> dict[UUID, Call]:
    """Raises msgspec.ValidationError."""
    return {call.id: call for call in map(read, rows)}


def changed(calls: Mapping[UUID, Call], changes: Iterable[tuple[UUID, Any]], read: Reads = call_of) -> dict[UUID, Call]:
    """Raises msgspec.ValidationError."""
    rows = dict(changes)
    kept = {id_: call for id_, call in calls.items() if id_ not in rows}
    return kept | listed((row for row in rows.values() if row is not None), read)
