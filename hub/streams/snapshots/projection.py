"""One row for each snapshot's way to the hub, from the events alone; and what is to be done after a step."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hub.cases import load_case
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import Case, path_of
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from hub.streams.snapshots.model import SNAPSHOTS

Q = load_sql(__package__)
COUNT, RAISE = "snapshots.count", "snapshots.raise"
SENDINGS = "snapshot_sendings"
TABLES = ("snapshots.sending",)
ENDS = {"SnapshotLost": "lost", "SnapshotDropped": "dropped"}
MOVES = frozenset(("SnapshotAnnounced", "SnapshotReceived", *ENDS))
"""What is told of its way."""
ERRANDS = {"SnapshotAnswered": COUNT, "SnapshotPassedOn": COUNT, "SnapshotRaised": RAISE}
"""What the desk has taken up counts as a duty; what it declined does not."""


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        kind = type(fact.event).__name__
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{SNAPSHOTS.noun}-")))
        if case is None:
            continue
        if kind == "SnapshotAnnounced":
            await _announced(conn, case, fact)
        elif kind == "SnapshotReceived":
            await _received(conn, case, fact)
        elif kind in ENDS:
            await conn.execute(Q["ended"], case.id, ENDS[kind])
        elif kind in ERRANDS:
            await Jobs.put(conn, ERRANDS[kind], str(case.id), fact.at, str(case.id))
        touched += [(SENDINGS, str(case.id))] if kind in MOVES else []
    return touched


async def _announced(conn: Connection, case: Case, fact: Recorded) -> None:
    known = case.facts
    [person] = case.parties["lead"]
    await conn.execute(Q["announced"], case.id, person, list(path_of(known.scope)), known.kind, day_of(fact.at).year, fact.at, known.attempts,
                       known.pieces, known.bytes)


async def _received(conn: Connection, case: Case, fact: Recorded) -> None:
    known = case.facts
    await conn.execute(Q["received"], case.id, list(path_of(known.scope)), known.kind, fact.at, known.attempts, known.waited, known.seconds, known.online,
                       known.clock_off, known.pieces, known.bytes)
