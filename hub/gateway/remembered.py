"""The last snapshots given in this process, for the time when the database is away. Nobody gets another's."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from dispatch.conversations.seats import seats_of
from hub.kernel.actor import Actor
from hub.spoke import View
from hub.wire.codec import encode
from hub.wire.words import REFETCH

BUDGET = 64 * 2**20
"""Bytes: the open pages of some thousand people in one process, and no more than what it keeps for resumption."""
LARGEST = BUDGET // 16
OVERHEAD = 800
"""Bytes of an entry beside its rows."""
KEPT_FOR = timedelta(hours=12)
"""A shift: what is older helps nobody, and an hour and minute say when it was."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """`offset`: where the hub's tellings stood before the rows were read."""

    rows: bytes
    total: int | None
    position: int
    as_of: datetime
    offset: str
    actor: Actor

    @property
    def weight(self) -> int:
        return len(self.rows) + OVERHEAD


class Remembered:
    """At most `budget` bytes; the longest unused goes first."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.changes = 0
        """Ask before reading and hand it to `keep`: what was read before somebody had to leave is not kept."""
        self.held = 0
        self._budget = budget
        self._known: dict[bytes, Snapshot] = {}
        self._of: defaultdict[str, set[bytes]] = defaultdict(set)

    def keep(self, place: bytes, snapshot: Snapshot, changes: int) -> None:
        if changes != self.changes or snapshot.weight > min(LARGEST, self._budget):
            return
        self._drop(place)
        self._known[place] = snapshot
        self.held += snapshot.weight
        for ref in _refs(snapshot.actor):
            self._of[ref].add(place)
        while self.held > self._budget:
            self._drop(next(iter(self._known)))

    def recall(self, place: bytes, at: datetime) -> Snapshot | None:
        snapshot = self._known.pop(place, None)
        if snapshot is None:
            return None
        self._known[place] = snapshot
        return snapshot if at < snapshot.as_of + KEPT_FOR else None

    def forget(self, refs: Iterable[str]) -> None:
        """Everything that was shown to who speaks for one of these: something was closed to him."""
        self.changes += 1
        for place in [place for ref in refs for place in self._of.get(ref, ())]:
            self._drop(place)

    def _drop(self, place: bytes) -> None:
        snapshot = self._known.pop(place, None)
        if snapshot is None:
            return
        self.held -= snapshot.weight
        for ref in _refs(snapshot.actor):
            self._of[ref].discard(place)
            if not self._of[ref]:
                del self._of[ref]


class News(NamedTuple):
    changes: list[Any]
    position: int


def merged(told: Iterable[bytes]) -> News | None:
    """The last of each key, in order; None where rows were told to be read again."""
    changes: dict[str, Any] = {}
    position = 0
    for payload in told:
        news = msgspec.json.decode(payload)
        position = max(position, news["position"])
        for key, row in news["changes"]:
            changes.pop(key, None)
            changes[key] = row
    return None if REFETCH in changes else News([list(one) for one in changes.items()], position)


def place_of(view: View, params: Any, actor: Actor) -> bytes:
    """Whatever an answer may depend on: the view, its parameters, who asks and what he may."""
    return hashlib.sha256(encode([view.name, params, actor.id, sorted(actor.roles), sorted(actor.scopes)])).digest()


def _refs(actor: Actor) -> frozenset[str]:
    return frozenset((actor.id, *seats_of(actor)))
