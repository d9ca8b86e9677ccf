"""Counters change by deltas, in the transaction of the change they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from dispatch.words import Channel, Outcome, State
from hub.record import Connection
from hub.spoke import Touched

WHOLE = "all/"
"""A key of the recipients' view: so much changed that it is to be fetched again."""

MOST_PEOPLE = 200
"""Told one by one; more of one broadcast at once are told as a whole."""

Cell = tuple[UUID, str, str, str]
"""(broadcast, kind, key, state) as in dispatch.count."""


def whole(broadcast: UUID) -> str:
    return f"{WHOLE}{broadcast}"


class Deltas:
    def __init__(self) -> None:
        self._cells: Counter[Cell] = Counter()
        self.touched: dict[Touched, None] = {}

    def attempt(self, broadcast: UUID, channel: Channel, before: State | None, after: State, n: int = 1) -> None:
        self._move(broadcast, "road", channel, before, after, n)

    def person(
        self, broadcast: UUID, *, is_station: bool, district: str, station: str, before: Outcome | None, after: Outcome,
        n: int = 1,
    ) -> None:
        whose = "station" if is_station else "person"
        for name, key in (("outcome", ""), ("district", district), ("station", station), ("kind", whose)):
            self._move(broadcast, name, key, before, after, n)

    def people(self, changed: Sequence[tuple[UUID, UUID]]) -> None:
        """(broadcast, delivery) of every row that looks different now."""
        many = {broadcast for broadcast, n in Counter(broadcast for broadcast, _ in changed).items() if n > MOST_PEOPLE}
        for broadcast, delivery in changed:
            self.touched["recipients", whole(broadcast) if broadcast in many else str(delivery)] = None

    def inboxes(self, deliveries: Iterable[UUID]) -> None:
        self.touched |= {("inbox", str(delivery)): None for delivery in deliveries}

    def reply(self, broadcast: UUID, before: str, after: str) -> None:
        if before != after:
            for reply, n in ((before, -1), (after, 1)):
                if reply:
                    self._cells[broadcast, "reply", reply, ""] += n
                    self._touch(broadcast, "reply", reply)

    def _move(self, broadcast: UUID, kind: str, key: str, before: str | None, after: str, n: int) -> None:
        if before == after:
            return
        if before is not None:
            self._cells[broadcast, kind, key, before] -= n
        self._cells[broadcast, kind, key, after] += n
        self._touch(broadcast, kind, key)

    def _touch(self, broadcast: UUID, kind: str, key: str) -> None:
        self.touched["broadcasts", str(broadcast)] = None
        self.touched["board", f"{broadcast}/{kind}/{key}"] = None
        if kind == "station" and key.startswith("station:"):
            self.touched["stations", key] = None
        if kind == "road":
            self.touched["roads", key] = None

    async def save(self, conn: Connection, sql: str) -> None:
        """Last in the transaction, in the order of the key: so that no two wait for each other."""
        changed = sorted((cell, n) for cell, n in self._cells.items() if n)
        if changed:
            await conn.execute(sql, *(list(column) for column in zip(*(cell for cell, _ in changed), strict=True)),
                               [n for _, n in changed])
