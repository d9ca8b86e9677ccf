"""Rows of cases whose whole life is told at once: each is written as it stands in the end, and they are the very rows that come
out when the journal is played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from hub.cases.clocks import put_clocks
from hub.cases.deciding import LIVES_TOLD
from hub.cases.found import document_of, is_document
from hub.cases.notices import notice_rows, notices_of
from hub.cases.projection import (
    CASES,
    VERSIONS,
    WAITING,
    Kept,
    numbered,
    own_project,
    project_shared,
    row_of,
    seats_of,
)
from hub.cases.shapes import Shapes, files_of, whose
from hub.kernel.lifecycle import Case, CaseEvent, Form
from hub.kernel.messages import Recorded
from hub.record import Connection, load_sql
from hub.search import index_new
from hub.spoke import Project, Touched

Q = load_sql(__package__)


@dataclass(kw_only=True)
class _Rows:
    """`files`, `notices`: rows of every event; the others as the lives ended."""

    lives: list[tuple[Shapes, Case]] = field(default_factory=list)
    cases: list[tuple[Any, ...]] = field(default_factory=list)
    files: list[tuple[Any, ...]] = field(default_factory=list)
    notices: list[tuple[Any, ...]] = field(default_factory=list)


async def project_past(conn: Connection, recorded: Sequence[Recorded]) -> list[Touched]:
    """Nobody is woken and nothing is sent for what is past; clocks that still run strike from now on."""
    rows = _Rows()
    for stream, several in groupby(recorded, key=lambda fact: fact.stream):
        found = whose(stream)
        if found:
            await _fold(conn, *found, list(several), rows)
    await conn.executemany(Q["save_case"], rows.cases)
    await index_new(conn, [document_of(shapes, case) for shapes, case in rows.lives if is_document(shapes, case)])
    await conn.executemany(Q["save_clock"], [
        (case.id, clock, running.started, running.due, running.extended, list(running.struck))
        for _, case in rows.lives for clock, running in sorted(case.clocks.items())])
    await conn.executemany(Q["add_file"], rows.files)
    await conn.executemany(Q["add_notice"], rows.notices)
    touched = [(view, str(case.id)) for _, case in rows.lives for view in (CASES, VERSIONS, WAITING)]
    known = LIVES_TOLD.set({case.id: (case, shapes) for shapes, case in rows.lives})
    try:
        for project, facts in _by_project(recorded):
            touched += await project(conn, facts)
    finally:
        LIVES_TOLD.reset(known)
    for shapes, case in rows.lives:
        if case.clocks:
            await put_clocks(conn, shapes, case, list(case.clocks))
    return touched


async def _fold(conn: Connection, shapes: Shapes, case_id: UUID, facts: Sequence[Recorded], rows: _Rows) -> None:
    kept, case = Kept(case=None), None
    for fact in facts:
        before = kept.case
        case = shapes.after(before, case_id, fact)
        if case is None:
            continue
        number, year = await numbered(conn, shapes, kept, fact)
        refs, turn = seats_of(shapes, case)
        kept = Kept(case=_as_kept(case), number=number, year=year, was=tuple(dict.fromkeys((*kept.was, *refs, *turn))))
        if isinstance(fact.event, CaseEvent):
            form: Form = fact.event.form  # type: ignore[attr-defined] # every step's own event has one
            rows.files += [(case_id, file, fact.version, fact.at, fact.actor) for file in files_of(form)]
        rows.notices += notice_rows(notices_of(shapes, before, case, fact), fact)
    if case is not None:
        rows.lives.append((shapes, case))
        rows.cases.append(row_of(shapes, case, kept, facts[-1].at))


def _as_kept(case: Case) -> Case:
    """In the order in which a row gives it back."""
    return msgspec.structs.replace(case, **{name: dict(sorted(getattr(case, name).items())) for name in ("parties", "clocks", "owed")})


async def _of_no_stream(conn: Connection, facts: Sequence[Recorded]) -> list[Touched]:
    return await project_shared(conn, facts, live=False)


def _by_project(recorded: Sequence[Recorded]) -> Iterator[tuple[Project, list[Recorded]]]:
    """Runs of events whose stream writes rows of its own, and of those that are not of one stream."""
    def project_of(fact: Recorded) -> Project | None:
        found = whose(fact.stream)
        return found[0].project if found else own_project(fact) or _of_no_stream

    for project, facts in groupby(recorded, key=project_of):
        if project:
            yield project, list(facts)
