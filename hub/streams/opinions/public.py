"""What a citizen sees without signing in: whose code he scanned, and what became of what he said. Nobody's phone, nobody else's opinion."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from hub.cases.names import Names, names_of
from hub.cases.shapes import shapes_of
from hub.kernel.errors import NotFound
from hub.kernel.lifecycle import Case
from hub.record import Connection, load_sql
from hub.streams.opinions.forms import KINDS
from hub.streams.opinions.guards import UNIT
from hub.streams.opinions.messages import OwnOpinion, PublicKind, PublicPlace
from hub.streams.opinions.model import OPINIONS

Q = load_sql(__package__)
MOST_OWN = 50
TOLD = frozenset(("told", "closed", "refused"))
"""Where the citizen has been told an answer. One that is handled again shows none until there is a new one."""


async def place(conn: Connection, ref: str) -> PublicPlace:
    """Raises NotFound."""
    if ref.startswith("station:") and (row := await conn.fetchrow(Q["public_place"], ref)):
        return PublicPlace(ref=row["id"], name=row["name"], kind="station", station=row["name"], address=row["address"], hours=row["hours"])
    with suppress(ValueError):
        if row := await conn.fetchrow(Q["public_deputy"], UUID(ref.removeprefix("person:"))):
            return PublicPlace(ref=row["id"], name=row["name"], kind="deputy", station=row["station"], address=row["address"], hours=row["hours"])
    raise NotFound("没有这个联络站或代表，可能已经调整，请向联络站询问新的二维码。", "There is no such station or deputy; ask the station for its new code.")


def kinds() -> list[PublicKind]:
    return [PublicKind(code=code, zh=zh, en=en) for code, (zh, en) in KINDS.items()]


async def own(conn: Connection, ids: Iterable[UUID]) -> list[OwnOpinion]:
    """By the ids that only the sender's browser knows; newest first."""
    wanted = list(ids)[:MOST_OWN]
    numbers, cases = await _loaded(conn, wanted)
    others = await _merged_into(conn, cases)
    told = {row["id"]: row["answered"] for row in await conn.fetch(Q["told_on"], [*cases, *others])}
    names = await names_of(conn, {unit for case in (*cases.values(), *others.values()) for unit in case.parties.get(UNIT, ())})
    rows = [_shown(case, numbers[id], _answering(case, others), told, names) for id, case in cases.items()]
    return sorted(rows, key=lambda row: (row.at, row.id), reverse=True)


async def _merged_into(conn: Connection, cases: dict[UUID, Case]) -> dict[UUID, Case]:
    """What they were merged into, and that again."""
    found: dict[UUID, Case] = {}
    wanted = {case.facts.into for case in cases.values() if case.facts.into}
    while wanted:
        _, more = await _loaded(conn, list(wanted))
        found |= more
        wanted = {case.facts.into for case in more.values() if case.facts.into} - found.keys()
    return found


def _answering(case: Case, others: dict[UUID, Case]) -> Case:
    """Itself, or the one it was merged into at last. None is merged into one that was merged already, so there is no circle."""
    while case.facts.into in others:
        case = others[case.facts.into]
    return case


async def _loaded(conn: Connection, ids: list[UUID]) -> tuple[dict[UUID, str], dict[UUID, Case]]:
    rows = await conn.fetch(Q["own"], ids) if ids else []
    shapes = shapes_of(OPINIONS.name)
    return {row["id"]: row["number"] for row in rows}, {row["id"]: shapes.loaded(row["body"], row["version"]) for row in rows}


def _shown(case: Case, number: str, answers: Case, told: dict[UUID, Any], names: Names) -> OwnOpinion:
    """`answers`: the opinion that answers it: itself, or the one it was merged into."""
    state, answered = OPINIONS.state(case.state), answers.state in TOLD
    return OwnOpinion(
        id=case.id, number=number, state=state.name, state_zh=state.zh, state_en=state.en, at=case.opened, text=case.facts.text,
        answer=answers.facts.answer if answered else "", answered_at=(told.get(answers.id) or answers.since) if answered else None,
        unit=next((names.get(unit, "") for unit in answers.parties.get(UNIT, ())), ""), may_rate=case.state == "told")
