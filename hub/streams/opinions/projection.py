"""One row for each opinion, from the events alone, for the figures; and what is to be done after a step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from hub.cases import load_case
from hub.kernel.calendar import day_of
from hub.kernel.lifecycle import Case, CaseEvent, path_of
from hub.kernel.messages import Recorded
from hub.record import Connection, Jobs, load_sql
from hub.spoke import Touched
from hub.streams.opinions.guards import UNIT
from hub.streams.opinions.model import OPINIONS

Q = load_sql(__package__)
COUNT, RAISE, RELATE = "opinions.count", "opinions.raise", "opinions.relate"
ROWS = "opinion_rows"
TABLES = ("opinions.item",)
TAKES_UP = frozenset(("OpinionAnsweredNow", "OpinionAssigned", "OpinionMerged", "OpinionRefused", "OpinionMoved"))
ERRANDS = {"OpinionAnsweredNow": COUNT, "OpinionAssigned": COUNT, "OpinionRaised": RAISE, "OpinionMerged": RELATE}
"""What the desk has taken up counts as a duty of the deputy who heard it; what is refused does not."""


async def project(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    touched: list[Touched] = []
    for fact in recorded:
        kind = type(fact.event).__name__
        case = await load_case(conn, UUID(fact.stream.removeprefix(f"{OPINIONS.noun}-")))
        if case is None:
            continue
        if isinstance(fact.event, CaseEvent):
            await _save(conn, case, fact.event, fact.at)
        if kind in ERRANDS:
            await Jobs.put(conn, ERRANDS[kind], str(case.id), fact.at, str(case.id))
        touched.append((ROWS, str(case.id)))
    return touched


async def _save(conn: Connection, case: Case, event: CaseEvent, at: datetime) -> None:
    """A told year knows the case as it ended: what belongs to one moment is the event's."""
    known, path = case.facts, path_of(case.facts.scope)
    unit = next(iter(event.parties.get(UNIT, ())), "")
    await conn.execute(
        Q["save"], case.id, list(path), _of(path, "district:"), _of(path, "station:"), unit, known.kind, known.grade, known.came, known.place,
        day_of(case.opened).year, event.to, case.opened, at if type(event).__name__ in TAKES_UP else None, at if event.to == "told" else None,
        known.rating, known.reopened, at if OPINIONS.state(event.to).terminal else None)


def _of(path: Sequence[str], kind: str) -> str:
    return next((one for one in path if one.startswith(kind)), "")
